from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inception_calc.analysis.units import BYTE_UNITS, read_bytes, read_count
from inception_calc.budget.numbers import BYTES, COUNT, RATIO, SHARE, Limit, read_allowance, read_limit, tightened
from inception_calc.problems import Fault


@pytest.mark.parametrize(
    ("text", "unit", "hint"),
    [
        ("28KB", BYTES, "28kB (1000) or 28KiB (1024)"),
        ("28mb", BYTES, "28MB"),
        ("28", BYTES, "kB MB GB"),
        ("28M", BYTES, "28MB"),
        ("3m", COUNT, "3M"),
        ("3K", COUNT, "3k"),
        ("1.6B", COUNT, "1.6G"),
        ("7MB", COUNT, "no bytes"),
        ("1,000", COUNT, "write digits"),
        ("1e6", COUNT, "digits"),
        ("-3", COUNT, "digits"),
        ("1.5", COUNT, "round"),
        ("15", SHARE, "percent sign"),
        ("35%", RATIO, "0.35"),
    ],
)
def test_anything_else_is_an_error_with_a_hint(text, unit, hint):
    with pytest.raises(Fault) as caught:
        read_limit(text, unit)
    assert hint in f"{caught.value.what} {caught.value.fix}"


def test_a_rise_must_be_written_as_one():
    for text in ("1%", "-5%", "0", "+", "+1e3", "+1MB"):
        with pytest.raises(Fault):
            read_allowance(text, COUNT)
    with pytest.raises(Fault):
        read_allowance("+1M", BYTES)


@pytest.mark.parametrize(
    ("text", "base", "limit"), [("+1%", 1000, 1010), ("+1%", 199, 200), ("+0", 7, 7), ("+2k", 5, 2005), ("+0%", 9, 9)]
)
def test_the_allowed_value_is_rounded_down(text, base, limit):
    assert read_allowance(text, COUNT).limit(base) == limit


@given(st.integers(1, 10**15))
def test_a_tightened_count_holds_and_is_close(value):
    text = tightened(Limit(Fraction(0), "1T", COUNT), Fraction(value))
    assert value <= read_count(text) <= value * Fraction(101, 100)


@given(st.integers(1024, 10**12), st.sampled_from(sorted(BYTE_UNITS)))
def test_a_tightened_size_keeps_its_family(value, unit):
    text = tightened(Limit(Fraction(0), f"9{unit}", BYTES), Fraction(value))
    assert value <= read_bytes(text) <= value * Fraction(101, 100)
    assert ("i" in text) == ("i" in unit)


def test_tightened_shares_and_ratios_hold():
    assert tightened(Limit(Fraction(1), "15%", SHARE), Fraction(1, 8)) == "12.5%"
    assert tightened(Limit(Fraction(1), "15%", SHARE), Fraction(12501, 100000)) == "12.6%"
    assert tightened(Limit(Fraction(1), "0.35", RATIO), Fraction(1, 8)) == "0.125"
    assert tightened(Limit(Fraction(1), "0.35", RATIO), Fraction(1, 3)) == "0.334"
