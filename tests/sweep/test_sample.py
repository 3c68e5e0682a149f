"""Samples: uniform, reproducible, of known or estimated candidates."""

from __future__ import annotations

from collections import Counter
from itertools import islice

import pytest

from inception_calc.sweep import sample as room
from inception_calc.sweep.chance import chosen, draws
from inception_calc.sweep.cover import cover
from inception_calc.sweep.run import sweep
from inception_calc.sweep.sample import count, sample
from inception_calc.sweep.wording import Wording

SMALL = Wording("googlenet", {"3a.3x3 reduce": "16:128:16", "4*.5x5": "32,48,64"}, max=("multiply_adds=1.58G",))
LARGE = Wording("googlenet", {"*.3x3": "64:384:64"}, each=True, within=("params=6M±10%",))


def exactly(setup):
    return lambda: sweep(setup, counting=True).found


def drawn(wording: Wording, number: int, seed: int) -> list[int]:
    setup = wording.setup()
    found, _ = sample(setup, number, seed, exactly(setup))
    return [int(index) for array in found.indices for index in array]


def fitting(wording: Wording) -> list[int]:
    return [point.number for point in sweep(wording.setup()).networks()]


def test_draws_are_as_likely_as_one_another():
    counts = Counter(islice(draws(6, 1), 6000))
    assert set(counts) == set(range(6))
    assert all(abs(number - 1000) < 150 for number in counts.values())  # five standard deviations


def test_draws_go_beyond_any_word():
    assert max(islice(draws(10**60, 3), 50)) > 10**58


@pytest.mark.parametrize("number", [3, 7, 9, 20])
def test_chosen_numbers_are_different(number: int):
    found = chosen(number, 10, 4)
    assert len(set(found)) == min(number, 10)
    assert set(found) <= set(range(10))


def test_a_sample_is_of_networks_that_fit_and_the_same_again():
    all_of_them = fitting(SMALL)
    first = drawn(SMALL, 5, 1)
    assert len(first) == 5
    assert set(first) < set(all_of_them)
    assert first == drawn(SMALL, 5, 1) == sorted(first)
    assert first != drawn(SMALL, 5, 2)
    assert drawn(SMALL, 1000, 1) == all_of_them


def test_every_network_is_drawn_from_a_large_space_too(monkeypatch):
    """The way of large spaces, on one that is small enough to know all."""
    monkeypatch.setattr(room, "MOST_COUNTED", -1)
    monkeypatch.setattr(room, "DRAWS", 200)
    monkeypatch.setattr(room, "cover", lambda setup: cover(setup, 1))
    all_of_them = fitting(SMALL)
    counts = Counter(index for seed in range(16) for index in drawn(SMALL, 7, seed))
    assert set(counts) == set(all_of_them)
    setup = SMALL.setup()
    _, estimate = count(setup, exactly(setup))
    assert estimate is not None
    assert estimate.low <= len(all_of_them) <= estimate.high


def test_the_estimate_of_a_large_space_holds_the_exact_number(monkeypatch):
    setup = LARGE.setup()
    exact, nothing = count(setup, exactly(setup))
    assert nothing is None
    monkeypatch.setattr(room, "MOST_COUNTED", 0)
    monkeypatch.setattr(room, "DRAWS", 4000)
    _, estimate = count(setup, exactly(setup))
    assert estimate is not None
    assert estimate.low <= exact.fit <= estimate.high
    assert estimate.high - estimate.low < setup.space.size // 10


def test_a_space_of_ten_to_the_thirty_is_answered_by_draws(monkeypatch):
    monkeypatch.setattr(room, "DRAWS", 1000)
    wording = Wording("googlenet", {"3?.*": "1:1000", "4*": "8:64:8"}, each=True, max=("multiply_adds=2G",))
    setup = wording.setup()
    assert setup.space.size > 10**30
    found, estimate = sample(setup, 3, 1, exactly(setup))
    assert estimate is not None
    assert len(found.indices[0]) == 3
    assert all(index < setup.space.size for index in found.indices[0])
