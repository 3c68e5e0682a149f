"""Naive against bottleneck: the width at which the bottleneck stops paying, by hand from the slides' terms."""

from __future__ import annotations

from fractions import Fraction

import pytest

from inception_calc.analysis import analyze
from inception_calc.dims.signs import Region
from inception_calc.formula import closed_forms, differences
from inception_calc.problems import InputError
from tests.helpers import loaded, shipped


def test_the_width_at_which_the_bottleneck_stops_paying():
    """28 x 28 x 256 in; 128, 192, 96 filters, a 64-filter projection, both reductions r wide (cs231n, lecture 9).

    naive 9*256*192 + 25*256*96 = 1,056,768; bottleneck r (256 + 9*192 + 256 + 25*96) + 64*256 = 4640 r + 16,384.
    """
    naive, reduced = (
        closed_forms(shipped(name), ["reduction"]) for name in ("inception_module@naive", "inception_module")
    )
    whole, *rows = differences(naive, reduced)
    assert not rows
    assert whole.over == "reduction"
    last = (9 * 256 * 192 + 25 * 256 * 96 - 64 * 256) // (256 + 9 * 192 + 256 + 25 * 96)
    assert whole.regions["multiply_adds"] == (Region(1, last, -1), Region(last + 1, None, 1))


def test_the_counts_agree_on_both_sides_of_the_change():
    naive = analyze(shipped("inception_module@naive")).totals.multiply_adds
    costs = [analyze(shipped("inception_module"), symbols={"reduction": r}).totals.multiply_adds for r in (224, 225)]
    assert costs[0] < naive < costs[1]


def test_a_row_of_its_own_is_told_where_only_it_depends():
    first, second = (closed_forms(shipped(name), ["3a.3x3 reduce"]) for name in ("googlenet@naive", "googlenet"))
    whole, row = differences(first, second)
    assert (whole.name, row.name) == ("total", "3a")
    regions = row.regions["multiply_adds"]
    assert regions is not None
    assert [region.sign for region in regions] == [-1, 1]


@pytest.mark.parametrize(
    ("one", "other"), [("googlenet", "mobilenet_v2"), ("vgg_a", "resnet50"), ("alexnet", "nin_imagenet")]
)
def test_width_multipliers_are_told_in_the_steps_that_both_can_take(one: str, other: str):
    first, second = (closed_forms(shipped(name), ["width_multiplier"]) for name in (one, other))
    whole = differences(first, second)[0]
    regions = whole.regions["params"]
    assert regions is not None
    assert whole.over == "width_multiplier"
    for count in range(1, 30):
        multiplier = whole.values.value(count)
        costs = []
        try:
            for name in (one, other):
                found = analyze(shipped(name), symbols={"width_multiplier": multiplier})
                costs.append(found.totals.params)
        except InputError as error:  # groups need more than whole counts
            assert {problem.code for problem in error.problems} <= {"groups"}  # noqa: PT017
            continue
        (region,) = (one for one in regions if one.start <= count and (one.stop is None or count <= one.stop))
        assert region.sign == (costs[1] > costs[0]) - (costs[1] < costs[0])


def test_between_the_steps_the_change_is_an_exact_number():
    """VGG A has 7,518,289,920 k^2 + 90,800,128 k, GoogLeNet 1,463,633,920 k^2 + 119,037,952 k multiply-adds."""
    first, second = (closed_forms(shipped(name), ["width_multiplier"]) for name in ("googlenet", "vgg_a"))
    changes = differences(first, second)[0].changes["multiply_adds"]
    assert changes is not None
    (root,) = changes
    assert Fraction(root.text) == Fraction(119_037_952 - 90_800_128, 7_518_289_920 - 1_463_633_920)


def test_under_an_assumption_the_signs_are_told_in_the_symbol():
    """A convolution of 4 x 4 / 4 against one of 1 x 1 / 2: 16 (n/4)^2 and 2 filters of (n/2)^2, and a constant."""
    large = "name: a\ninput: 1x8x8\nrows:\n  c: {convolution: 4x4/4, filters: 1, bias: false}\n"
    small = (
        "name: b\ninput: 1x8x8\nrows:\n  c: {convolution: 1x1/2, filters: 2, bias: false}\n"
        "  p: {max pool: global}\n  l: {linear: 200}\n"
    )
    first, second = (closed_forms(loaded(text), ["size"], ["size % 4 == 0"]) for text in (large, small))
    whole = differences(first, second)[0]
    regions = whole.regions["multiply_adds"]
    assert regions is not None
    found = [(whole.values.value(r.start), r.stop and whole.values.value(r.stop), r.sign) for r in regions]
    assert found == [(4, 28, 1), (32, None, -1)]  # n^2 - (n^2 / 2 + 400): even at n = sqrt(800) = 28.3


def test_several_free_symbols_have_no_single_change():
    first, second = (closed_forms(shipped(name), ["size", "batch"]) for name in ("googlenet", "vgg_a"))
    assert differences(first, second)[0].over == ""
