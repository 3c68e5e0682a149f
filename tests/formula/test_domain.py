"""Where closed forms hold: the judge builds the network at one value after the other, as numbers."""

from __future__ import annotations

from fractions import Fraction

import pytest

from inception_calc.analysis import analyze
from inception_calc.formula import ClosedForms, Domain, closed_forms, differences
from inception_calc.problems import InputError
from inception_calc.report.formula_domain import python_condition
from inception_calc.spec_file import LoadedSpec
from tests.formula import restricted
from tests.helpers import loaded, shipped

SIZED = ["googlenet", "googlenet@torchvision", "alexnet", "densenet121", "inception_v4", "lenet_caffe", "spp_zf5@nospp"]
MADE = {
    "a kernel that is a symbol": "{c: {convolution: 3x3, filters: 4}, p: {max pool: kxk/2}}",
    "a depth that shrinks": "{c: {convolution: 3x3, filters: 40 - 3*k}}",
    "groups": "{c: {convolution: 1x1, filters: 12*k}, g: {convolution: 3x3, filters: 8*k + 4, groups: 8}}",
    "groups at times": "{c: {convolution: 1x1, filters: 3*k + 1}, g: {convolution: 1x1, filters: 8, groups: 4}}",
    "a depth between two limits": "{c: {convolution: 1x1, filters: k}, d: {convolution: 1x1, filters: 20 - k}}",
    "padding of a pool": "{p: {max pool: kxk/1, padding: 2}}",
    "a cut off map": "{t: {transposed convolution: 2x2/2, filters: 3, padding: k}}",
}


def built(spec: LoadedSpec, **values: int | Fraction) -> bool:
    try:
        analyze(spec, symbols=values)
    except InputError:
        return False
    return True


def holds(forms: ClosedForms, **values: int | Fraction) -> bool:
    return restricted.holds(python_condition(forms), {forms.identifiers[name]: value for name, value in values.items()})


@pytest.mark.parametrize("name", SIZED)
def test_sizes(name: str):
    spec = shipped(name)
    forms = closed_forms(spec, ["size"])
    for size in range(1, 81):
        assert holds(forms, size=size) == built(spec, size=size), size


@pytest.mark.parametrize("name", ["bn_inception", "unet"])
def test_sizes_under_an_assumption(name: str):
    spec = shipped(name)
    forms = closed_forms(spec, ["size"], ["size % 32 == 0"])
    for size in range(32, 200, 32):
        assert holds(forms, size=size) == built(spec, size=size), size
    assert not holds(forms, size=100)


@pytest.mark.parametrize("name", ["googlenet", "se_resnet50", "alexnet", "mobilenet_v2"])
def test_width_multipliers(name: str):
    spec = shipped(name)
    forms = closed_forms(spec, ["width_multiplier"])
    for width in {Fraction(n, d) for d in (1, 7, 16, 64, 128) for n in range(1, 9)}:
        assert holds(forms, width_multiplier=width) == built(spec, width_multiplier=width), width


@pytest.mark.parametrize("rows", MADE.values(), ids=MADE)
def test_symbols_of_a_spec(rows: str):
    spec = loaded(f"name: x\ninput: 4x9x9\nsymbols: {{k: 2}}\nrows: {rows}\n")
    forms = closed_forms(spec, ["k"])
    for k in range(1, 31):
        assert holds(forms, k=k) == built(spec, k=k), k


@pytest.mark.parametrize(("name", "symbol"), [("lenet5", "height"), ("vgg_d", "batch"), ("googlenet", "3a.3x3 reduce")])
def test_sides_batches_and_cells(name: str, symbol: str):
    spec = shipped(name)
    forms = closed_forms(spec, [symbol])
    for value in range(1, 90 if symbol == "height" else 5):
        assert holds(forms, **{symbol: value}) == built(spec, **{symbol: value}), value


def test_what_two_symbols_decide_together_is_a_condition():
    spec = loaded("name: x\ninput: 4x9x9\nsymbols: {k: 2}\nrows: {p: {max pool: kxk/2}, q: {max pool: 2x2/2}}\n")
    forms = closed_forms(spec, ["k", "size"])
    assert forms.domain.conditions
    for k in range(1, 9):
        for size in range(1, 12):
            assert holds(forms, k=k, size=size) == built(spec, k=k, size=size), (k, size)


def test_googlenet_at_46_can_not_be_built():
    """Issue 11: its closed form has a value there all the same."""
    forms = closed_forms(shipped("googlenet"), ["size", "batch"])
    assert forms.domain.values["size"].first == 47
    assert forms.domain.values["size"].layer == "pool4"
    assert forms.domain.values["batch"].is_every


def test_where_nothing_is_needed_every_value_is_allowed():
    forms = closed_forms(loaded("name: x\ninput: 4x9x9\nrows: {c: {convolution: 1x1, filters: 4}}\n"), ["size"])
    assert forms.domain == Domain({"size": forms.domain.values["size"]}, ())
    assert forms.domain.values["size"].is_every


def test_signs_of_a_difference_are_told_where_both_can_be_built():
    first, second = (closed_forms(shipped(name), ["size"]) for name in ("googlenet", "vgg_d"))
    whole, *_ = differences(first, second)
    regions = whole.regions["multiply_adds"]
    assert regions is not None
    assert whole.values.value(regions[0].start) == 47  # VGG is there from 32 on
