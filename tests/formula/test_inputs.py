"""Closed forms of networks with several inputs, and the sizes that a page of one lets a reader change."""

from __future__ import annotations

import pytest

from inception_calc.analysis import analyze
from inception_calc.dims import substitute
from inception_calc.formula import closed_forms, default_question
from inception_calc.formula.varied import Asked, varied
from tests.helpers import loaded

TEXT = """
name: three
input: {image: 3x16x16, text: 77, audio: 1x100, mask: [1, height, width]}
rows:
  masked: {concat: {image: identity, mask: {input: mask}}}
  conv: {convolution: 3x3, filters: 4}
  pool: {average pool: global}
  sound: {input: audio, then: [{convolution: 5, filters: 2}, {average pool: global}]}
  met: {concat: {picture: {output of: pool}, words: {input: text}, sound: identity}}
  classes: {linear: 10}
"""


def by_hand(size: int, text: int, length: int) -> int:
    """Its multiply-adds."""
    return (size - 2) ** 2 * 9 * 4 * 4 + (length - 4) * 5 * 2 + (4 + text + 2) * 10


@pytest.mark.parametrize(("size", "length"), [(16, 100), (3, 5), (40, 9)])
def test_every_input_has_symbols_of_its_own(size: int, length: int):
    forms = closed_forms(loaded(TEXT), ["size", "audio_length"], input=None)
    value = forms.totals.counts["multiply_adds"].replaced({"size": size, "audio_length": length})
    assert value == by_hand(size, 77, length)


def test_sizes_of_others_stay_where_they_are_given():
    forms = closed_forms(loaded(TEXT), ["size"], input={"text": (7,)})
    assert forms.totals.counts["multiply_adds"].replaced({"size": 20}) == by_hand(20, 7, 100)


def test_where_nobody_says_it_the_first_inputs_size_is_free():
    origin = analyze(loaded(TEXT)).origin
    assert default_question([origin], sized=False)[0] == ("batch", "size", "width_multiplier")


@pytest.mark.parametrize(
    ("input", "symbols", "text", "length"),
    [
        (None, {}, 77, 100),
        ({"text": (7,)}, {}, 7, 100),
        ({"text": (7,), "audio": (1, 50)}, {}, 7, 50),
        ({"image": (3, 16, 16), "text": (7,)}, {}, 7, 100),
        (None, {"audio_length": "50"}, 77, 50),
    ],
)
def test_a_page_varies_the_network_that_was_asked_for(input, symbols, text: int, length: int):  # noqa: A002
    setting = {"input": input, "batch": None, "symbols": symbols, "training": False, "round_to": None}
    analysis = analyze(loaded(TEXT), **setting)
    found, why = varied(analysis, Asked(setting))
    assert found is not None, why
    free = found.analysis.totals.multiply_adds
    assert substitute(free, found.at) == analysis.totals.multiply_adds == by_hand(16, text, length)
    assert substitute(free, {**found.at, "size": 30}) == by_hand(30, text, length)
