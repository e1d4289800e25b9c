"""The web server, with nothing behind it but pages."""

import http.client
import json
import posixpath
import re
from collections.abc import Iterator

import psutil
import pytest

from tests.servers.webs import Webs


@pytest.fixture(scope="module")
def web() -> Iterator[Webs]:
    with Webs(1, people=1) as webs:
        yield webs


@pytest.fixture(scope="module")
def web_with_pages(web: Webs) -> Webs:
    """With the static files that its pages name, but for those of libraries."""
    ignored = [
        "admin",
        "django_tables2",
        "drf_spectacular_sidecar",
        "rest_framework",
        "rest_framework_filters",
    ]
    web.django(
        "from django.core.management import call_command\n"
        "call_command('collectstatic', interactive=False, verbosity=0, ignore_patterns=ignored)",
        ignored=ignored,
    )
    # It read their names when it first needed one.
    web.kill(0)
    web.start(0)
    return web


def post(
    web: Webs, length: int, *, chunked: bool = False, path: str = "/", accept: str = "*/*"
) -> tuple[int, bytes]:
    """A form of about so many bytes, all of them sent before the answer is read, as a browser does."""
    ends = (b'--x\r\nContent-Disposition: form-data; name="a"; filename="a"\r\n\r\n', b"\r\n--x--\r\n")
    pieces = [ends[0], *[b"a" * 2**16] * (length // 2**16), ends[1]]
    connection = http.client.HTTPConnection("127.0.0.1", web.ports[0], timeout=60)
    headers = {"Content-Type": "multipart/form-data; boundary=x", "Accept": accept}
    if not chunked:
        headers["Content-Length"] = str(sum(map(len, pieces)))
    try:
        connection.request("POST", path, pieces, headers, encode_chunked=chunked)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_has_a_bound_and_what_is_longer_is_answered(web: Webs, chunked: bool) -> None:
    assert post(web, 3 * 2**20, chunked=chunked)[0] != 413
    process = psutil.Process(web.pid())
    before = process.memory_info().rss
    status, said = post(web, 32 * 2**20, chunked=chunked)
    assert (status, said.split(b".")[0]) == (413, b"What you sent is too large")
    assert process.memory_info().rss - before < 24 * 2**20
    assert post(web, 1000, chunked=chunked)[0] != 413, "it serves on"


def test_people_read_a_page_with_help_and_programs_an_error(web_with_pages: Webs) -> None:
    web, length = web_with_pages, 9 * 2**20
    status, page = post(web, length, path="/profile/", accept="text/html,*/*;q=0.8")
    assert status == 413
    assert b"What you sent is too large</h1>" in page
    assert b'id="help"' in page
    reference = re.search(rb"<code>([0-9a-f]{8})</code>", page)
    assert reference is not None
    assert reference[1].decode() in web.log()
    status, error = post(web, length, path="/api/v1/events/", accept="text/html")
    assert (status, json.loads(error)["code"]) == (413, "too_large")


def get(web: Webs, path: str) -> tuple[http.client.HTTPResponse, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", web.ports[0], timeout=60)
    try:
        connection.request("GET", path, headers={"Accept-Encoding": "identity"})
        answer = connection.getresponse()
        return answer, answer.read()
    finally:
        connection.close()


HASHED = re.compile(r"\.[0-9a-f]{6}\.\w+$")


def test_modules_are_served_and_imported_by_names_with_a_hash(web_with_pages: Webs) -> None:
    web = web_with_pages
    _answer, page = get(web, "/accounts/login/")
    named = re.findall(r'(?:src|href)="(/static/[^"]+)"', page.decode())
    assert any(name.endswith(".js") for name in named)
    assert [name for name in named if not HASHED.search(name)] == []
    wanted = [web.django(static_address, "backstage/stage.js")]
    met = set[str]()
    while wanted:
        address = wanted.pop()
        if address in met:
            continue
        met.add(address)
        answer, text = get(web, address)
        assert (answer.status, bool(HASHED.search(address))) == (200, True), address
        assert "immutable" in (answer.headers["Cache-Control"] or ""), address
        folder = posixpath.dirname(address)
        imported = re.findall(r"""(?:from|import)\s*["'](\.[^"']+)["']""", text.decode())
        wanted += [posixpath.normpath(posixpath.join(folder, each)) for each in imported]
    assert len(met) > 20


def static_address(path: str) -> str:
    """Runs in the process of the tests' own, with the settings of the web process."""
    from django.templatetags.static import static

    return static(path)


def test_whoever_does_not_end_is_cut(web: Webs) -> None:
    with pytest.raises(ConnectionError):
        post(web, 256 * 2**20)
    assert post(web, 1000)[0] != 413
