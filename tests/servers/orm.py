"""A second Django process of a running product, in which tests run ORM code.

`python -m tests.servers.orm` is that process: it reads pickled (work, arguments, named) from its standard
input and answers (succeeded, result or traceback) on what was its standard output.
"""

import os
import pickle
import subprocess
import sys
import traceback
from collections.abc import Callable
from typing import Any, BinaryIO

from hopin_backstage.run.process import tethered


class OrmProcess:
    def __init__(self, environment: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            tethered([sys.executable, "-m", "tests.servers.orm"]),
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def run(self, work: str | Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        pickle.dump((work, arguments, named), self._process.stdin)
        self._process.stdin.flush()
        succeeded, result = pickle.load(self._process.stdout)  # noqa: S301  our own child
        if not succeeded:
            raise RuntimeError(result)
        return result

    def stop(self) -> None:
        self._process.kill()
        self._process.communicate()


def _perform(work: str | Callable[..., Any], arguments: tuple[Any, ...], named: dict[str, Any]) -> Any:
    if callable(work):
        return work(*arguments, **named)
    names = dict(named)
    exec(compile(work, "<Product.django>", "exec"), names)  # noqa: S102  the test's own code
    return names.get("result")


def _serve(questions: BinaryIO, answers: BinaryIO) -> None:
    import django

    django.setup()
    while True:
        try:
            work, arguments, named = pickle.load(questions)  # noqa: S301  our own parent
        except EOFError:
            return
        except Exception:
            answer = pickle.dumps((False, traceback.format_exc()))
        else:
            answer = _answer(work, arguments, named)
        answers.write(answer)
        answers.flush()


def _answer(work: str | Callable[..., Any], arguments: tuple[Any, ...], named: dict[str, Any]) -> bytes:
    try:
        return pickle.dumps((True, _perform(work, arguments, named)))
    except Exception:
        return pickle.dumps((False, traceback.format_exc()))


if __name__ == "__main__":
    # What the code prints must not stand between the answers.
    channel = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    _serve(sys.stdin.buffer, channel)
