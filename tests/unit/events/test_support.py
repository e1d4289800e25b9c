import structlog
from django.template import Context, Template


def test_the_reference_is_how_the_request_id_begins() -> None:
    with structlog.contextvars.bound_contextvars(request_id="3f2a9c1e-0000-4000-8000-000000000000"):
        assert Template("{% load support %}{% support_reference %}").render(Context()) == "3f2a9c1e"


def test_outside_of_a_request_there_is_none() -> None:
    assert Template("{% load support %}{% support_reference %}").render(Context()) == ""
