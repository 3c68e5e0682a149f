"""Symbols then numbers is numbers: a formula, filled in, is what is counted at that number (design, section 3)."""

from __future__ import annotations

from fractions import Fraction
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inception_calc.analysis import Analysis, Group, analyze
from inception_calc.dims import Shape, formula_text, substitute
from inception_calc.graph import Graph
from inception_calc.problems import InputError, Undecided
from inception_calc.spec_file import shipped as shipped_specs
from tests.dims.trees import evaluate
from tests.helpers import rows, shipped
from tests.shipped_specs import sizes_at

SPECS = shipped_specs.names()
COUNTS = ("params", "weights", "biases", "buffers", "multiply_adds", "element_ops", "activation_elements")
FEW = settings(max_examples=3)


@cache
def symbolic(name: str, *free: str) -> Analysis:
    return analyze(shipped(name), symbols=dict.fromkeys(free))


def assert_agree(formulas: Analysis, numbers: Analysis, values: dict[str, int | Fraction]) -> None:
    """Totals in every count; rows in shape, params, multiply-adds and depth."""
    for count in COUNTS:
        formula, number = getattr(formulas.totals, count), getattr(numbers.totals, count)
        assert substitute(formula, values) == number, count
    assert formulas.totals.depth == numbers.totals.depth
    for formula_row, row in zip(formulas.rows, numbers.rows, strict=True):
        assert filled(formula_row, values) == (row.name, *row.output, row.totals.params, row.totals.multiply_adds)


def filled(row: Group, values: dict[str, int | Fraction]) -> tuple[object, ...]:
    counts = (*row.output, row.totals.params, row.totals.multiply_adds)
    return (row.name, *(substitute(count, values) for count in counts))


@pytest.mark.parametrize("name", [name for name in SPECS if name not in ("bn_inception", "unet", "swin_t")])
@FEW
@given(data=st.data())
def test_size(name: str, data: st.DataObject):
    """Never smaller than the paper's image, so that every window fits."""
    *_, (symbol_name, at_home) = shipped(name).spec.input.symbols.items()  # `size`, or a signal's `length`
    size = data.draw(st.sampled_from(sizes_at(name, at_home, at_home + 150)), "size")
    chosen = {symbol_name: size}
    assert_agree(symbolic(name, symbol_name), analyze(shipped(name), symbols=chosen), chosen)


def test_a_free_size_at_which_a_network_cannot_always_be_built_is_undecided():
    """BN-Inception: at an odd map the padded 3x3/2 leaves ceil(n / 2), the pool of 3c, by Caffe's rule, floor(n / 2).

    U-Net: what was halved and doubled is the copy's size only where every map is even.
    """
    for name, size in (("bn_inception", 232), ("unet", 500)):  # 232 leads to a map of 29, 500 to one of 125
        for chosen, stop, code in ((size, InputError, "branches-differ"), (None, Undecided, "undecided-join")):
            with pytest.raises(stop) as caught:
                analyze(shipped(name), symbols={"size": chosen})
            assert {problem.code for problem in caught.value.problems} == {code}
        assert analyze(shipped(name), symbols={"size": 256}).rows[-1].output[1:] in ((1, 1), (256, 256))


@pytest.mark.parametrize("name", SPECS)
@FEW
@given(batch=st.integers(1, 10**6))
def test_batch(name: str, batch: int):
    assert_agree(symbolic(name, "batch"), analyze(shipped(name), batch=batch), {"batch": batch})


@pytest.mark.parametrize("name", [name for name in SPECS if "classes" in shipped(name).spec.symbols])
@FEW
@given(classes=st.integers(1, 30_000))
def test_classes(name: str, classes: int):
    numbers = analyze(shipped(name), symbols={"classes": classes})
    assert_agree(symbolic(name, "classes"), numbers, {"classes": classes})


@pytest.mark.parametrize("name", [name for name in SPECS if name not in ("lenet5", "ghostnet")])
@FEW
@given(multiplier=st.integers(1, 5))
def test_width_multiplier(name: str, multiplier: int):
    """LeNet-5's connection table allows no width multiplier (rule 34); GhostNet's halves are not whole at every one."""
    numbers = analyze(shipped(name), symbols={"width_multiplier": multiplier})
    assert_agree(symbolic(name, "width_multiplier"), numbers, {"width_multiplier": multiplier})


