"""E-mail addresses: when two are one."""


def is_same(one: str, other: str) -> bool:
    """But for the case.

    Compared here: PostgreSQL, told to pass over the case, takes a dotless i in somebody else's domain for an i.
    """
    return one.lower() == other.lower()
