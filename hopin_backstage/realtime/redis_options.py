"""What a Redis address says of a single connection, for those that take none of redis-py's pools."""

from collections.abc import Mapping
from typing import Any

#: Of the pool.
_OF_A_POOL = {"max_connections", "timeout"}


def of_one_connection(options: Mapping[str, Any]) -> dict[str, Any]:
    """`options`: what redis-py's `parse_url` found; in the protocol that has no messages unasked."""
    return {name: value for name, value in options.items() if name not in _OF_A_POOL} | {"protocol": 2}
