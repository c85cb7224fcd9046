"""JavaScript modules that Python tests call in Node."""

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tests.conftest import ROOT

Ask = Callable[..., Any]
"""Calls a function by its name with JSON arguments, and returns its JSON result."""


def find_node() -> str:
    """Return the program, which comes with make."""
    node = shutil.which("node")
    assert node is not None, "needs Node, which comes with make"
    return node


@contextmanager
def asking(script: str) -> Iterator[Ask]:
    """Run a script of the checkout that answers each line with a line."""
    with subprocess.Popen(
        [find_node(), script],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        questions, answers = process.stdin, process.stdout

        def call(name: str, *args: Any) -> Any:
            questions.write(json.dumps({"name": name, "args": args}) + "\n")
            questions.flush()
            return json.loads(answers.readline())

        yield call
        questions.close()
