"""`{% module "backstage/room.js" %}`: a page's ES module, with everything that it imports fetched beside it.

Without the preloads a browser learns of a module's imports only when it has the module: a round trip for each level.
"""

import posixpath
import re
from functools import cache
from pathlib import Path

from django import template
from django.conf import settings
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()
_IMPORT = re.compile(r"""^(?:import|export)\b[^"';]*?["'](\.[^"']+)["'];""", re.MULTILINE)


@register.simple_tag
def module(path: str) -> SafeString:
    """`path`: of a static file."""
    modules = imported_by(path) if settings.DEBUG else _imported_by_for_ever(path)
    preloads = format_html_join(
        "\n", '<link rel="modulepreload" href="{}">', ((static(each),) for each in modules)
    )
    return format_html('{}\n<script type="module" src="{}"></script>', preloads, static(path))


def imported_by(path: str) -> tuple[str, ...]:
    """Paths of all modules that this one needs, however deep, in the order they are met."""
    met: dict[str, None] = {}
    queue = [path]
    while queue:
        current = queue.pop(0)
        for target in _IMPORT.findall(_source(current)):
            found = posixpath.normpath(posixpath.join(posixpath.dirname(current), target))
            if found != path and found not in met:
                met[found] = None
                queue.append(found)
    return tuple(met)


_imported_by_for_ever = cache(imported_by)


def _source(path: str) -> str:
    found = finders.find(path)
    if not isinstance(found, str):
        raise template.TemplateSyntaxError(f"There is no static file {path}.")
    return Path(found).read_text()
