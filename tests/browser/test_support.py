"""Support's pages in a real browser: nothing of them breaks the strict policy, and Help's reference is found."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.axe import expect_accessible, findings
from tests.browser.people import Person
from tests.browser.scene import Scene
from tests.servers.product import Product

pytestmark = pytest.mark.browser

#: What axe finds in Django's own markup: the search field of a list that says what is searched has no label that it
#: takes for one, and the lists of rights to choose from name an icon.
OF_DJANGO = {"label-title-only": 'id="searchbar"', "aria-prohibited-attr": "search-label-icon"}


def admin_paths(token: str) -> tuple[list[str], list[str], str]:
    """Runs in the product's process: every list and one page of each, then our own pages; and a session for them."""
    from django.contrib import admin
    from django.test import Client
    from django.urls import reverse

    from backstage.models import BackstageSession, Broadcast, MediaEvent, Movement, Participant, Slot
    from backstage.services import enter
    from events.admin import offers
    from events.models import Block, User
    from hopin_backstage.rest.models import ApiToken

    session = BackstageSession.objects.select_related("stage__event").get(link_token=token)
    event = session.stage.event
    sam, ken = (User.objects.get(email=f"{who}@{event.slug}.example") for who in ("sam", "ken"))
    block = Block.objects.create(event=event, user=ken)
    participant: Participant = enter(session=session, actor=sam, link_token=token)
    slot = Slot.objects.create(backstage_session=session, participant=participant, index=1)
    Movement.objects.create(backstage_session=session, participant=participant, kind=Movement.Kind.ON_SCREEN)
    MediaEvent.objects.create(
        backstage_session=session,
        participant=participant,
        kind=MediaEvent.Kind.FIRST_FRAME,
        at=slot.taken_at,
    )
    Broadcast.objects.create(backstage_session=session, delay_s=12, started_by=sam)
    support = User.objects.create_superuser(f"support@{event.slug}.example", display_name="Support")
    client = Client()
    client.force_login(support)
    theirs = [reverse("admin:events_user_add"), reverse("admin:auth_user_password_change", args=[sam.pk])]
    for model in admin.site._registry:  # noqa: SLF001
        theirs.append(offers.list_of(model))
        row = model._default_manager.first()
        # Tokens are a list alone.
        if row is not None and model is not ApiToken:
            theirs.append(offers.page_of(row))
    ours = [
        reverse("admin:index"),
        reverse("admin:moderation_timeline", args=[session.pk]),
        reverse("admin:backstage_media_servers"),
        *(
            reverse("admin:backstage_backstagesession_act", args=[session.pk, act])
            for act in ("stop", "cut", "reset-link")
        ),
        reverse("admin:backstage_slot_act", args=[slot.pk, "empty"]),
        reverse("admin:events_block_act", args=[block.pk, "unblock"]),
        offers.page_of(session),
    ]
    return theirs, ours, client.cookies["sessionid"].value


def test_support_in_a_browser(browser: Browser, product: Product, scene: Scene) -> None:
    theirs, ours, session = product.django(admin_paths, scene.token)
    sam = Person(browser, product, scene, "sam", paints=False, reads=False)
    try:
        sam.page.goto(f"{product.url}/")
        with sam.page.expect_response("**/help/") as told:
            sam.page.get_by_role("button", name="Help").click()
        assert told.value.status == 204
        reference = sam.page.locator("#help code").inner_text()
    finally:
        sam.close()

    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.add_cookies([{"name": "sessionid", "value": session, "url": product.url, "httpOnly": True}])
    page = context.new_page()
    complaints: list[str] = []
    page.on(
        "console",
        lambda said: complaints.append(f"{page.url}: {said.text}") if said.type == "error" else None,
    )
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
    try:
        for path in [*theirs, *ours]:
            answer = page.goto(product.url + path)
            assert answer is not None
            assert answer.status == 200, path
        # Before axe, which sets styles of its own to measure.
        assert not complaints, "\n".join(complaints)
        for path in theirs:
            page.goto(product.url + path)
            grave = [
                text for rule, text in findings(page) if rule not in OF_DJANGO or OF_DJANGO[rule] not in text
            ]
            assert not grave, (path, grave)
        for path in ours:
            page.goto(product.url + path)
            expect_accessible(page)
        ask_of_many(page, product)
        look_up(page, product, reference)
    finally:
        context.close()


def ask_of_many(page: Page, product: Product) -> None:
    """What is done to all that are ticked in a list is asked on a page of our own."""
    page.goto(f"{product.url}/admin/events/block/")
    page.get_by_role("combobox", name="Action").select_option("unblock")
    page.locator(".action-select").first.check()
    page.get_by_role("button", name="Go").click()
    expect(page.get_by_role("heading", name="Unblock these people?")).to_be_visible()
    expect_accessible(page)


def look_up(page: Page, product: Product, reference: str) -> None:
    page.goto(f"{product.url}/admin/")
    page.get_by_role("searchbox").first.fill(f" {reference[:4].upper()} {reference[4:].upper()} ")
    page.get_by_role("button", name="Look up").click()
    expect(page.get_by_role("link", name="Sam Barnes").first).to_be_visible()
