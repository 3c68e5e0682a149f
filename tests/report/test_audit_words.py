"""The sentences of an audit: each says what the verdict rests on, and no digit that is not known."""

from fractions import Fraction

import pytest

from inception_calc.audit.contradictions import Chain, ColumnSum, Concatenation, CostPerWeight, Grid
from inception_calc.audit.single_changes import Change
from inception_calc.audit.verdicts import Compared, Contradicted, Explained, Reproduced, Unexplained
from inception_calc.dims import Shape
from inception_calc.report.audit_words import between, json_value, long_how, short_how, unit_text, value_text

TRUNCATED = Reproduced(("truncated",), ("params", "weights"), "K", 1024)


@pytest.mark.parametrize(
    ("finding", "text"),
    [
        (Reproduced(("exact",)), "exact"),
        (TRUNCATED, "K = 1024, truncated, with or without biases: neither is proven"),
        (
            Reproduced(("rounded",), ("params",), "K", 1024, is_exception=True),
            "K = 1024, rounded, with biases; not the column's rule",
        ),
        (Reproduced(("rounded", "truncated"), ("ops",), "M", 10**6), "M = 10^6, rounded or truncated"),
        (
            Reproduced(("rounded",), ("ops",), "K", 1000, other_units=(1024,)),
            "K = 1000 or K = 1024 (no unit is proven), rounded",
        ),
        (Compared("about"), "about 9"),
        (Explained("w", "wide", "", 12, Reproduced(("exact",))), "@wide gives 12: exact"),
        (Explained("w", "", "3 * 4", 12, Reproduced(("exact",))), "3 * 4 = 12: exact"),
        (
            Reproduced(("truncated",), ("ops",), "B", 10**9, digits=1),
            "B = 10^9, truncated to one digit",
        ),
        (
            Explained("w", "a", "", 9, Reproduced(("exact",)), (Explained("v", "b", "", 9, Reproduced(("exact",))),)),
            "@a gives 9: exact; or @b gives 9: exact; 2 reasons fit equally, none is proven",
        ),
        (Contradicted(None, "w"), "it comes to 7"),
        (
            Contradicted(CostPerWeight("463K", "100M", (14, 14), Fraction(92_695_456), Fraction(93_126_656))),
            "463K weights cost 92.6M to 93.2M at 14x14, its ops cell: 100M",
        ),
        (Contradicted(Concatenation((64, 96, 32), 200)), "its branches are 64 + 96 + 32 = 192 deep"),
        (
            Contradicted(Grid("3x3/2", (28, 28), (13, 13), (15, 15), (2,), (28, 28))),
            "a stride of 2 on 28x28 leaves at most 15x15, whatever the padding",
        ),
        (
            Contradicted(Grid("3x3/2", (28, 28), (13, 13), (15, 15), (2,), (12, 12))),
            "a stride of 2 on 28x28 leaves at least 13x13, whatever the padding",
        ),
        (
            Contradicted(Grid("3x3/1", (28, 28), (26, 26), (30, 30), (), (14, 14))),
            "a window without a stride on 28x28 leaves at least 26x26, whatever the padding",
        ),
        (Contradicted(Grid("", (8, 8), (1, 1), (1, 1), (), (3, 1))), "from 8x8 nothing but 1x1 can come out"),
        (Contradicted(Chain(("a", "b"), 1)), "its cells a and b are 2 layers, one after the other"),
        (Contradicted(ColumnSum(Fraction(989_500), Fraction(1_141_000))), "the column's cells sum to 0.9M to 1.2M"),
        (Unexplained("w", True), "nothing gives it"),
        (Unexplained("", False), "nothing gives it, and the spec gives no reason that does"),
        (Unexplained("w", True, Fraction(90)), "90 would give it, nothing confirms it"),
        (
            Unexplained("w", True, None, (Change("1x1", 192, (184, 188)), Change("5x5", 48, (40,)))),
            "3 single changes fit, none is proven",
        ),
        (
            Unexplained("w", True, None, (Change("5x5", 48, (40,)),)),
            "one single change fits, nothing confirms it",
        ),
    ],
)
def test_a_sentence(finding, text):
    assert short_how(finding, "9", 7) == text


def test_changes_are_listed_where_there_is_room():
    changes = (Change("1x1", 192, (184, 188)), Change("5x5", 48, (40,)))
    assert long_how(Unexplained("w.", True, None, changes), "9", 7) == (
        "3 single changes fit, none is proven. w. Its counts fit with 1x1 184 or 188 for 192; or 5x5 40 for 48."
    )


def test_the_specs_reason_follows_where_there_is_room():
    assert long_how(Unexplained("Left over.", True), "9", 7) == "nothing gives it. Left over."
    assert long_how(Reproduced(("exact",)), "9", 9) == "exact"
    exactly = Reproduced(("exact",))
    either = Explained("Either.", "a", "", 9, exactly, (Explained("Or.", "b", "", 9, exactly),))
    assert long_how(either, "9", 7) == (
        "@a gives 9: exact; or @b gives 9: exact; 2 reasons fit equally, none is proven. Either. Or."
    )


def test_a_recalled_number_is_said_to_be_one():
    recalled = "The printed number is recalled, not read again."
    assert long_how(Reproduced(("exact",)), "9", 9, unverified=True) == f"exact. {recalled}"
    assert long_how(Unexplained("w.", True), "9", 7, unverified=True) == f"nothing gives it. w. {recalled}"


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (Fraction(92_695_456), Fraction(93_126_656), "92.6M to 93.2M"),
        (Fraction(92_700_000), Fraction(93_100_000), "92.7M to 93.1M"),
        (Fraction(950), Fraction(1041), "0.9K to 1.1K"),
        (Fraction(1), Fraction(5, 2), "1.0 to 2.5"),
    ],
)
def test_ends_are_rounded_outwards(low, high, text):
    assert between(low, high) == text


@pytest.mark.parametrize(
    ("value", "text", "machine"),
    [
        (None, "", None),
        (1_234_567, "1,234,567", 1_234_567),
        (Fraction(8), "8", 8),
        (Fraction(-34, 10), "-3.4", -3.4),
        (Fraction(2, 3), "0.6667", 2 / 3),
        (Shape(256, 28, 14), "28x14x256", "28x14x256"),
    ],
)
def test_a_value(value, text, machine):
    assert value_text(value) == text
    assert json_value(value) == machine


@pytest.mark.parametrize(
    ("suffix", "unit", "text"),
    [("K", 1000, "K = 1000"), ("K", 1024, "K = 1024"), ("M", 10**6, "M = 10^6"), ("M", 2**20, "M = 1048576")],
)
def test_a_unit(suffix, unit, text):
    assert unit_text(suffix, unit) == text
