"""From signed out to the welcome screen: the organizer by the dashboard, speakers by the link they were sent."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.people import Person
from tests.browser.scene import Scene, make_scene, unregister
from tests.servers.product import Product

pytestmark = [pytest.mark.browser, pytest.mark.timeout(480)]
PASSWORD = "a long walk by the harbour"


def set_password(slug: str, who: str, password: str) -> str:
    """Gives a person a password and a confirmed address; the address."""
    from allauth.account.models import EmailAddress

    from events.models import User

    user = User.objects.get(email=f"{who}@{slug}.example")
    user.set_password(password)
    user.save()
    EmailAddress.objects.get_or_create(user=user, email=user.email, verified=True, primary=True)
    return user.email


@pytest.fixture
def page(browser: Browser) -> Page:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    return context.new_page()


def sign_in(page: Page, email: str) -> None:
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def test_an_organizer_signs_in_copies_the_link_and_opens_the_backstage(
    page: Page, product: Product, scene: Scene
) -> None:
    email = product.django(set_password, scene.slug, "olivia", PASSWORD)
    page.goto(product.url)
    page.get_by_role("link", name="Sign in").first.click()
    sign_in(page, email)
    page.get_by_role("link", name="Product Day 2026").first.click()
    page.goto(f"{product.url}/events/{scene.slug}/manage/")
    page.get_by_role("link", name="Stage", exact=True).click()
    page.get_by_role("button", name="Copy link").first.click()
    expect(page.get_by_text("Copied").first).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == product.url + scene.link
    page.get_by_role("link", name="Open Backstage").first.click()
    expect(page.get_by_role("heading", name="Welcome to the Backstage")).to_be_visible()
    expect(page.get_by_role("button", name="Share Audio and Video", exact=True).first).to_be_visible()
    expect(page.get_by_role("region", name="Moderation")).to_be_visible()


def test_a_speaker_who_is_signed_out_lands_in_the_backstage_after_signing_in(
    page: Page, product: Product, scene: Scene
) -> None:
    email = product.django(set_password, scene.slug, "sam", PASSWORD)
    page.goto(product.url + scene.link)
    sign_in(page, email)
    expect(page).to_have_url(product.url + scene.link)
    expect(page.get_by_role("button", name="Ask to Share Audio and Video").first).to_be_visible()
    expect(page.get_by_role("region", name="Moderation")).to_have_count(0)


def test_whoever_is_not_registered_registers_and_is_back(
    person: Callable[..., Person], product: Product, scene: Scene
) -> None:
    product.django(unregister, scene.slug, "rosa")
    rosa = person("rosa")
    rosa.page.goto(product.url + scene.link)
    rosa.press("Register")
    expect(rosa.page).to_have_url(product.url + scene.link)
    expect(rosa.page.get_by_role("heading", name="Welcome to the Backstage")).to_be_visible()


def test_a_wrong_link_says_so(person: Callable[..., Person], product: Product) -> None:
    sam = person("sam")
    answer = sam.page.goto(f"{product.url}/backstage/not-the-link/")
    assert answer is not None
    assert answer.status == 404
    expect(sam.page.get_by_role("heading", name="This link no longer works")).to_be_visible()


def test_the_delay_chosen_on_the_stage_tab_is_the_one_of_the_next_broadcast(
    person: Callable[..., Person], product: Product, browser: Browser
) -> None:
    scene = make_scene(product, "chosen-delay", delay_s=12)
    olivia = Person(browser, product, scene, "olivia")
    olivia.page.goto(f"{product.url}/events/{scene.slug}/manage/stage/")
    olivia.page.get_by_role("radio", name="15").check(force=True)
    expect(olivia.page.get_by_text("Saved").first).to_be_visible()
    olivia.open_backstage()
    olivia.share()
    olivia.press("Broadcast")
    expect(olivia.page.get_by_text(re.compile("On air in 00:1[345]"))).to_be_visible()
    olivia.close()
