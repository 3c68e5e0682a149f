"""Random small spaces: the same networks, in the same order, as analyzing every point by itself."""

from __future__ import annotations

import os
import random
from fractions import Fraction

import pytest

from inception_calc import analyze
from inception_calc.analysis.spec_source import SpecSource
from inception_calc.solve import Limit
from inception_calc.sweep import run
from inception_calc.sweep.axes import Names, read_axes
from inception_calc.sweep.nearest import nearest
from inception_calc.sweep.question import Key, Question, read_relation
from inception_calc.sweep.run import sweep
from inception_calc.sweep.setup import set_up
from inception_calc.sweep.wording import Wording
from tests.helpers import loaded
from tests.sweep import brute

NET = """
name: net
input: 3x20x24
symbols: {classes: 10, growth: 6}
defaults: {convolution: {padding: same, activation: relu}}
blocks:
  module:
    columns: [1x1, 3x3 reduce, 3x3]
    concat:
      1x1: {convolution: 1x1, filters: 1x1}
      3x3: [{convolution: 1x1, filters: 3x3 reduce}, {convolution: 3x3, filters: 3x3}]
  bottleneck:
    columns: [width]
    sum:
      body: [{convolution: 1x1, filters: width}, {convolution: 3x3, filters: width, groups: 2},
             {convolution: 1x1, filters: input_channels}]
      skip: identity
rows:
  stem: {convolution: 5x5/2, filters: 8, padding: valid}
  pool: {max pool: 3x3/2, rounding: ceil}
  a: {module: [4, 2, 8]}
  b: {module: [6, growth, 4]}
  c: {bottleneck: [4], repeat: 2}
  last: {convolution: 3x3/2, filters: 2 * growth, padding: valid}
  out: {linear: classes}
variants:
  thin:
    rows: {a: {module: {1x1: 2}}}
"""
UNDECIDED = """
name: branches
input: 3x16x16
defaults: {convolution: {padding: same}}
rows:
  down:
    concat:
      kept: {convolution: 1x1, filters: 4}
      back: [{max pool: 2x2/2}, {convolution: 1x1, filters: 6}, {upsampling: 2x2}]
  end: {convolution: 3x3, filters: 8}
"""
AXES = {
    "a.1x1": ["1:7:2", "4,16,2"],
    "*.3x3": ["2:6", "3,9"],
    "b.3x3 reduce": ["5", "1:4"],
    "growth": ["2:9:3", "3,7"],
    "c.width": ["1:6", "2:8:2"],
    "c.repeat": ["1:3", "4,1"],
    "variant": ["default,thin", "thin"],
    "size": ["2:20:3", "17:33:8", "1:5"],
    "height": ["9:16:2"],
    "batch": ["1:3", "1,8"],
    "width_multiplier": ["1/4:1:1/4", "1/3,1,3/2", "2"],
    "last.filters": ["1,5,9"],
}
METRICS = ["params", "multiply_adds", "element_ops", "peak_activation_bytes", "traffic_bytes", "weights", "depth"]


def spaces() -> int:
    """How many spaces: the suite tries some, INCEPTION_CALC_SPACES=400 by hand."""
    return int(os.environ.get("INCEPTION_CALC_SPACES", "14"))


@pytest.mark.parametrize("seed", range(spaces()))
def test_random_spaces(seed: int):
    luck = random.Random(seed)  # noqa: S311
    text = UNDECIDED if seed % 6 == 5 else NET
    names = ["size", "batch", "height"] if text is UNDECIDED else [*AXES]
    if "size" in names:
        names.remove(luck.choice(["size", "height"]))
    sources = {name: SpecSource(loaded(text, name)) for name in (["default", "thin"] if text is NET else ["default"])}
    first = sources["default"]
    chosen = {name: luck.choice(AXES[name]) for name in luck.sample(names, luck.randint(1, min(4, len(names))))}
    axes = read_axes(chosen, Names.of(first), each=luck.random() < 0.5)
    round_to = luck.choice([None, None, 2, 1])
    setting = {"round_to": round_to, "training": luck.random() < 0.3}
    metrics = luck.sample(METRICS, 2)
    probe, _ = brute.networks(sources, axes, **setting)
    limits = []
    for metric in metrics:
        if probe and luck.random() < 0.7:
            value = luck.choice(probe).costs[metric]
            limits.append(Limit(metric, value, str(value), least=luck.random() < 0.4))
    keys = tuple(Key(metric, luck.random() < 0.5) for metric in metrics)
    kind = luck.choice(["all", "sort", "top", "pareto", "first"])
    asked = Question(
        tuple(limits), (), tuple(METRICS),
        keys if kind in ("sort", "top") else (), keys if kind == "pareto" else (),
        luck.randint(1, 5) if kind in ("top", "first") else None,
    )  # fmt: skip
    setup = set_up(sources, axes, asked, **setting)
    every, refused = brute.networks(sources, setup.networks.axes, **setting)
    found = sweep(setup)
    expected = brute.answer(every, asked)
    shown = [(point.values, point.metrics) for point in found.networks()]
    assert shown == [(one.values, tuple(one.costs[name] for name in asked.metrics)) for one in expected]
    assert found.found.fit == len(brute.answer(every, Question(tuple(limits))))
    assert found.found.refused.count == refused
    assert sum(count for count, _ in found.found.refused.reasons.values()) == refused
    assert sweep(setup, counting=True).found.fit == found.found.fit


