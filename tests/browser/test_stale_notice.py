"""A notice from before a feed was recorded arrives behind it: the feed goes on, because the database knows better."""

from collections.abc import Callable

import pytest

from tests.browser.people import Person
from tests.servers.product import Product

pytestmark = [pytest.mark.browser, pytest.mark.timeout(480)]


def say_that_all_slots_are_empty(token: str) -> int:
    """What another change's notice said a moment too early; the feed that is really there."""
    from backstage import messages
    from backstage.models import SLOTS, BackstageSession
    from hopin_backstage.realtime import groups, publish

    session = BackstageSession.objects.get(link_token=token)
    stale = messages.SlotFeeds(feeds=[None] * SLOTS, revision=session.revision)
    publish(groups.media(session.id), stale)
    return session.slots.get().feed


def feed_of(token: str) -> int | None:
    from backstage.models import Slot

    return Slot.objects.get(backstage_session__link_token=token).feed


def test_a_stale_notice_ends_no_feed(person: Callable[..., Person], product: Product) -> None:
    olivia = person("olivia").open_backstage()
    olivia.share()
    token = olivia.scene.token
    olivia.until(lambda: product.django(feed_of, token) is not None, 10, "her pictures do not arrive")
    feed = product.django(say_that_all_slots_are_empty, token)
    # Longer than the grace after which a feed without a place is ended, and than the stagehand takes to see that.
    olivia.page.wait_for_timeout(3000)
    assert product.django(feed_of, token) == feed
