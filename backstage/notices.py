"""Notices between processes that carry nothing but the fact."""

from typing import ClassVar

from hopin_backstage.realtime import Notice


class Touched(Notice):
    """Something that the stagehand looks after has changed."""

    wire_type: ClassVar[str] = "stagehand.touched"


TOUCHED = Touched()
