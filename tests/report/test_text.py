"""Numbers as people read them: three digits, K, M, G as thousands, never a digit that rounding made up."""

from __future__ import annotations

import unicodedata
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inception_calc.report.text import cell_width, exact, padded, percent, short, visible

UNITS = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12, "P": 10**15}


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0"),
        (999, "999"),
        (1_000, "1.00K"),
        (9_472, "9.47K"),
        (99_949, "99.9K"),
        (99_951, "100K"),
        (163_696, "164K"),
        (999_499, "999K"),
        (999_500, "1.00M"),
        (6_998_552, "7.00M"),
        (1_582_671_872, "1.58G"),
        (15_470_264_320, "15.5G"),
        (-2_408_448, "-2.41M"),
        (10**18, "1000P"),
    ],
)
def test_three_digits_and_a_unit(number: int, text: str):
    assert short(number) == text


@given(st.integers(min_value=1, max_value=10**17))
def test_a_short_number_is_within_half_of_its_last_digit(number: int):
    text = short(number)
    unit = UNITS[text[-1] if text[-1].isalpha() else ""]
    digits = text.rstrip("KMGTP")
    last = Fraction(unit, 10 ** len(digits.partition(".")[2]))
    assert abs(Fraction(digits) * unit - number) <= last / 2
    assert len(digits.replace(".", "")) <= 3 or unit == UNITS["P"]


@given(st.integers(min_value=-(10**20), max_value=10**20))
def test_exact_loses_nothing(number: int):
    assert int(exact(number).replace(",", "")) == number


@pytest.mark.parametrize(
    ("part", "text"), [("1/3", "33.3%"), ("1", "100.0%"), ("1/2000", "0.0%"), ("999/1000", "99.9%")]
)
def test_shares_have_one_decimal(part: str, text: str):
    assert percent(Fraction(part)) == text


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("abc", 3),
        ("\u5377\u7a4d", 4),
        ("\uff21", 2),
        ("e\u0301", 1),
        ("\u1112\u1161\u11ab", 2),
        ("\ud55c", 2),
        ("\xe9", 1),
    ],
    ids=ascii,
)
def test_terminal_cells_of_a_text(text: str, cells: int):
    """A Hangul syllable takes two cells, written as one character or as its three letters."""
    assert cell_width(text) == cells
    assert cell_width(padded(text, 9)) == cell_width(padded(text, 9, right=True)) == 9


@given(st.text())
def test_a_visible_text_has_no_character_that_a_terminal_obeys(text: str):
    shown = visible(text)
    assert not {unicodedata.category(character) for character in shown} & {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    assert len(shown.splitlines()) <= 1
    assert visible(shown) == shown
