from django.urls import path

from events.views import (
    helping,
    home,
    invitations,
    organizations,
    people,
    profile,
    public,
    settings,
    speakers,
)

app_name = "events"

MANAGE = "events/<slug:slug>/manage"
SPEAKER = f"{MANAGE}/speakers/<uuid:speaker_id>"
PERSON = f"{MANAGE}/people/<int:user_id>"

urlpatterns = [
    path("", home.home, name="home"),
    path("profile/", profile.profile, name="profile"),
    path("profile/delete/", profile.delete_account, name="delete_account"),
    path("invitations/<str:token>/", invitations.invitation, name="invitation"),
    # Before those with a slug: no organization has this one.
    path("organizations/new/", organizations.create, name="create_organization"),
    path("organizations/<slug:slug>/settings/", organizations.rename, name="rename_organization"),
    path("organizations/<slug:slug>/members/", organizations.members, name="members"),
    path(
        "organizations/<slug:slug>/members/<int:user_id>/role/", organizations.change_role, name="change_role"
    ),
    path(
        "organizations/<slug:slug>/members/<int:user_id>/remove/",
        organizations.remove_member,
        name="remove_member",
    ),
    path(
        "organizations/<slug:slug>/invitations/<uuid:invitation_id>/resend/",
        invitations.resend,
        name="resend_invitation",
    ),
    path(
        "organizations/<slug:slug>/invitations/<uuid:invitation_id>/withdraw/",
        invitations.withdraw,
        name="withdraw_invitation",
    ),
    path("help/", helping.opened, name="help_opened"),
    path("organizations/<slug:slug>/", organizations.organization, name="organization"),
    path("organizations/<slug:slug>/events/new/", settings.create_event, name="create_event"),
    path("events/<slug:slug>/", public.event, name="event"),
    path("events/<slug:slug>/calendar.ics", public.calendar, name="calendar"),
    path("events/<slug:slug>/register/", public.register, name="register"),
    path("events/<slug:slug>/unregister/", public.unregister, name="unregister"),
    path(f"{MANAGE}/settings/", settings.settings, name="settings"),
    path(f"{MANAGE}/publish/", settings.publish, name="publish"),
    path(f"{MANAGE}/unpublish/", settings.unpublish, name="unpublish"),
    path(f"{MANAGE}/archive/", settings.archive, name="archive"),
    path(f"{MANAGE}/restore/", settings.restore, name="restore"),
    path(f"{MANAGE}/duplicate/", settings.duplicate, name="duplicate"),
    path(f"{MANAGE}/speakers/", speakers.speakers, name="speakers"),
    path(f"{MANAGE}/speakers/new/", speakers.add, name="add_speaker"),
    path(f"{SPEAKER}/", speakers.edit, name="edit_speaker"),
    path(f"{SPEAKER}/move/", speakers.move, name="move_speaker"),
    path(f"{SPEAKER}/remove/", speakers.remove, name="remove_speaker"),
    path(f"{MANAGE}/people/", people.people, name="people"),
    path(f"{MANAGE}/people/export/", people.export, name="export_people"),
    path(f"{MANAGE}/organizers/", people.add_organizer, name="add_organizer"),
    path(f"{PERSON}/block/", people.block, name="block"),
    path(f"{PERSON}/unblock/", people.unblock, name="unblock"),
    path(f"{PERSON}/organizer/", people.make_organizer, name="make_organizer"),
    path(f"{PERSON}/organizer/back/", people.take_organizer_back, name="take_organizer_back"),
]
