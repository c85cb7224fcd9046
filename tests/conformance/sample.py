"""A part of the cases that has each form of each operator, for the tests that run every time."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from tests.conformance.case import Case
from tests.conformance.graphs import Question


def sampled(
    cases: Mapping[str, Case], questions: Mapping[str, Question], *, coarse: bool = False
) -> dict[str, Question]:
    """Return one question of each form: what its operator becomes, attributes, types, axes.

    What was ever wrong on a backend is of another form than what was not: it is rewritten. `coarse`
    is for a way that takes long over each new form, which it compiles: ranks up to four are alike
    there, and inputs but the first.
    """
    first: dict[tuple[Any, ...], str] = {}
    for name, question in questions.items():
        case = cases[name]
        form = _coarse_form(case) if coarse else _form(case)
        first.setdefault((case.operator, *sorted(question.operators), *map(str, form)), name)
    return {name: questions[name] for name in first.values()}


def _form(case: Case) -> list[Any]:
    form: list[Any] = []
    for name, value in case.arguments.items():
        if isinstance(value, np.ndarray | np.generic):
            is_axis = value.dtype == np.int32 and value.ndim == 0
            form.append((name, value.dtype.name, value.ndim, is_axis and bool(value < 0)))
        elif name in ("strides", "ksize", "dilations", "rates"):
            form.append((name, max(value)))
        elif isinstance(value, bool | str):
            form.append((name, value))
    return form


def _coarse_form(case: Case) -> list[Any]:
    arrays = [v for v in case.arguments.values() if isinstance(v, np.ndarray | np.generic)]
    axes = max((value.ndim for value in arrays), default=0)
    given = [(k, v) for k, v in case.arguments.items() if isinstance(v, bool | str)]
    return [axes > 4, arrays[0].dtype.name if arrays else "", *given]
