"""Every page that asks once before something ends, and what the Stage tab asks without JavaScript; as states.py."""

from tests.browser.scene import make_scene
from tests.browser.states import Walk

#: Asked behind the password, and after a role was chosen: test_organizations.py is at them.
ELSEWHERE = {"events:delete_account"}


def questions(walk: Walk) -> set[str]:
    """Gives the names of their routes."""
    scene = make_scene(walk.product, "states-questions")
    addresses: dict[str, str] = walk.product.django(prepare_questions, scene.slug)
    olivia = walk.come("olivia", scene=scene)
    for name, path in addresses.items():
        answer = olivia.page.goto(walk.product.url + path)
        assert answer is not None
        # None of them has led on to where nothing is asked.
        assert (answer.status, olivia.page.url) == (200, walk.product.url + path), name
        walk.at(olivia, f"asks-{name.replace(':', '-').replace('_', '-').replace(' ', '-')}")
    olivia.page.goto(f"{walk.product.url}/events/{scene.slug}/manage/webhooks/")
    olivia.page.get_by_text("Delete this webhook").click()
    walk.at(olivia, "asks-webhook")
    return {name.partition(" ")[0] for name in addresses}


def prepare_questions(slug: str) -> dict[str, str]:
    """Runs in the product's process: there is somebody, or something, for each. Gives their paths by route."""
    from django.urls import reverse

    from events import services
    from events.models import Event, Membership, User
    from hopin_backstage.rest import selectors as tokens
    from hopin_backstage.rest.services import create_token
    from moderation.models import Webhook

    event = Event.objects.select_related("organization").get(slug=slug)
    house = event.organization.slug
    stage = event.stages.get()
    olivia, sam, ken, mia = (
        User.objects.get(email=f"{who}@{slug}.example") for who in ("olivia", "sam", "ken", "mia")
    )
    sam.display_name = "Maximiliane Hohenstein-Wittelsbach von der Lindenallee"
    sam.save()
    # Two owners: of one, no other would be asked to leave.
    event.organization.memberships.update(role=Membership.Role.OWNER)
    Membership.objects.create(organization=event.organization, user=sam)
    services.block(actor=olivia, event=event, user=ken)
    services.add_organizer(actor=olivia, event=event, user=mia)
    speaker = services.add_speaker(actor=olivia, event=event, name=sam.display_name)
    create_token(actor=olivia, name="Statistics of the house", lasts=None)
    token_key = tokens.tokens_of(olivia).get().token_key
    Webhook.objects.create(
        event=event, url="https://hooks.example.com/", secret="of-nobody", created_by=olivia
    )

    def of_person(user: User) -> dict[str, object]:
        return {"slug": slug, "user_id": user.pk}

    of_event, of_stage = {"slug": slug}, {"slug": slug, "stage_id": stage.pk}
    # What stands behind the name of a route only tells two of it apart.
    arguments: dict[str, dict[str, object]] = {
        "events:unpublish": of_event,
        "events:archive": of_event,
        "events:unregister": of_event,
        "events:remove_speaker": {"slug": slug, "speaker_id": speaker.pk},
        "events:block": of_person(sam),
        "events:unblock": of_person(ken),
        "events:make_organizer": of_person(sam),
        "events:take_organizer_back": of_person(mia),
        "events:remove_member": {"slug": house, "user_id": sam.pk},
        "events:remove_member oneself": {"slug": house, "user_id": olivia.pk},
        "backstage:reset_link": of_stage,
        "backstage:add_stage": of_event,
        "backstage:rename_stage": of_stage,
        "backstage:archive_stage": of_stage,
        "revoke_token": {"token_key": token_key},
        "account_logout": {},
    }
    return {name: reverse(name.partition(" ")[0], kwargs=kwargs) for name, kwargs in arguments.items()}
