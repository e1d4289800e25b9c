"""axe-core finds nothing serious and nothing critical, in any state, on a laptop and on a phone."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser

from tests.browser import states, states_of_chat, states_of_dashboard, states_of_questions, states_of_stages
from tests.browser.axe import expect_accessible
from tests.browser.people import Person
from tests.browser.scene import Scene
from tests.integration.access.test_asking_once import ASKS
from tests.servers.product import Product

pytestmark = [pytest.mark.browser, pytest.mark.timeout(480)]

LAPTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
#: The narrowest and the widest that everything works on, and a phone: where a page may overflow sideways.
WIDTHS = (360, 390, 2560)
#: Of the others: test_places.py, test_stage.py.
WITHOUT_MEDIA = (states.doors, states_of_stages.stages)


@pytest.fixture
def faults() -> Iterator[list[str]]:
    """All are told at the end, so that one run names everything."""
    found: list[str] = []
    yield found
    assert not found, "\n\n".join(found)


@pytest.fixture
def walk(browser: Browser, product: Product, scene: Scene, faults: list[str]) -> Iterator[states.Walk]:
    def at(person: Person, state: str) -> None:
        for viewport in (LAPTOP, PHONE):
            person.page.set_viewport_size(viewport)
            # What is half faded in has less contrast than what is read.
            person.page.evaluate(
                "Promise.allSettled(finite(document.getAnimations()).map((each) => each.finished))"
            )
            try:
                expect_accessible(person.page)
            except AssertionError as found:
                faults.append(f"{state} at {viewport['width']}: {found}")
        person.page.set_viewport_size(LAPTOP)

    def prepare(person: Person) -> None:
        # Nobody looks at the pictures here, and seven browsers that draw them leave axe no processor.
        person.context.add_init_script("window.timecodeFramesPerS = 2;")
        person.context.add_init_script(
            "window.finite = (all) => all.filter((each) => each.effect.getComputedTiming().endTime < 5000);"
        )

    with states.people(browser, product, scene, prepare) as come:
        yield states.Walk(product, scene, come, at)


@pytest.mark.parametrize(
    "part",
    [
        states.doors,
        states.full,
        states.device_check,
        states.room,
        states.interlude,
        states_of_chat.chat,
        states_of_stages.stages,
    ],
    ids=lambda part: part.__name__,
)
def test_nothing_serious_in_any_state(
    walk: states.Walk, part: Callable[[states.Walk], None], faults: list[str]
) -> None:
    part(fitting(walk, faults) if part in WITHOUT_MEDIA else walk)


def test_nothing_serious_in_the_dashboard_and_nothing_overflows(walk: states.Walk, faults: list[str]) -> None:
    states_of_dashboard.dashboard(fitting(walk, faults))


def test_nothing_serious_on_any_page_that_asks_and_nothing_overflows(
    walk: states.Walk, faults: list[str]
) -> None:
    asked = states_of_questions.questions(fitting(walk, faults))
    assert ASKS.keys() <= asked | states_of_questions.ELSEWHERE


def fitting(walk: states.Walk, faults: list[str]) -> states.Walk:
    """The same, and that each state fits into every window."""

    def at(person: Person, state: str) -> None:
        walk.at(person, state)
        faults.extend(f"{state} overflows at {width}" for width in WIDTHS if overflows(person, width))
        person.page.set_viewport_size(LAPTOP)

    return replace(walk, at=at)


def overflows(person: Person, width: int) -> bool:
    person.page.set_viewport_size({"width": width, "height": 800})
    return person.page.evaluate("document.documentElement.scrollWidth") > width
