"""Where closed forms hold, against building the network at every value."""

from __future__ import annotations

from fractions import Fraction

import pytest

from inception_calc.analysis import analyze
from inception_calc.dims.progression import Progression
from inception_calc.problems import InputError
from inception_calc.solve import domain
from tests.helpers import loaded, shipped


def built(spec, name: str, value) -> bool:
    try:
        analyze(spec, symbols={name: value})
    except InputError:
        return False
    return True


@pytest.mark.parametrize(
    ("spec", "name", "tried"),
    [
        ("googlenet", "size", range(1, 120)),
        ("alexnet", "size", range(1, 120)),
        ("lenet5", "height", range(1, 90)),
        ("vgg_d", "batch", range(1, 5)),
        ("googlenet", "3a.3x3 reduce", range(1, 5)),
        ("googlenet", "width_multiplier", [Fraction(part, 48) for part in range(1, 100)]),
    ],
)
def test_a_domain_is_where_the_network_can_be_built(spec, name, tried):
    found = domain(shipped(spec), name)
    assert found is not None
    for value in tried:
        inside = any(low <= value and (high is None or value <= high) for low, high in found.runs)
        whole = Fraction(value) / Fraction(found.step)
        assert built(shipped(spec), name, value) == (inside and whole.denominator == 1), value


def test_a_domain_with_an_end_and_one_under_an_assumption():
    hill = loaded(
        "name: hill\ninput: 1x1x1\nsymbols: {a: 3}\nrows:\n"
        "  a: {convolution: 1x1, filters: a}\n  b: {convolution: 1x1, filters: 20 - a}\n"
    )
    found = domain(hill, "a")
    assert found is not None
    assert found.runs == ((1, 19),)
    unet = shipped("unet")
    for found in (domain(unet, "size"), domain(unet, "size", Progression(16))):  # its branches meet at no other size
        assert found is not None
        assert (found.runs, found.step) == (((16, None),), 16)
    assert domain(shipped("bn_inception"), "size") is None  # as many closed forms as remainders
    found = domain(shipped("googlenet"), "size", Progression(32, -27))  # 5, 37, 69 ...
    assert found is not None
    assert (found.runs, found.step) == (((69, None),), 32)
