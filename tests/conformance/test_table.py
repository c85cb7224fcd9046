"""The table in the docs is of the present operators and cases, and nothing in it is wrong."""

from collections import Counter

from tests.conformance.cases import all_cases
from tests.conformance.table import DOCS, read_table
from tests.conformance.ways import WAYS


def test_the_table_is_of_the_present_cases() -> None:
    """`python -m scripts.conformance` writes it anew."""
    counts = Counter(case.operator for case in all_cases().values())
    rows = read_table(DOCS.read_text(encoding="utf-8"))
    assert {row[0]: int(row[1]) for row in rows} == counts
    for operator, _, *figures in rows:
        for way, figure in zip(WAYS, figures, strict=True):
            assert float(figure) <= way.tolerance, (operator, way.name)
