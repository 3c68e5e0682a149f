"""Any uniform increase in the number of filters results in a quadratic increase of computation (section 3)."""

from inception_calc.formula import closed_forms, growth
from tests.helpers import loaded, shipped


def test_computation_is_quadratic_in_width_and_size_and_linear_in_batch():
    names = ("batch", "size", "width_multiplier")
    forms = closed_forms(shipped("googlenet"), names)
    found = growth(forms.totals.counts["multiply_adds"], names)
    assert found.degrees == {"batch": 1, "size": 2, "width_multiplier": 2}


def test_the_leading_term_takes_floors_as_quotients():
    """A 1x1 convolution of stride 2 on n x n: floor((n - 1) / 2 + 1)^2 positions, a quarter of n^2 in the end."""
    spec = loaded("name: x\ninput: 4x8x8\nrows:\n  c: {convolution: 1x1/2, filters: 8, bias: false}\n")
    forms = closed_forms(spec, ["size"])
    found = growth(forms.totals.counts["multiply_adds"], ("size",))
    assert found.leading is not None
    assert found.leading.value({"size": 10}) == 4 * 8 * 100 // 4


def test_what_a_minimum_decides_has_no_leading_term():
    spec = loaded(
        "name: x\ninput: 4x8x8\nsymbols: {a: 8}\nrows:\n  c:\n    convolution: 1x1\n    filters: min(a, 2 * a - 6)\n"
    )
    forms = closed_forms(spec, ["a"])
    assert growth(forms.totals.counts["params"], ("a",)).leading is None
