"""The smallest value that fits, ranges, peaks and fronts, against trying every value by the integer path."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest

from inception_calc.analysis import analyze
from inception_calc.analysis.metrics import METRICS
from inception_calc.dims import bounds
from inception_calc.problems import InputError, Undecided
from inception_calc.solve import front, read_limit, solve
from tests.helpers import loaded, shipped
from tests.solve.test_solve import TOWER

THOROUGH = pytest.mark.thorough


def limits(*most: str, least: tuple[str, ...] = ()):
    return [*map(read_limit, most), *(read_limit(text, least=True) for text in least)]


def fits(spec, values, bounds, **setting) -> bool | None:
    """None where no such network can be built."""
    try:
        analysis = analyze(spec, symbols=values, **setting)
    except InputError:
        return None
    return all(bound.holds(METRICS[bound.metric].of(analysis)) for bound in bounds)


@pytest.mark.parametrize(
    ("name", "over", "most", "least", "tried"),
    [
        ("googlenet", "size", (), ("multiply_adds=3G",), range(300, 330)),
        ("googlenet", "size", (), ("multiply_adds=100M",), range(40, 80)),
        ("googlenet", "size", ("multiply_adds=400M",), ("multiply_adds=300M",), range(47, 180)),
        pytest.param(
            "googlenet",
            "size",
            ("peak_activation_bytes=1MiB",),
            ("multiply_adds=200M",),
            range(47, 180),
            marks=THOROUGH,
        ),
        ("googlenet", "batch", (), ("multiply_adds=20G",), range(1, 30)),
        ("googlenet", "3a.3x3 reduce", (), ("params=7M",), range(1, 200)),
        ("vgg_a", "size", ("params=200M",), ("params=100M",), range(32, 420)),
        pytest.param("unet", "size", ("multiply_adds=60G",), ("multiply_adds=20G",), range(100, 300), marks=THOROUGH),
        pytest.param("unet@upsampling", "size", (), ("activation_elements=20M",), range(60, 300), marks=THOROUGH),
        ("densenet121", "growth", ("peak_activation_bytes=6MiB",), (), range(1, 80)),
    ],
)
def test_the_smallest_and_the_largest(name, over, most, least, tried):
    spec, bounds = shipped(name), limits(*most, least=least)
    verdicts = {value: fits(spec, {over: value}, bounds) for value in tried}
    fitting = [value for value, verdict in verdicts.items() if verdict]
    solution = solve(spec, over, bounds)
    assert solution.status == "found"
    if least:
        assert solution.low is not None
        assert solution.low.value == fitting[0]
        before = [value for value, verdict in verdicts.items() if verdict is not None and value < fitting[0]]
        assert solution.previous is not None
        assert solution.previous.value == before[-1]
    assert (solution.at is not None) == bool(most)
    if solution.at is not None:
        after = [value for value, verdict in verdicts.items() if verdict is not None and value > fitting[-1]]
        assert solution.next is not None
        assert (solution.at.value, solution.next.value) == (fitting[-1], after[0])


@pytest.mark.parametrize("name", ["googlenet", "vgg_d", "alexnet", "lenet5", "unet", "resnet50"])
def test_without_limits_it_is_the_smallest_that_can_be_built(name):
    spec = shipped(name)
    built = next(value for value in range(1, 400) if fits(spec, {"size": value}, ()) is not None)
    solution = solve(spec, "size", ())
    assert solution.low is not None
    assert (solution.low.value, solution.previous, solution.at) == (built, None, None)
    assert (built == 1) == (solution.reason == "")


def test_the_peak_is_bisected_over_sizes_and_widths():
    spec, bounds = shipped("googlenet"), limits("peak_activation_bytes=3MiB")
    sizes = {value: fits(spec, {"size": value}, bounds) for value in range(47, 240)}
    solution = solve(spec, "size", bounds)
    assert solution.at is not None
    assert solution.at.value == max(value for value, verdict in sizes.items() if verdict)
    widths = {Fraction(part, 8): fits(spec, {"width_multiplier": Fraction(part, 8)}, bounds) for part in range(1, 17)}
    solution = solve(spec, "width_multiplier", bounds)
    assert solution.at is not None
    assert solution.at.value == max(value for value, verdict in widths.items() if verdict)


def test_a_peak_that_may_fall_is_undecided():
    """b has fewer filters as a grows: the largest map is once the one, once the other."""
    spec = loaded(
        "name: swap\ninput: 1x4x4\nsymbols: {a: 3}\nrows:\n"
        "  a: {convolution: 1x1, filters: a}\n  b: {convolution: 1x1, filters: 20 - a}\n"
    )
    with pytest.raises(Undecided) as caught:
        solve(spec, "a", limits("peak_activation_bytes=1MiB"))
    assert caught.value.problems[0].code == "no-exact-answer"


@pytest.mark.parametrize("multiple", [1, 8])
@pytest.mark.parametrize(("most", "least"), [(None, 60_000), (None, 200_000), (200_000, 60_000)])
def test_rounded_widths_from_below_against_a_fine_grid(multiple, most, least):
    spec = loaded(TOWER)
    bounds = limits(*([f"params={most}"] if most else []), least=(f"params={least}",))
    grid = [Fraction(part, 240) for part in range(1, 1500)]
    fitting = [value for value in grid if fits(spec, {"width_multiplier": value}, bounds, round_to=multiple)]
    solution = solve(spec, "width_multiplier", bounds, round_to=multiple)
    assert solution.low is not None
    assert solution.low_step is not None
    assert solution.low_step.low <= fitting[0] <= solution.low_step.high
    assert fits(spec, {"width_multiplier": solution.low.value}, bounds, round_to=multiple)
    assert solution.previous is not None
    assert not fits(spec, {"width_multiplier": solution.previous.value}, bounds, round_to=multiple)
    assert (solution.at is not None) == (most is not None)
    if solution.step is not None:
        assert solution.step.low <= fitting[-1] <= solution.step.high


def test_a_range_that_is_empty_has_no_solution():
    solution = solve(shipped("googlenet"), "size", limits("multiply_adds=310M", least=("multiply_adds=309M",)))
    assert solution.status == "no solution"


# ---------------------------------------------------------------------------------------------------------------------
# Two symbols at once


SMALL = """
name: small
input: 2x8x8
defaults: {convolution: {bias: false, padding: same}}
rows:
  a: {convolution: 3x3, filters: 4}
  b: {convolution: 3x3/2, filters: 8}
  c: {linear: 5}
