"""What keeps the product from running, in a sentence for the person at the keyboard."""


class CannotRun(Exception):
    """Its text says what happened and what to do; it is shown as it is, without a traceback."""
