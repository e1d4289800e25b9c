"""The staff at its pages of the running product, and what stands in a timeline. All but `rows_of` runs in the
product's process."""

import re

#: What a timeline is made of, and what is on screen.
LOOK = (
    "backstage.view_backstagesession",
    "backstage.view_slot",
    "backstage.view_movement",
    "backstage.view_mediaevent",
    "moderation.view_auditentry",
    "moderation.view_sharerequest",
)
MEND = "backstage.mend_show"


def hire(name: str, *rights: str) -> str:
    """A new member of the staff who has these rights and no others. Gives their session."""
    import secrets

    from django.contrib.auth.models import Permission
    from django.test import Client

    from events.models import User

    user = User.objects.create_user(
        f"staff-{secrets.token_hex(4)}@example.com", display_name=name, is_staff=True
    )
    for right in rights:
        app, codename = right.split(".")
        user.user_permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))
    client = Client()
    client.force_login(user)
    return client.cookies["sessionid"].value


def timeline_of(token: str) -> str:
    """The path of its page."""
    from backstage.models import BackstageSession
    from moderation.admin.timeline import path_of

    return path_of(BackstageSession.objects.get(link_token=token).pk)


def told(token: str) -> list[tuple[str, str]]:
    """Kind and person of all entries of the timeline, in order."""
    from backstage.models import BackstageSession
    from moderation import timeline

    session = BackstageSession.objects.get(link_token=token)
    entries = timeline.page(session, timeline.Wanted()).entries
    return [(str(entry.kind), entry.person) for entry in entries]


def rows_of(page: str) -> list[str]:
    """Of the page of a timeline, as they are read. Its table alone: the filter above has all words there are."""
    rows = re.findall(r"<tr [^>]*data-kind=.*?</tr>", page, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]*>", " ", row).split()) for row in rows]
