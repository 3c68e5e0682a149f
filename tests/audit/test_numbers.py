"""What a printed text may mean, by hand."""

from fractions import Fraction

import pytest

from inception_calc.audit.numbers import BINARY, DECIMAL, read_number, read_shape


@pytest.mark.parametrize(
    ("text", "digits", "decimals", "suffix"),
    [
        ("22", 22, 0, ""),
        ("2.7K", Fraction(27, 10), 1, "K"),
        ("1072K", 1072, 0, "K"),
        ("22,855,952", 22_855_952, 0, ""),
        ("-3.45", Fraction(-345, 100), 2, ""),
        ("+1", 1, 0, ""),
        ("1.5B", Fraction(3, 2), 1, "B"),
        ("60k", 60, 0, "K"),
        ("60 M", 60, 0, "M"),
        ("1.5 billion", Fraction(3, 2), 1, "B"),
        ("60 million", 60, 0, "M"),
        ("650 thousand", 650, 0, "K"),
        ("2T", 2, 0, "T"),
        ("25%", 25, 0, ""),
    ],
)
def test_a_number(text, digits, decimals, suffix):
    found = read_number(text)
    assert (found.digits, found.decimals, found.suffix) == (digits, decimals, suffix)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "K",
        "12O",
        "1,07",
        "1 072",
        "22,855,95",
        "1e6",
        "28x28",
        "5 apples",
        "5  M",
        "million",
        ".5",
        "5.",
        "٣",
        "9" * 19,
    ],
)
def test_no_number(text):
    assert read_number(text) is None


@pytest.mark.parametrize(
    ("text", "value", "ways"),
    [
        ("159K", 159_500, {"truncated"}),
        ("160K", 159_500, {"rounded"}),  # a half is rounded up, or to the even digit
        ("128M", 128_049_152, {"rounded", "truncated"}),
        ("73M", 73_608_192, {"truncated"}),
        ("74M", 73_608_192, {"rounded"}),
        ("112K", 112_000, {"exact", "rounded", "truncated"}),
        ("54M", 51_079_168, set()),
        ("-3.45", Fraction(-34, 10), set()),
        ("-3.4", Fraction(-345, 100), {"rounded", "truncated"}),  # to the even digit; towards zero
        ("2", Fraction(5, 2), {"rounded", "truncated"}),
        ("3", Fraction(5, 2), {"rounded"}),
        ("2", Fraction(251, 100), {"truncated"}),
        ("3", -3, set()),
        ("0", 0, {"exact", "rounded", "truncated"}),
    ],
)
def test_how_a_value_is_printed_so(text, value, ways):
    assert read_number(text).roundings(value, DECIMAL) == ways


def test_units_decide():
    assert read_number("112K").roundings(112 * 1024, BINARY) == {"exact", "rounded", "truncated"}
    assert not read_number("112K").roundings(112 * 1024, DECIMAL)


@pytest.mark.parametrize("text", ["159K", "2.7K", "-3.45", "1.5B", "22", "0.75"])
def test_the_range_holds_just_what_is_printed_so(text):
    printed = read_number(text)
    low, high = printed.range(DECIMAL)
    step = (high - low) / 30
    for index in range(-5, 36):
        value = low + index * step
        inside = low <= value < high if printed.digits >= 0 else low < value <= high
        assert bool(printed.roundings(value, DECIMAL)) == inside, value


@pytest.mark.parametrize(
    ("text", "axes", "shape"),
    [
        ("28x28x256", 2, ((28, 28), 256)),
        ("27x27", 2, ((27, 27), None)),
        ("28", 2, None),
        ("28x", 2, None),
        ("1x2x3x4", 2, None),
        ("197x768", 1, ((197,), 768)),
        ("28", 1, ((28,), None)),
        ("1x2x3x4", 3, ((1, 2, 3), 4)),
        ("1000", 0, ((), 1000)),
    ],
)
def test_a_shape(text, axes, shape):
    found = read_shape(text, axes)
    assert (None if found is None else tuple(found)) == shape
