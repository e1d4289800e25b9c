"""How often something that reaches strangers may be done; counted in Redis, for all processes together."""

from hashlib import sha256

from django.core.cache import cache

from hopin_backstage.realtime import Refused


def count(what: str, *, most: int, within_s: int, otherwise: Refused) -> None:
    """Counts one more of `what`. Raises `otherwise` where that makes more than `most` within so many seconds.

    They begin with the first.
    """
    # Addresses may be longer than a key, and are nobody's business there.
    key = f"pace:{sha256(what.encode()).hexdigest()}"
    cache.add(key, 0, within_s)
    try:
        number = cache.incr(key)
    except ValueError:
        # It ended in between: this is the first of the next.
        cache.set(key, 1, within_s)
        number = 1
    if number > most:
        raise otherwise