def test_a_relation_holds_in_every_row_that_has_its_columns():
    spec = SpecSource(loaded(NET))
    axes = read_axes({"a.1x1": "1:9", "b.3x3": "10:16"}, Names.of(spec))
    asked = Question((), (read_relation("'3x3' >= 2 * '1x1'"), read_relation("'b.3x3' < 3 * 'a.1x1' + growth")))
    found = sweep(set_up({"default": spec}, axes, asked))
    assert [point.values for point in found.networks()] == [
        (a, b) for a in range(1, 10) for b in range(10, 17) if 2 * a <= 8 and b >= 2 * 6 and b < 3 * a + 6
    ]


def test_a_space_that_is_cut_elsewhere_has_the_same_answer(monkeypatch):
    spec = SpecSource(loaded(NET))
    axes = read_axes({"a.1x1": "1:9", "batch": "1:7", "c.repeat": "1:3", "growth": "3:5"}, Names.of(spec))
    for asked in (
        Question(),
        Question(sort=(Key("params", True),), top=7),
        Question(pareto=(Key("params", True), Key("flops"))),
    ):
        setup = set_up({"default": spec}, axes, asked)
        whole = [point.number for point in sweep(setup).networks()]
        monkeypatch.setattr(run, "TASK", 10)
        monkeypatch.setattr(run, "LISTED_TASK", 10)
        assert [point.number for point in sweep(setup).networks()] == whole
        monkeypatch.undo()


def test_a_spec_without_cells_takes_fractions_too():
    answer = sweep(Wording("inception_module", {"width_multiplier": "1/2:1:1/4", "reduction": "32,64"}).setup())
    found = {point.values: point.metrics for point in answer.networks()}
    assert len(found) == 6
    for (width, reduction), metrics in found.items():
        totals = analyze("inception_module", symbols={"width_multiplier": width, "reduction": reduction}).totals
        assert metrics == (totals.params, totals.multiply_adds)


HEADS = """
name: heads
input: 12x10
symbols: {heads: 3, shared: 1}
rows:
  encoder: {attention: heads, key value heads: shared}
"""


def test_heads_divide_channels_and_share_evenly():
    spec = SpecSource(loaded(HEADS))
    axes = read_axes({"heads": "1:13", "shared": "1:4"}, Names.of(spec))
    every, refused = brute.networks({"default": spec}, axes)
    answer = sweep(set_up({"default": spec}, axes, Question()))
    assert [point.values for point in answer.networks()] == [one.values for one in every]
    assert answer.found.refused.count == refused > 0


def test_a_relation_of_fractions_is_strict():
    wording = Wording(
        "googlenet", {"width_multiplier": "1/4:1:1/4"}, where=("width_multiplier < 1", "width_multiplier > 1 // 4")
    )
    assert [point.values for point in sweep(wording.setup()).networks()] == [(Fraction(n, 4),) for n in (1, 2, 3)]


@pytest.mark.parametrize("seed", range(4))
def test_the_nearest_network_breaks_least(seed: int):
    luck = random.Random(seed)  # noqa: S311
    spec = SpecSource(loaded(NET))
    axes = read_axes({"a.1x1": "1:6", "size": "16:24:4", "growth": "2:9:3"}, Names.of(spec))
    every, _ = brute.networks({"default": spec}, axes)
    params, work = (sorted(one.costs[name] for one in every) for name in ("params", "multiply_adds"))
    most, least = luck.choice(params) // 3, luck.choice(work) * 3
    limits = (Limit("params", most, ""), Limit("multiply_adds", least, "", least=True))

    def far(one: brute.Network) -> Fraction:
        over, under = one.costs["params"] - most, least - one.costs["multiply_adds"]
        return Fraction(max(0, over), most) + Fraction(max(0, under), least)

    setup = set_up({"default": spec}, axes, Question(limits))
    found = nearest(setup)
    assert found is not None
    assert found.is_sure
    best = min(every, key=far)
    digits = setup.space.digits(found.number)
    assert tuple(axis.value(digit) for axis, digit in zip(axes, digits, strict=True)) == best.values
    assert sum(breach.part for breach in found.breaches) == far(best)
