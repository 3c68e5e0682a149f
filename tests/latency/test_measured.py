"""When a measurement can be believed, and what a ratio says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from inception_calc.latency.ratio import ratio_of
from tests.latency.made import measurement, rounds, timed


def test_quiet_rounds_are_believed():
    found = measurement(timed(9.0), cpu=(10.0, 10.1, 9.9, 10.0, 10.2, 10.0))
    assert found.noise == ""
    assert found.milliseconds == 10.0
    assert found.rest == pytest.approx(10.0 - 9.0 - 0.1)
    assert found.overhead == pytest.approx(10 / 9)


def test_rounds_without_the_processor_do_not_count():
    disturbed = rounds(50.0, 60.0, wall=1.5)
    (kept,) = rounds(10.0)
    assert [round_.kept for round_ in (*disturbed, kept)] == [False, False, True]


def test_too_few_rounds_are_too_noisy():
    found = replace(measurement(timed(1.0)), rounds=(*rounds(1.0, 1.0), *rounds(*[2.0] * 10, wall=2)))
    assert "only 2 of 12 rounds" in found.noise


def test_too_few_profiled_rounds_are_too_noisy():
    found = replace(measurement(timed(1.0)), profiled=(*rounds(1.0, 1.0), *rounds(*[2.0] * 10, wall=2)))
    assert found.noise == "only 2 of 12 profiled rounds had the processor to themselves"
    assert replace(found, profiled=rounds(*[1.0] * 5)).noise == ""


def test_a_wide_spread_is_too_noisy():
    assert "spreads" in measurement(timed(1.0), cpu=(1.0, 2.0, 3.0, 4.0, 5.0, 6.0)).noise


QUIET = (3.0, 3.1, 2.9, 3.0, 3.05, 2.95, 3.0, 3.1)


def pairs(first, second):
    return list(zip(rounds(*first), rounds(*second), strict=True))


@pytest.mark.parametrize(
    ("counts", "second", "verdict"),
    [
        ((30, 10), 1.0, "confirmed"),
        ((10, 30), 1.0, "contradicted"),
        ((30, 10), 3.0, "undecided"),
        ((10, 10), 1.0, "undecided"),
    ],
)
def test_the_verdict_is_on_the_relation(counts, second: float, verdict: str):
    ratio = ratio_of(("a", counts[0]), ("b", counts[1]), pairs(QUIET, [second] * len(QUIET)))
    assert ratio.verdict == verdict
    low, high = ratio.interval
    assert low <= ratio.time <= high


def test_pairs_take_the_machines_mood_out():
    """Both slow down together by a factor of up to three; the ratio stays."""
    mood = [1.0, 3.0, 1.5, 2.0, 1.0, 2.5, 3.0, 1.2]
    ratio = ratio_of(("a", 20), ("b", 10), pairs([2 * m for m in mood], mood))
    assert ratio.time == pytest.approx(2)
    assert ratio.verdict == "confirmed"


def test_a_noisy_ratio_is_undecided():
    ratio = ratio_of(("a", 20), ("b", 10), pairs([1.1, 4.0, 2.0, 9.0, 1.2, 6.0], [1.0] * 6))
    assert ratio.noise
    assert ratio.verdict == "undecided"
