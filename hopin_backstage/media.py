"""What people uploaded, as pictures and as nothing else."""

from pathlib import PurePosixPath

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe
from django.views.static import serve

#: Folders that event pages show to visitors. Names in them cannot be guessed.
PUBLIC = {"events", "speakers"}
#: Folders for whoever is signed in.
SIGNED_IN = {"photos"}

MEDIA_TYPES = {
    ".webp": "image/webp",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
}

#: Seconds. A new picture has a new name, so what is kept never becomes wrong; it only outlives its deletion.
KEPT_S = 3600


@require_safe
def picture(request: HttpRequest, path: str) -> HttpResponseBase:
    """404 for whatever is no picture in a folder of pictures, and for photos of people where nobody is signed in.

    The suffix alone says the type; nosniff holds browsers to it.
    """
    place = PurePosixPath(path)
    media_type = MEDIA_TYPES.get(place.suffix.lower())
    folder = place.parts[0] if len(place.parts) == 2 else ""
    open_to_all = folder in PUBLIC
    may_see = open_to_all or (folder in SIGNED_IN and request.user.is_authenticated)
    if media_type is None or not may_see:
        raise Http404
    response = serve(request, path, document_root=str(settings.MEDIA_ROOT))
    response.headers["Content-Type"] = media_type
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Disposition"] = "inline"
    response.headers["Cache-Control"] = f"{'public' if open_to_all else 'private'}, max-age={KEPT_S}"
    return response