@pytest.mark.parametrize("name", ["googlenet", "vgg_a", "alexnet", "inception_module"])
@pytest.mark.parametrize("multiplier", [Fraction(1, 2), Fraction(1, 4), Fraction(3, 2)], ids=str)
def test_width_multiplier_as_a_fraction_where_every_count_stays_whole(name: str, multiplier: Fraction):
    numbers = analyze(shipped(name), symbols={"width_multiplier": multiplier})
    assert_agree(symbolic(name, "width_multiplier"), numbers, {"width_multiplier": multiplier})


@pytest.mark.parametrize("name", ["googlenet", "resnet50", "mobilenet_v2", "lenet5", "spp_zf5"])
@FEW
@given(height=st.integers(224, 400), width=st.integers(224, 400))
def test_height_and_width_apart(name: str, height: int, width: int):
    numbers = analyze(shipped(name), input=(shipped(name).spec.input.channels, height, width))
    values = {"height": height, "width": width}
    assert_agree(symbolic(name, "height", "width"), numbers, values)


@pytest.mark.parametrize("name", ["googlenet", "alexnet", "xception", "densenet121"])
@FEW
@given(size=st.integers(299, 400), batch=st.integers(1, 64), classes=st.integers(1, 5000), k=st.integers(1, 3))
def test_all_of_them_at_once(name: str, size: int, batch: int, classes: int, k: int):
    values = {"size": size, "batch": batch, "classes": classes, "width_multiplier": k}
    assert_agree(symbolic(name, *values), analyze(shipped(name), symbols=values), values)


@pytest.mark.parametrize("name", ["googlenet", "vgg_d", "mobilenet_v2", "lenet5", "spp_zf5"])
@FEW
@given(data=st.data())
def test_the_printed_formula_of_a_total_is_evaluated_by_python_to_the_same_number(name: str, data: st.DataObject):
    """Design, section 5: with a symbol left free, numbers that depend on it are strings in the grammar of `formula`."""
    at_home = shipped(name).spec.input.height
    size = data.draw(st.sampled_from(sizes_at(name, at_home, at_home + 150)), "size")
    numbers = analyze(shipped(name), symbols={"size": size})
    for count in COUNTS:
        printed = formula_text(getattr(symbolic(name, "size").totals, count))
        assert evaluate(printed, size=size) == getattr(numbers.totals, count), count


def test_a_symbol_left_free_names_itself():
    assert symbolic("googlenet", "size").free == ("size",)
    assert symbolic("googlenet", "batch", "classes").free == ("batch", "classes")
    assert analyze(shipped("googlenet")).free == ()


def test_what_does_not_depend_on_a_free_symbol_stays_a_plain_int():
    """Design, section 3: ints in give ints out. GoogLeNet's params do not depend on the size of the image."""
    totals = symbolic("googlenet", "size").totals
    assert type(totals.params) is int
    assert type(totals.multiply_adds) is not int


@pytest.mark.parametrize("name", SPECS)
def test_numbers_are_plain_ints(name: str):
    analysis = analyze(shipped(name))
    graph: Graph = analysis.graph
    assert {type(side) for layer in graph.layers for side in layer.output} == {int}
    assert {type(getattr(cost, count)) for cost in analysis.layers for count in ("params", "multiply_adds")} == {int}


def test_branches_of_equal_size_join_whatever_the_size():
    """ceil(n / 2) is floor((n + 1) / 2): `same` and a padding of 1 leave one size, also where no number is known."""
    net = rows(
        """
        rows:
          join:
            concat:
              same: {convolution: 3x3/2, filters: 1, padding: same}
              half: {convolution: 3x3/2, filters: 1, padding: half}
              caffe: {max pool: 2x2/2, rounding: ceil}
        """,
        channels=1, symbols={"size": None},
    )  # fmt: skip
    for size in (7, 8):
        shape = Shape(*(substitute(side, {"size": size}) for side in net.rows[0].output))
        assert shape == (3, -(-size // 2), -(-size // 2))
