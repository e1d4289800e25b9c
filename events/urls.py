from django.urls import path

from events.views import home, invitations, organizations, profile, public

app_name = "events"

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
    path("organizations/<slug:slug>/", organizations.organization, name="organization"),
    path("events/<slug:slug>/", public.event, name="event"),
    path("events/<slug:slug>/register/", public.register, name="register"),
    path("events/<slug:slug>/unregister/", public.unregister, name="unregister"),
]
