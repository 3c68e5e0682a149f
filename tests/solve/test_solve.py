"""The largest value that fits, against trying them one after the other."""

from __future__ import annotations

from fractions import Fraction

import pytest

from inception_calc.analysis import analyze
from inception_calc.problems import InputError, Undecided
from inception_calc.solve import read_limit, solve
from tests.helpers import loaded, shipped


def limits(*most: str, least: tuple[str, ...] = ()):
    return [*map(read_limit, most), *(read_limit(text, least=True) for text in least)]


def fits(spec, over: str, value, bounds, **setting) -> bool | None:
    """By the integer path alone; None where no such network can be built."""
    try:
        totals = analyze(spec, symbols={over: value}, **setting).totals
    except InputError:
        return None
    return all(bound.holds(getattr(totals, bound.metric)) for bound in bounds)


@pytest.mark.parametrize(
    ("name", "over", "most", "tried"),
    [
        ("googlenet", "size", ("multiply_adds=200M",), range(47, 140)),
        ("googlenet", "batch", ("multiply_adds=20G",), range(1, 30)),
        ("googlenet", "3a.3x3 reduce", ("multiply_adds=1.5G", "params=6.9M"), range(1, 60)),
        ("vgg_a", "size", ("params=40M", "activation_elements=1M"), range(32, 120)),
        ("alexnet", "conv2.filters", ("params=60M",), range(2, 80)),
        ("densenet121", "growth", ("multiply_adds=400M",), range(1, 20)),
    ],
)
def test_the_largest_integer(name: str, over: str, most: tuple[str, ...], tried: range):
    spec, bounds = shipped(name), limits(*most)
    verdicts = {value: fits(spec, over, value, bounds) for value in tried}
    best = max(value for value, verdict in verdicts.items() if verdict)
    following = min(value for value, verdict in verdicts.items() if verdict is False and value > best)
    solution = solve(spec, over, bounds)
    assert solution.at is not None
    assert solution.next is not None
    assert (solution.at.value, solution.next.value) == (best, following)
    assert solution.at.counts["params"] == analyze(spec, symbols={over: best}).totals.params


@pytest.mark.parametrize(("name", "step"), [("googlenet", 8), ("alexnet", 16)])
def test_width_multipliers_are_exact_fractions(name: str, step: int):
    """GoogLeNet's counts have the common divisor 8; AlexNet's 32, but two groups must divide conv2's 96 inputs."""
    spec, bounds = shipped(name), limits("params=20M", "multiply_adds=1G")
    solution = solve(spec, "width_multiplier", bounds)
    assert solution.at is not None
    assert solution.next is not None
    tried = [Fraction(j, 48) for j in range(1, 150)]
    verdicts = {value: fits(spec, "width_multiplier", value, bounds) for value in tried}
    assert solution.at.value == max(value for value, verdict in verdicts.items() if verdict)
    assert solution.next.value == min(value for value, verdict in verdicts.items() if verdict is False)
    assert Fraction(solution.at.value).denominator in range(1, step + 1)


TOWER = """
name: tower
input: 3x16x16
rows:
  a: {convolution: 3x3, filters: 24}
  b: {convolution: 3x3, filters: 40}
  c: {linear: 10}
"""


@pytest.mark.parametrize("multiple", [1, 4, 8])
@pytest.mark.parametrize("limit", [5_000, 60_000, 200_000, 400_000])
def test_rounded_widths_against_a_fine_grid(multiple: int, limit: int):
    """Channels change at multiples of 1/(18 lcm(24, 40, 10)); half as far apart nothing is missed."""
    spec, bounds = loaded(TOWER), limits(f"params={limit}")
    grid = [Fraction(j, 240) for j in range(1, 1500)]
    verdicts = [fits(spec, "width_multiplier", value, bounds, round_to=multiple) for value in grid]
    solution = solve(spec, "width_multiplier", bounds, round_to=multiple)
    if not verdicts[0]:
        assert solution.status == "no solution"
        return
    assert solution.at is not None
    assert solution.next is not None
    assert solution.step is not None
    last = max(value for value, verdict in zip(grid, verdicts, strict=True) if verdict)
    first = min(value for value, verdict in zip(grid, verdicts, strict=True) if not verdict)
    assert fits(spec, "width_multiplier", solution.at.value, bounds, round_to=multiple)
    assert not fits(spec, "width_multiplier", solution.next.value, bounds, round_to=multiple)
    assert solution.at.value < solution.next.value
    assert last <= solution.step.high <= first
    assert (
        analyze(spec, symbols={"width_multiplier": last}, round_to=multiple).totals.params
        == solution.at.counts["params"]
    )
    tiny = Fraction(1, 10**6)
    ends = [(solution.step.high, -tiny, tiny), *([(solution.step.low, tiny, -tiny)] if solution.step.low else [])]
    for end, inside, outside in ends:
        within, beyond = (
            analyze(spec, symbols={"width_multiplier": end + shift}, round_to=multiple).totals.params
            for shift in (inside, outside)
        )
        assert within == solution.at.counts["params"] != beyond


def test_a_cost_that_falls_again_is_said_not_to_be_monotone():
    """a (20 - a) is at most 75 up to 5 and from 15 on; 1x1 convolutions of a and 20 - a filters on one channel."""
    spec = loaded(
        "name: hill\ninput: 1x1x1\nsymbols: {a: 3}\ndefaults: {convolution: {bias: false}}\nrows:\n"
        "  a: {convolution: 1x1, filters: a}\n  b: {convolution: 1x1, filters: 20 - a}\n"
    )
    solution = solve(spec, "a", limits("weights=87"))  # a + a (20 - a): 80 at a = 5, 90 at 6, 90 at 15, 80 at 16
    assert solution.at is not None
    assert solution.at.value == 19
    assert solution.gaps == ((6, 15),)


