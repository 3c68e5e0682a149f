"""Numbers of limits as people write them; `tests/budget/test_numbers.py` has the hints."""

import pytest

from inception_calc.analysis.units import BYTE_UNITS, COUNT_UNITS, read_amount, read_bytes, read_count


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1.6G", 1_600_000_000),
        ("7M", 7_000_000),
        ("0", 0),
        ("1582671872", 1_582_671_872),
        ("2.5k", 2500),
        ("3 T", 3 * 10**12),
    ],
)
def test_counts(text, number):
    assert read_count(text) == number


@pytest.mark.parametrize(
    ("text", "number"), [("28MB", 28_000_000), ("8MiB", 8_388_608), ("1.5KiB", 1536), ("1kB", 1000)]
)
def test_bytes(text, number):
    assert read_bytes(text) == number


def test_bytes_need_not_be_whole_and_the_whole_ones_fit():
    assert read_amount("1.01KiB", in_bytes=True) * 100 == 101 * 1024
    assert read_bytes("1.01KiB") == 1034


def test_the_units_are_the_published_ones():
    assert COUNT_UNITS == {"": 1, "k": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}
    assert BYTE_UNITS["GiB"] == 2**30
    assert BYTE_UNITS["GB"] == 10**9
