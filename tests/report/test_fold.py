"""Long lines on a terminal."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inception_calc.report.fold import folded
from inception_calc.report.screen import Screen
from inception_calc.report.text import cell_width

NARROW = Screen(is_rich=True, width=40)


def test_files_and_pipes_are_left_alone():
    line = "a " * 100
    assert folded(line, Screen()) == line
    assert folded(line, Screen(width=40)) == line


def test_a_sum_hangs_under_the_equals_sign_with_its_signs_in_front():
    assert folded("params = 5,956,864*k**2 + 1,040,688*k + 1,000", NARROW) == (
        "params = 5,956,864*k**2 + 1,040,688*k\n         + 1,000"
    )


def test_parentheses_are_broken_last():
    assert folded("f = aaaaaaaaaaaaaaaaaaaaaaaa + (b - c)*ddddddddd", NARROW) == (
        "f = aaaaaaaaaaaaaaaaaaaaaaaa\n    + (b - c)*ddddddddd"
    )


def test_a_product_breaks_before_a_sign_and_powers_stay_whole():
    line = "n = kernel_height*kernel_width**2*input_channels//groups"
    assert folded(line, NARROW) == "n = kernel_height*kernel_width**2\n    *input_channels//groups"


@given(st.text(alphabet="ab (*/+-=)é漢", max_size=200), st.integers(30, 90))
def test_nothing_is_lost_and_lines_fit_where_they_can(line: str, width: int):
    parts = folded(line, Screen(is_rich=True, width=width)).split("\n")
    assert "".join("".join(parts).split()) == "".join(line.split())
    for part in parts[:-1]:
        assert cell_width(part) <= width


@pytest.mark.parametrize("width", [30, 60, 80])
def test_words_are_folded_too(width: int):
    text = "multiply-adds are quadratic in size and linear in N; the leading term is 75,668*N*size**2"
    assert max(map(len, folded(text, Screen(is_rich=True, width=width)).split("\n"))) <= width
