"""Naive against bottleneck: the width at which the bottleneck stops paying, by hand from the slides' terms."""

from __future__ import annotations

from inception_calc.analysis import analyze
from inception_calc.dims.signs import Region
from inception_calc.formula import closed_forms, differences
from tests.helpers import shipped


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


def test_width_multipliers_are_told_in_thousandths():
    first, second = (closed_forms(shipped(name), ["width_multiplier"]) for name in ("googlenet", "vgg_a"))
    whole = differences(first, second)[0]
    assert (whole.over, whole.step) == ("width_multiplier", 1000)


def test_several_free_symbols_have_no_single_change():
    first, second = (closed_forms(shipped(name), ["size", "batch"]) for name in ("googlenet", "vgg_a"))
    assert differences(first, second)[0].over == ""
