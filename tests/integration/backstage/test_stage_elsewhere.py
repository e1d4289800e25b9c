"""The socket of a Stage that shows a video from elsewhere, and what pages hear when that changes."""

import json
import re
from itertools import count

import httpx
import pytest

from tests.browser.scene import Scene, make_scene
from tests.integration.backstage.line import line
from tests.servers.product import Product

pytestmark = [pytest.mark.janus]
numbers = count(1)
VIDEO = "https://youtu.be/dQw4w9WgXcQ"


@pytest.fixture
def scene(product: Product) -> Scene:
    return make_scene(product, f"elsewhere-{next(numbers)}")


def choose(stage_id: str, slug: str, provider: str, address: str) -> None:
    """Runs in the product's process."""
    from backstage import services
    from events.models import Stage, User

    services.set_provider(
        actor=User.objects.get(email=f"olivia@{slug}.example"),
        stage=Stage.objects.get(pk=stage_id),
        provider=provider,
        address=address,
    )


def archive(stage_id: str, slug: str) -> None:
    """Runs in the product's process."""
    from backstage import services
    from events.models import Stage, User

    services.archive_stage(
        actor=User.objects.get(email=f"olivia@{slug}.example"), stage=Stage.objects.get(pk=stage_id)
    )


async def test_whoever_watches_elsewhere_is_counted_and_gets_nothing_of_janus(
    product: Product, scene: Scene
) -> None:
    path = f"/ws/stage/{scene.stage_id}/"
    product.django(choose, scene.stage_id, scene.slug, "youtube", VIDEO)
    async with line(product, path, scene.sessions["ada"]) as ada:
        first = await ada.notice("stage.snapshot")
        assert (first["watching"], first["media"], first["ice_servers"]) == (1, False, [])
        assert VIDEO not in str(first)
        assert await ada.refused("viewer.start") == "media.not_ready"
        async with line(product, path, scene.sessions["sam"]) as sam:
            assert (await sam.notice("stage.snapshot"))["watching"] == 2
        # Kept for the Overview, also when they have gone.
        assert product.django(_peak, scene.stage_id) == 2
        # Our own: the page finds that it was made for another one.
        product.django(choose, scene.stage_id, scene.slug, "hopin", "")
        await ada.notice("stage.changed")
        async with line(product, path, scene.sessions["sam"]) as sam:
            assert (await sam.notice("stage.snapshot"))["shown"] != first["shown"]


@pytest.mark.parametrize("provider", ["hopin", "youtube"])
async def test_everybody_is_told_that_the_page_is_the_one_that_they_have(
    product: Product, scene: Scene, provider: str
) -> None:
    """A page that hears another word than its own loads itself anew: for ever, if the word were never the same."""
    if provider != "hopin":
        product.django(choose, scene.stage_id, scene.slug, provider, VIDEO)
    whose = ["ada", "sam", "ada"]
    made_with = [await word_of_page(product, scene, who) for who in whose]
    told = []
    for who in whose:
        async with line(product, f"/ws/stage/{scene.stage_id}/", scene.sessions[who]) as one:
            told.append((await one.notice("stage.snapshot"))["shown"])
    assert told == made_with == [made_with[0]] * 3
    assert made_with[0]


async def word_of_page(product: Product, scene: Scene, who: str) -> str:
    """With which the page of the Stage was made for this person."""
    async with httpx.AsyncClient(cookies={"sessionid": scene.sessions[who]}) as client:
        page = await client.get(product.url + scene.stage)
    found = re.search(r'<script id="config" type="application/json"[^>]*>(.*?)</script>', page.text)
    assert found
    return json.loads(found[1])["shown"]


async def test_the_audience_of_ours_is_told_and_the_backstage_is_left(product: Product, scene: Scene) -> None:
    async with (
        line(product, f"/ws/stage/{scene.stage_id}/", scene.sessions["ada"]) as ada,
        line(product, f"/ws/backstage/{scene.token}/", scene.sessions["olivia"]) as olivia,
    ):
        await ada.notice("stage.snapshot")
        await olivia.notice("backstage.snapshot")
        product.django(choose, scene.stage_id, scene.slug, "vimeo", "vimeo.com/76979871")
        await ada.notice("stage.changed")
        assert await olivia.ended() == 4403


async def test_an_archived_stage_ends_for_everybody(product: Product, scene: Scene) -> None:
    async with line(product, f"/ws/stage/{scene.stage_id}/", scene.sessions["ada"]) as ada:
        await ada.notice("stage.snapshot")
        product.django(archive, scene.stage_id, scene.slug)
        assert await ada.ended() == 4403
        assert ada.heard[-1]["code"] == "stage.unknown"


async def test_nobody_comes_to_a_stage_elsewhere_who_may_not(product: Product, scene: Scene) -> None:
    product.django(choose, scene.stage_id, scene.slug, "youtube", VIDEO)
    product.django(_unregister, scene.slug)
    for session, code in ((None, 4401), (scene.sessions["tom"], 4403)):
        async with line(product, f"/ws/stage/{scene.stage_id}/", session) as refused:
            assert await refused.ended() == code
            assert [each["type"] for each in refused.heard] == ["error"]


def _peak(stage_id: str) -> int:
    """Runs in the product's process."""
    from events.models import Stage

    return Stage.objects.get(pk=stage_id).peak_elsewhere


def _unregister(slug: str) -> None:
    from events.models import Registration

    Registration.objects.filter(event__slug=slug, user__email=f"tom@{slug}.example").delete()
