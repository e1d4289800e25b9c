"""Reads the tables of matrix.py."""

from tests.integration.access.house import ROLES


def rows(table: str) -> dict[tuple[str, str], dict[str, str]]:
    """By method (empty for a socket) and route: what each role gets."""
    head, *lines = table.strip().splitlines()
    assert tuple(head.split()) == ROLES
    found = {}
    for line in lines:
        *method, name = line.split()[: -len(ROLES)]
        found[method[0] if method else "", name] = dict(zip(ROLES, line.split()[-len(ROLES) :], strict=True))
    return found