"""


@pytest.mark.parametrize(
    ("over", "bounds", "values"),
    [
        (("size", "width_multiplier"), ("multiply_adds=300k",),
         (range(1, 140), [Fraction(part, 4) for part in range(1, 160)])),
        (("size", "width_multiplier"), ("multiply_adds=300k", "params=9k"),
         (range(1, 140), [Fraction(part, 4) for part in range(1, 160)])),
        (("size", "batch"), ("activation_elements=8k",), (range(1, 100), range(1, 1300))),
        (("batch", "size"), ("peak_activation_bytes=16KiB",), (range(1, 1100), range(1, 100))),
        (("a.filters", "b.filters"), ("params=600", "multiply_adds=60k"), (range(1, 80), range(1, 80))),
    ],
)  # fmt: skip
def test_the_front_against_every_pair(over, bounds, values):
    spec, checked = loaded(SMALL), limits(*bounds)
    best: dict[object, object] = {}
    for second in values[1]:
        for first in values[0]:
            if not fits(spec, {over[0]: first, over[1]: second}, checked):
                break  # no count falls when a value grows: hand-checked for this network
            best[second] = first
    expected = [
        (first, second)
        for second, first in best.items()
        if not any(other > second and one >= first for other, one in best.items())
    ]
    found = front(spec, over, checked)
    assert [pair.values for pair in found.pairs] == expected
    assert len(expected) > 2


@THOROUGH
def test_a_front_of_branches_that_meet_at_some_sizes_only():
    spec, checked = shipped("unet"), limits("multiply_adds=60G")
    found = front(spec, ("size", "batch"), checked)
    best = {
        batch: max(size for size in range(140, 400) if fits(spec, {"size": size, "batch": batch}, checked))
        for batch in (1, 2)
    }
    assert found.pairs[0].values[0] == best[1]
    assert all(fits(spec, dict(zip(("size", "batch"), pair.values, strict=True)), checked) for pair in found.pairs)


@pytest.mark.parametrize(
    ("over", "bounds", "error"),
    [
        (("size", "size"), limits("params=1M"), InputError),
        (("size", "batch"), (), InputError),
        (("size", "batch"), limits(least=("params=1M",)), InputError),
        (("size", "batch"), limits("params=1G"), Undecided),
        (("size", "batch"), limits("multiply_adds=1T"), Undecided),
    ],
    ids=["twice", "no limit", "from below", "without end", "too long"],
)
def test_a_front_that_is_none(over, bounds, error):
    with pytest.raises(error):
        front(loaded(SMALL), over, bounds)


def test_a_front_on_which_a_count_may_fall_is_undecided():
    spec = loaded(
        "name: hill\ninput: 1x1x1\nsymbols: {a: 3}\ndefaults: {convolution: {bias: false}}\nrows:\n"
        "  a: {convolution: 1x1, filters: a}\n  b: {convolution: 1x1, filters: 20 - a}\n"
    )
    with pytest.raises(Undecided) as caught:
        front(spec, ("a", "batch"), limits("multiply_adds=900"))
    assert caught.value.problems[0].code == "not-monotone"


def test_a_front_whose_searches_are_too_many_in_all_is_too_long(monkeypatch):
    """No closed form is too long, and leaving fewer symbols free would not help."""
    monkeypatch.setattr(bounds, "MOST_WORK", 30_000)  # enough for each search, not for all
    with bounds.question(), pytest.raises(Undecided) as caught:
        front(loaded(SMALL), ("size", "batch"), limits("activation_elements=8k"))
    assert caught.value.problems[0].code == "too-many"
    assert re.match(r"the front is too long: it is too much work beyond [1-9]\d* pairs", caught.value.problems[0].what)


def test_no_pair_fits():
    found = front(loaded(SMALL), ("size", "batch"), limits("params=1"))
    assert found.pairs == ()
    assert "params" in found.reason
