"""What one of several processes works on."""

import hashlib

import numpy as np
import pytest

from builder.training.distributed import Cluster
from builder.training.share import WHOLE, Share


def test_shares_are_everything_together_and_nothing_twice() -> None:
    things = np.arange(11)
    shares = [Share.of(Cluster("host:1", 3, part)) for part in range(3)]
    assert sorted(np.concatenate([things[share.slice] for share in shares])) == list(things)
    assert Share.of(None) == WHOLE
    assert list(things[WHOLE.slice]) == list(things)


@pytest.mark.parametrize("count", [6, 7, 8, 1])
def test_what_all_found_comes_back_in_order(count: int) -> None:
    found = np.arange(count * 2, dtype=np.float32).reshape(count, 2)
    shares = [Share(3, part) for part in range(3)]
    longest = -(-count // 3)
    padded = [
        np.resize(found[share.slice], (longest, 2))
        if len(found[share.slice])
        else np.zeros((longest, 2), np.float32)
        for share in shares
    ]
    for share in shares:
        sent = []

        def stack(own: np.ndarray) -> np.ndarray:
            sent.append(own.shape)  # noqa: B023 (called at once)
            return np.stack(padded)

        assert np.array_equal(share.gather(found[share.slice], count, stack), found)
        assert sent == [(longest, 2)]


@pytest.mark.parametrize("parts", [1, 2, 3])
def test_shares_of_batches_are_the_batches_one_after_the_other(parts: int) -> None:
    shares = [Share(parts, part).of_batches(12, 6).reshape(2, -1) for part in range(parts)]
    assert list(np.concatenate(shares, axis=1).reshape(-1)) == list(range(12))


def test_fewer_photos_than_a_batch_are_dealt_out() -> None:
    assert [list(Share(2, part).of_batches(5, 6)) for part in (0, 1)] == [[0, 2, 4], [1, 3]]


@pytest.mark.parametrize(("others", "agreed"), [(b"same", True), (b"else", False)])
def test_processes_find_out_whether_they_have_the_same(others: bytes, agreed: bool) -> None:
    digest = np.frombuffer(hashlib.sha256(others).digest(), np.uint8)[np.newaxis]
    assert Share(2, 0).agrees("same", lambda own: np.stack([own, digest])) == agreed


def test_alone_nothing_is_asked_for() -> None:
    found = np.ones((4, 2), np.float32)
    assert WHOLE.gather(found, 4, pytest.fail) is found
    assert WHOLE.agree([found])[0] is found
