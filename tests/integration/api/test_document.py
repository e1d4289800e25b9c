"""The OpenAPI document holds: whatever is sent by it, and against it, is answered as it says."""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from django.test import Client
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as examples
from pytest_django import Settings
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation.meta import negated_parameters

from tests.integration.api.conftest import Api, House
from tests.integration.api.filling import fill

DOCUMENT = "/api/v1/openapi.json"
#: Of each operation, by person: sound requests, and as many unsound ones.
EXAMPLES = {"olivia": 3, "ada": 2, "nobody": 1}
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
FEWEST_OPERATIONS = 60


@pytest.fixture
def _one_connection() -> Iterator[None]:
    """Requests in this process ask in the test's own transaction, as those of Django's test client do."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def test_the_document_is_sound_and_made_without_a_warning(tmp_path: Path) -> None:
    call_command("spectacular", validate=True, fail_on_warn=True, file=str(tmp_path / "openapi.yaml"))


def test_the_document_is_made_once_for_everybody(monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    truly = SchemaGenerator.get_schema

    def get_schema(generator: Any, *arguments: Any, **options: Any) -> Any:
        made.append(generator)
        return truly(generator, *arguments, **options)

    monkeypatch.setattr(SchemaGenerator, "get_schema", get_schema)
    answers = [Client().get(DOCUMENT, headers={"Accept-Language": each}) for each in ("de", "en", "fr")]
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    # None if another test had it made.
    assert len(made) <= 1


@pytest.mark.timeout(480)
@pytest.mark.usefixtures("_one_connection")
@pytest.mark.parametrize("who", ["olivia", "ada", "nobody"])
def test_every_answer_is_as_documented(
    house: House,
    api: Callable[..., Api],
    settings: Settings,
    who: str,
    record_property: Callable[..., None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    settings.API_PER_MINUTE = settings.API_PER_MINUTE_ANONYMOUS = 1_000_000
    settings.ALLOWED_HOSTS = ["*"]
    fill(house, 2)
    headers = api(getattr(house, who) if who != "nobody" else None).headers
    asked, answered, refused = Counter[tuple[str, GenerationMode]](), Counter[int](), Counter[int]()
    real, wrong, documented = things(house), [], operations()
    for operation in documented:
        for mode in MODES:
            try:
                _try(operation, mode, EXAMPLES[who], real, headers, asked, answered, refused)
            except (FailureGroup, Failure) as failure:
                wrong.append(f"{operation.label} ({mode.value}): {_said(failure)}")
    record_property("answers", dict(answered))
    with capsys.disabled():
        print(f"\n{who}: {asked.total()} requests to {len(documented)} operations ({_by_status(answered)})")
        print(f"{who}: unsound ones to real things: {refused.total()} ({_by_status(refused)})")
    assert not wrong, "\n\n".join(wrong)
    assert len(documented) > FEWEST_OPERATIONS
    # Each of them: a document that nothing can be generated from asks nothing, and finds nothing.
    assert {label for label, mode in asked if mode is MODES[0]} == {each.label for each in documented}
    assert asked.total() == answered.total() > 1.5 * EXAMPLES[who] * len(documented)
    assert not any(status >= 500 for status in answered)
    # Else everything was turned away before it came to what is tested.
    assert answered[200] > 10 or who == "nobody"
    # Whoever may do it all is told what is wrong with it, where the thing that is meant is there.
    assert refused[400] > refused.total() / 2 or who != "olivia"


def _by_status(answers: Counter[int]) -> str:
    return ", ".join(f"{number} × {status}" for status, number in sorted(answers.items()))


def _said(failure: Any) -> str:
    return "\n".join(str(one) for one in getattr(failure, "exceptions", [failure])) + f"\n{failure}"


def operations() -> list[Any]:
    config = SchemathesisConfig.from_dict({"seed": 1, "generation": {"allow-x00": False}})
    schema = schemathesis.openapi.from_wsgi(DOCUMENT, get_wsgi_application(), config=config)
    return [found.ok() for found in schema.get_all_operations()]


def things(house: House) -> dict[str, Any]:
    request = house.ask(house.sam)
    house.come_in(house.olivia)
    return {
        "event": house.event.slug,
        "organization": house.event.organization.slug,
        "person": house.event.organization.memberships.exclude(user=house.olivia).first().user_id,
        "invitations": str(house.event.organization.invitations.first().pk),
        "speakers": str(house.event.speakers.first().pk),
        "session": str(house.session.pk),
        "stages": str(house.stage.pk),
        "registrations": house.event.registrations.get(user=house.ada).pk,
        "audit-log": str(house.event.audit_entries.first().pk),
        "requests": str(request.pk),
        "messages": str(house.event.chat_rooms.get(kind="event").messages.first().pk),
    }


def _try(
    operation: Any,
    mode: GenerationMode,
    most: int,
    real: dict[str, Any],
    headers: dict[str, str],
    asked: Counter[tuple[str, GenerationMode]],
    answered: Counter[int],
    refused: Counter[int],
) -> None:
    @given(case=operation.as_strategy(generation_mode=mode))
    @examples(
        max_examples=most,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def ask(case: Any) -> None:
        _at_real_things(case, real)
        asked[operation.label, mode] += 1
        with transaction.atomic():
            response = case.call_and_validate(headers=headers)
            transaction.set_rollback(True)
        answered[response.status_code] += 1
        if _is_unsound_at_a_real_thing(case):
            refused[response.status_code] += 1

    ask()


def _at_real_things(case: Any, real: dict[str, Any]) -> None:
    """Addresses that somebody made up are all 404; cursors and ETags are only ever taken from answers.

    What makes the request unsound stays as it is: the path only where the body, which is read behind it, is sound.
    """
    unsound = set(negated_parameters(case.meta))
    if case.meta.is_negative_at(ParameterLocation.BODY):
        unsound = {(name, location) for name, location in unsound if location != ParameterLocation.PATH}
    if ("cursor", ParameterLocation.QUERY) not in unsound:
        (case.query or {}).pop("cursor", None)
    if ("If-Match", ParameterLocation.HEADER) not in unsound:
        (case.headers or {}).pop("If-Match", None)
    for name in case.path_parameters:
        if (name, ParameterLocation.PATH) not in unsound:
            kind = next((part for part in reversed(case.path.split("/")) if part in real), "")
            case.path_parameters[name] = real.get(kind if name == "id" else name, case.path_parameters[name])


def _is_unsound_at_a_real_thing(case: Any) -> bool:
    """As the library finds the request that was sent: not all that it means to make unsound can be."""
    is_real = bool(case.path_parameters) and not case.meta.is_negative_at(ParameterLocation.PATH)
    return is_real and case.meta.generation.mode == GenerationMode.NEGATIVE
