"""The bars of `compare`: as long as what is saved, and rises told from falls without colour."""

import re

import pytest

from inception_calc.comparison import Subject, compare
from inception_calc.report import html
from inception_calc.report.compare import parts_table, summary_table
from tests.helpers import analyzed

NET = "name: net\ninput: 3x8x8\nrows:\n  a: {{convolution: 1x1, filters: {}}}\n  b: {{convolution: 1x1, filters: {}}}\n"
BAR = re.compile(r'<td class="number share( falls)?" style="--share: ([0-9.]+)%">([^<]*)<')


def compared(*filters: tuple[int, int]):
    subjects = [Subject(f"net{index}", analyzed(NET.format(*each))) for index, each in enumerate(filters)]
    return compare(subjects, by="row")


def bars(table) -> list[tuple[bool, float, str]]:
    return [(bool(falls), float(length), text) for falls, length, text in BAR.findall(html.draw(table))]


@pytest.mark.parametrize(
    ("filters", "bar"),
    [
        ((10, 10), (False, 0.0, "0.0%")),  # 64 * (30 + 100) multiply-adds
        ((10, 1), (True, 69.2, "69.2%")),  # 64 * (30 + 10)
        ((1, 1), (True, 96.9, "96.9%")),  # 64 * (3 + 1)
        ((10, 15), (False, 38.5, "-38.5%")),  # 64 * (30 + 150)
    ],
)
def test_a_saving_is_as_long_as_what_is_saved(filters, bar):
    assert bars(summary_table(compared((10, 10), filters))) == [bar]


def test_costs_that_multiply_fill_the_bar_and_savings_keep_their_measure():
    rises, falls = bars(summary_table(compared((10, 10), (10, 49), (10, 1))))
    assert rises == (False, 100.0, "-300.0%")  # three times as much on top
    assert falls == (True, 23.1, "69.2%")


def test_a_difference_has_the_length_and_the_look_of_its_own_number():
    table = parts_table(compared((10, 10), (20, 1), (10, 4)), "multiply_adds")
    assert {row[0].text: bar for row, bar in zip(table.rows, bars(table), strict=True)} == {
        "b": (True, 100.0, "-3.84K"),
        "a": (False, 0.0, "0"),  # the last network's row is the reference's: no bar
    }
