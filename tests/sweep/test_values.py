from __future__ import annotations

from fractions import Fraction

import pytest

from inception_calc.problems import Fault
from inception_calc.sweep.values import progression, read_values


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("32,48,64", [32, 48, 64]),
        ("16:128:16", [16, 32, 48, 64, 80, 96, 112, 128]),
        ("5:7", [5, 6, 7]),
        ("1:10:4", [1, 5, 9]),
        ("7", [7]),
        ("64, 1:3 ,9", [64, 1, 2, 3, 9]),
    ],
)
def test_lists_and_ranges(text: str, values: list[int]):
    assert list(read_values(text)) == values


def test_fractions_are_for_those_who_take_them():
    assert list(read_values("1/4:1:1/4", fractions=True)) == [Fraction(1, 4), Fraction(1, 2), Fraction(3, 4), 1]
    assert list(read_values("0.75,1", fractions=True)) == [Fraction(3, 4), 1]
    with pytest.raises(Fault, match="no integer"):
        read_values("3/4")


def test_symbols_of_a_spec_may_be_nothing():
    assert list(read_values("0:32:16", least=0)) == [0, 16, 32]
    step, before = progression(read_values("0:32:16", least=0))
    assert [before + step * count for count in (1, 2, 3)] == [0, 16, 32]
    with pytest.raises(Fault, match="positive"):
        read_values("0:32:16")
    with pytest.raises(Fault, match="positive"):
        read_values("0:32:0", least=0)


def test_a_range_is_never_written_out():
    assert len(read_values("1:1000000000")) == 10**9


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "missing"), ("3,,4", "missing"), ("a", "no number"), ("1e3", "no number"), ("1_000", "no number"),
        ("0", "positive"), ("-3", "positive"), ("9:1", "no value"), ("1:9:0", "positive"), ("1:2:3:4", "no range"),
        ("3,3", "twice"), ("10000000000", "billion"), ("1:100001,5", "too many"), ("٣", "no number"),
        ("1/0", "no number"),
    ],
)  # fmt: skip
def test_what_is_no_value_is_said(text: str, why: str):
    with pytest.raises(Fault, match=why):
        read_values(text)


@pytest.mark.parametrize("text", ["16:128:16", "12,20,60", "7", "1/3,1,3/2", "5:9:3"])
def test_every_value_is_a_positive_step_of_the_progression(text: str):
    values = read_values(text, fractions=True)
    step, before = progression(values)
    steps = [(Fraction(value) - before) / step for value in values]
    assert all(count.denominator == 1 and count >= 1 for count in steps)
