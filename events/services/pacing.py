"""How often something that reaches strangers may be done; counted in Redis, for all processes together."""

from hashlib import sha256
from time import time

from django.core.cache import cache

from hopin_backstage.realtime import Refused


def count_within(what: str, *, most: int, within_s: int) -> bool:
    """Counts one more of `what`. False: that makes more than `most` in this window of `within_s`.

    Windows begin with the clock, and each has a counter of its own: one that outlives its expiry shuts nobody out.
    """
    window = int(time() // within_s)
    # Addresses may be longer than a key, and are nobody's business there.
    key = f"pace:{sha256(f'{what} {window}'.encode()).hexdigest()}"
    cache.add(key, 0, within_s)
    return bool(cache.incr(key) <= most)


def count(what: str, *, most: int, within_s: int, otherwise: Refused) -> None:
    """Counts one more of `what`. Raises `otherwise` where `count_within` is False."""
    if not count_within(what, most=most, within_s=within_s):
        raise otherwise
