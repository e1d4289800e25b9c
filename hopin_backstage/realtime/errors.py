"""Refusals: what a service answers when it will not do what it was asked."""


class Refused(Exception):
    """A rule said no, in words for the person who asked.

    `code` is stable and dotted (`stage.full`); pages and API clients branch on it. `text` is a translated
    sentence in the second person that says what happened and what to do.
    """

    def __init__(self, code: str, text: str) -> None:
        super().__init__(f"{code}: {text}")
        self.code = code
        self.text = str(text)
