"""The law in the paper's words: numbers put into the printed formulas are what the table counts."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inception_calc.analysis import analyze
from inception_calc.dims.printing import python_text
from inception_calc.formula import CLOSED_METRICS, ClosedForms, closed_forms
from inception_calc.formula.closed import names_of_sizes
from inception_calc.problems import InputError, Undecided
from inception_calc.spec_file import load
from inception_calc.spec_file import shipped as shipped_specs
from tests.formula.restricted import evaluate
from tests.helpers import loaded, shipped
from tests.shipped_specs import sizes_at

EVERY = [
    f"{name}@{variant}"
    for name in shipped_specs.names()
    if name not in ("ghostnet", "swin_t")  # its halves are not whole at every width; a map of one window is not shifted
    for variant in ("default", *load(name).spec.variants)
]
NEEDS_MULTIPLES = ("bn_inception", "unet")
"""Their branches meet in one size only where the image is a multiple of 32."""
MULTIPLES = "size % 32 == 0"


@cache
def formulas(name: str) -> tuple[ClosedForms, bool]:
    """The closed forms in size, batch and, where the network can be widened, the width multiplier."""
    *_, side = shipped(name).spec.input.symbols  # `size`, or a signal's `length`
    free = ["batch", side]
    assume = [MULTIPLES] if name.startswith(NEEDS_MULTIPLES) else []
    try:
        return closed_forms(shipped(name), [*free, "width_multiplier"], assume), True
    except InputError as error:
        if {problem.code for problem in error.problems} != {"fixed-connections"}:
            raise
        return closed_forms(shipped(name), free, assume), False


def assert_counts(forms: ClosedForms, values: dict[str, int | Fraction], analysis) -> None:
    python = {name: values[symbol] for symbol, name in forms.identifiers.items()}
    groups = [(forms.totals, analysis.totals)]
    groups += [(form, row.totals) for form, row in zip(forms.rows, analysis.rows, strict=True)]
    groups += [(form, layer.totals) for form, layer in zip(forms.layers, analysis.single_layers, strict=True)]
    for form, totals in groups:
        for metric in CLOSED_METRICS:
            text = python_text(forms.in_symbols(form.counts[metric]), forms.identifiers)
            assert evaluate(text, python) == getattr(totals, metric), (form.name, metric)


OF_ONE_TABLE = re.compile(r"efficientnet_b0@b[1-6]")
"""The same rows at other multipliers."""


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=pytest.mark.thorough if OF_ONE_TABLE.fullmatch(name) else ()) for name in EVERY],
)
@settings(max_examples=2)
@given(data=st.data())
def test_numbers_put_in_give_what_is_counted(name: str, data: st.DataObject):
    forms, wide = formulas(name)
    *_, (symbol, side) = shipped(name).spec.input.symbols.items()  # `size`, or a signal's `length`
    sizes = st.sampled_from(sizes_at(name, side, 2 * side))
    if forms.assumptions:
        sizes = st.integers(side // 32 + 1, side // 16).map(lambda multiple: 32 * multiple)
    values: dict[str, int | Fraction] = {symbol: data.draw(sizes), "batch": data.draw(st.integers(1, 64))}
    if wide:
        values["width_multiplier"] = data.draw(st.sampled_from([Fraction(1, 2), 1, Fraction(3, 2), 2, 3]))
    try:
        analysis = analyze(shipped(name), symbols=values)
    except InputError as error:  # a width that leaves a filter count broken, or groups that do not divide it
        if not {problem.code for problem in error.problems} <= {"not-whole", "groups"}:
            raise
        values["width_multiplier"] = 2
        analysis = analyze(shipped(name), symbols=values)
    assert_counts(forms, values, analysis)


def test_googlenet_grows_with_the_square_of_its_width():
    """Issue 5: the published coefficients of the law."""
    forms = closed_forms(shipped("googlenet"), ["width_multiplier"])
    form = forms.totals.counts["multiply_adds"]
    assert python_text(form) == "1463633920*width_multiplier**2 + 119037952*width_multiplier"


def test_googlenet_over_batch_size_and_width():
    """By hand: conv1 is 9408 weights on (16 m)^2 positions; the classifier has 1024000 k multiply-adds."""
    forms = closed_forms(shipped("googlenet"), ["size", "width_multiplier", "batch"], [MULTIPLES])
    form = forms.totals.counts["multiply_adds"]
    assert names_of_sizes([forms]).text(form) == "29,870,080*N*m**2*k**2 + 2,408,448*N*m**2*k + 1,024,000*N*k"
    assert 2_408_448 == 7 * 7 * 3 * 64 * 16 * 16
    assert "m" not in python_text(forms.in_symbols(form)).replace("multiplier", "")


@settings(max_examples=10)
@given(remainder=st.integers(0, 7), multiple=st.integers(30, 60))
def test_an_assumed_remainder_holds_at_every_such_size(remainder: int, multiple: int):
    forms = closed_forms(shipped("googlenet"), ["size"], [f"size % 8 == {remainder}"])
    size = 8 * multiple + remainder
    assert_counts(forms, {"size": size}, analyze(shipped("googlenet"), symbols={"size": size}))


@pytest.mark.parametrize("cell", ["3a.3x3 reduce", "5b.pool proj", "conv1.filters", "conv2.3x3"])
def test_a_cell_is_as_free_as_a_symbol(cell: str):
    forms = closed_forms(shipped("googlenet"), [cell])
    for value in (1, 77, 300):
        assert_counts(forms, {cell: value}, analyze(shipped("googlenet"), symbols={cell: value}))


def test_an_identifier_is_a_name_for_python():
    forms = closed_forms(shipped("googlenet"), ["3a.3x3 reduce", "3a.3x3"])
    assert forms.identifiers == {"3a.3x3 reduce": "n_3a_3x3_reduce", "3a.3x3": "n_3a_3x3"}


def test_keywords_of_python_are_no_names():
    spec = loaded("name: x\ninput: 3x8x8\nsymbols: {lambda: 4}\nrows:\n  c: {convolution: 1x1, filters: lambda}\n")
    forms = closed_forms(spec, ["lambda"])
    assert python_text(forms.totals.counts["params"], forms.identifiers) == "4*lambda_"


def test_a_network_that_fits_together_at_some_sizes_only_is_undecided():
    with pytest.raises(Undecided):
        closed_forms(shipped("unet"), ["size"])


@pytest.mark.parametrize(
    ("text", "start", "width"),
    [
        ("sise % 32 == 0", 0, 4),
        ("size % 32", 0, 9),
        ("size * 32 == 0", 0, 10),
        ("size % 32 == 32", 12, 3),
        ("size % 32 == __import__('os')", 13, 10),
        ("width_multiplier % 2 == 0", 0, 16),
        ("size % 0 == 0", 0, 9),
    ],
)
def test_what_is_no_assumption_is_shown_where_it_stands(text: str, start: int, width: int):
    with pytest.raises(InputError) as caught:
        closed_forms(shipped("googlenet"), ["size", "width_multiplier"], [text])
    (problem,) = caught.value.problems
    assert problem.location is not None
    assert (problem.location.column - 1, problem.location.width) == (start, width)


@pytest.mark.parametrize(
    ("name", "fix"), [("batch", "free it: --free batch"), ("size", "the symbols here are batch, length")]
)
def test_an_assumption_about_what_is_not_free_is_put_right(name: str, fix: str):
    """A signal has no size that could be freed."""
    with pytest.raises(InputError) as raised:
        closed_forms(load("m11"), ["length"], [f"{name} % 2 == 0"])
    (problem,) = raised.value.problems
    assert (problem.code, problem.fix[: len(fix)]) == ("unknown-symbol", fix)
