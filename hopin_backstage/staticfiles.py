"""Static files with the hash of their content in the name, ES modules' imports included."""

from typing import Any

import brotli
from django.core.files.base import ContentFile, File
from rjsmin import jsmin
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

#: Where our own scripts are; what libraries bring is left as it came.
OUR_SCRIPTS = ("api/", "backstage/", "chat/", "events/", "js/", "moderation/")

#: Bytes. What is larger is a library's, and would take brotli's best seconds each.
BEST_UP_TO = 100_000


class QuickCompressor(Compressor):
    @staticmethod
    def compress_brotli(data: bytes) -> bytes:
        return brotli.compress(data, quality=11 if len(data) < BEST_UP_TO else 5)


class ModuleManifestStorage(CompressedManifestStaticFilesStorage):
    """Also rewrites `import … from "./x.js"`, so that a page never mixes modules of two releases.

    https://docs.djangoproject.com/en/5.2/ref/contrib/staticfiles/#manifeststaticfilesstorage
    """

    support_js_module_import_aggregation = True

    def create_compressor(self, **options: Any) -> Compressor:
        return QuickCompressor(**options)

    def file_hash(self, name: str, content: "File[Any] | None" = None) -> str | None:
        """Of six digits, which only versions of one file share: nothing compresses them, and each import has them."""
        return (super().file_hash(name, content) or "")[:6] or None

    def _save(self, name: str, content: "File[Any]") -> str:
        """Our scripts lose their comments and blanks on the way: four tenths of what a browser has to fetch."""
        if name.endswith(".js") and name.startswith(OUR_SCRIPTS):
            content = ContentFile(jsmin(b"".join(content.chunks())))
        return super()._save(name, content)