def test_a_lower_limit_leaves_a_window():
    solution = solve(shipped("vgg_d"), "size", limits("params=200M", least=("params=100M",)))
    assert solution.at is not None
    assert solution.at.counts["params"] >= 100_000_000


def test_no_solution_and_no_end_are_said_plainly():
    nothing = solve(shipped("googlenet"), "size", limits("params=5M"))
    assert (nothing.status, nothing.at) == ("no solution", None)
    assert "6,998,552" in nothing.reason
    endless = solve(shipped("googlenet"), "size", limits("params=8M"))
    assert (endless.status, endless.reason) == ("unbounded", "params do not depend on size")


@pytest.mark.parametrize(
    ("name", "limit", "tried"),
    [
        pytest.param("bn_inception", "multiply_adds=2G", range(150, 260), marks=pytest.mark.thorough),
        ("unet", "multiply_adds=20G", range(100, 200)),
        pytest.param("unet@upsampling", "activation_elements=20M", range(60, 300), marks=pytest.mark.thorough),
    ],
)
def test_a_network_whose_branches_meet_at_some_sizes_only(name: str, limit: str, tried: range):
    spec, bounds = shipped(name), limits(limit)
    verdicts = {value: fits(spec, "size", value, bounds) for value in tried}
    best = max(value for value, verdict in verdicts.items() if verdict)
    following = min(value for value, verdict in verdicts.items() if verdict is False)
    solution = solve(spec, "size", bounds)
    assert solution.at is not None
    assert solution.next is not None
    assert (solution.at.value, solution.next.value) == (best, following)
    assert best < following


MEETING = """
name: meeting
input: 1x16x16
defaults: {convolution: {bias: false, padding: same}}
rows:
  meet: {concat: {a: {convolution: 1x1/4, filters: 1}, b: [{max pool: 2x2/2}, {max pool: 2x2/2}]}}
  cost:
    convolution: 1x1
    filters: %s
"""


@pytest.mark.parametrize(
    "filters",
    ["size // 8 + 1", "size // 4 + size % 24", "1 + size // 8 + (size % 3) * 5", "size // 8 + 24 - size % 24"],
)
@pytest.mark.parametrize("limit", ["weights=9", "weights=20", "weights=40", "multiply_adds=3k"])
def test_families_against_trying_every_value(filters: str, limit: str):
    """a is rounded up and b down: they meet at multiples of four; the cost goes up and down with other remainders."""
    spec, bounds = loaded(MEETING % filters), limits(limit)
    verdicts = {value: fits(spec, "size", value, bounds) for value in range(1, 200)}
    solution = solve(spec, "size", bounds)
    fitting = [value for value, verdict in verdicts.items() if verdict]
    if not fitting:
        assert solution.status == "no solution"
        return
    if solution.status == "unbounded":
        assert fitting[-1] > 170
        return
    assert solution.at is not None
    assert solution.at.value == fitting[-1]
    broken = [value for value, verdict in verdicts.items() if verdict is False and fitting[0] < value < fitting[-1]]
    runs: list[tuple[int, int]] = []
    for value in broken:
        if runs and not any(runs[-1][1] < one < value for one in fitting):
            runs[-1] = (runs[-1][0], value)
        else:
            runs.append((value, value))
    assert solution.gaps == tuple(runs)


def test_another_free_symbol_leaves_it_undecided():
    with pytest.raises(Undecided):
        solve(shipped("googlenet"), "size", limits("multiply_adds=1G"), symbols={"batch": None})


@pytest.mark.parametrize(
    "text",
    [
        "multiply_adds",
        "ops=1G",
        "multiply_adds=1g",
        "params=1.5",
        "params=-1",
        "param_bytes=8",
        "params=1e6",
        "params=99999999999T",
        "param_bytes=8KB",
    ],
)
def test_bad_limits(text: str):
    with pytest.raises(InputError):
        read_limit(text)


def test_a_bound_of_broken_bytes_is_the_nearest_whole_one_that_keeps_it():
    """1.01 KiB are 1034.24 bytes."""
    assert read_limit("param_bytes=1.01KiB").value == 1034
    assert read_limit("param_bytes=1.01KiB", least=True).value == 1035


@pytest.mark.parametrize(
    ("text", "value"), [("multiply_adds=1.5G", 1_500_000_000), ("params=7", 7), ("param_bytes=8MiB", 8 * 2**20)]
)
def test_units_are_those_of_budgets(text: str, value: int):
    assert read_limit(text).value == value


@pytest.mark.parametrize("kind", ["convolution", "transposed convolution"])
def test_a_kernel_ends_where_larger_ones_are_refused(kind: str):
    """A side has 4,096 at most: far more params are allowed here, and the answer is not that nothing fits."""
    spec = loaded(f"name: test\ninput: 2x8\nsymbols: {{k: 3}}\nrows: {{a: {{{kind}: k, padding: same, filters: 2}}}}\n")
    found = solve(spec, "k", [read_limit("params=100k")])
    assert found.at is not None
    assert (found.at.value, found.at.counts["params"], found.next) == (4096, 2 * 4096 * 2 + 2, None)
