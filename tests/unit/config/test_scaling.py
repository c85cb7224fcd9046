from pathlib import Path

import pytest

from builder.config.scaling import SCALING, SCALING_NAMES, parse_numbers


@pytest.mark.parametrize(
    "value", [*SCALING_NAMES, "127.5/127.5", "1,2,3/4,5,6", "0/255", "255/-255"]
)
def test_names_and_numbers_are_taken(value: str) -> None:
    assert SCALING.parse(value, Path()) == value


def test_one_number_stands_for_three() -> None:
    assert parse_numbers("127.5/4,5,6") == ((127.5, 127.5, 127.5), (4.0, 5.0, 6.0))


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("resnet", "there is no slash"),
        ("1/0", "must not be 0"),
        ("1,2/3", "one number or three"),
        ("nan/1", "one number or three"),
        ("a/b", "could not convert"),
        ("0.485,0.456,0.406/0.229,0.224,0.225", "multiply them by 255"),
        ("1/-0.5", "multiply them by 255"),
        (255, "not a text"),
    ],
)
def test_other_values_are_refused_with_the_reason(value: object, reason: str) -> None:
    with pytest.raises(ValueError, match=f"must be one of mobilenet, .*{reason}"):
        SCALING.parse(value, Path())
