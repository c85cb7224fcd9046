"""What scripts/measure_exchange.py computes beside what it measures."""

import pytest

from scripts.measure_exchange import Task, Timed, burst_bytes, least_step, ring_bytes, row


@pytest.mark.parametrize(("processes", "sent"), [(1, 0), (2, 4_000), (4, 6_000)])
def test_a_ring_sends_the_gradients_nearly_twice(processes: int, sent: int) -> None:
    assert ring_bytes(1_000, processes) == sent


@pytest.mark.parametrize("processes", [2, 3, 16])
@pytest.mark.parametrize("rate", [100, 1000])
def test_a_step_of_the_least_length_takes_as_long_on_several_machines(
    processes: int, rate: float
) -> None:
    alone = least_step(3_000_000, rate)
    exchange = ring_bytes(3_000_000, processes) * 8 / (rate * 1e6)
    assert alone / processes + exchange == pytest.approx(alone)


@pytest.mark.parametrize(("rate", "burst"), [(1, 65_536), (100, 65_536), (1000, 250_000)])
def test_a_burst_is_short_but_lets_a_segment_through(rate: float, burst: int) -> None:
    assert burst_bytes(rate) == burst


def test_a_row_has_median_least_and_processor_time_of_each() -> None:
    alone = Timed(3_000_000, [4.0, 2.0, 3.0], [1.0, 1.5, 1.25])
    slow = Timed(3_000_000, [5.0, 6.0, 9.0], [0.5, 0.5, 0.5])
    written = row(Task(0.25, 64, 32, 3, 0), alone, 12_500_000.0, [slow])
    assert written == (
        "| MobileNet 0.25, 32 photos of 64 px | 3.00 million | 12.00, 12.50 MB "
        "| 3.00 s (2.00 s; 1.25 s) | 6.00 s (5.00 s; 0.50 s) |"
    )
