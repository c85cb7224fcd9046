"""Classes that the app never tells."""

import pytest

from builder.errors import ConfigError
from builder.site.excluded import excluded_classes

LABELS = ["oak", "elm", "fir", "tench, Tinca tinca"]


@pytest.mark.parametrize(
    ("allow", "deny", "excluded"),
    [
        ([], [], []),
        (["oak", "fir"], [], [1, 3]),
        ([], ["tench, Tinca tinca"], [3]),
        (["oak", "fir"], ["fir"], [1, 2, 3]),
    ],
)
def test_what_is_denied_or_not_allowed_is_excluded(
    allow: list[str], deny: list[str], excluded: list[int]
) -> None:
    assert excluded_classes(LABELS, allow, deny) == excluded


@pytest.mark.parametrize(
    ("allow", "deny", "said"),
    [
        (["oack"], [], r'allow names "oack".*did you mean "oak"'),
        ([], ["bicycle"], "deny names .*letter by letter"),
        (["oak"], ["oak"], "leave no class"),
    ],
)
def test_names_that_cannot_be_meant_are_errors(
    allow: list[str], deny: list[str], said: str
) -> None:
    with pytest.raises(ConfigError, match=said):
        excluded_classes(LABELS, allow, deny)
