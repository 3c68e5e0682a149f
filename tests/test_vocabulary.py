"""A hint is for a typing mistake: it never swaps one real word of the field for another."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inception_calc.analysis.metrics import METRICS
from inception_calc.analysis.model import DTYPES
from inception_calc.dims.expression import FUNCTIONS
from inception_calc.ops.activation_words import ACTIVATIONS
from inception_calc.ops.fields import ROUNDINGS
from inception_calc.ops.padding_fields import PADDING_WORDS
from inception_calc.ops.register import COMMON, REGISTER, SETTINGS
from inception_calc.ops.upsampling import MODES
from inception_calc.problems import Suggestion, meant, nearest
from inception_calc.vocabulary import LACKING, SAME_AS, answer, foreign

LISTS = {
    "operators": tuple(REGISTER),
    "settings": tuple(sorted(SETTINGS | COMMON)),
    "activations": ACTIVATIONS,
    "roundings": ROUNDINGS,
    "modes": MODES,
    "paddings": PADDING_WORDS,
    "types": tuple(DTYPES),
}
"""The words of specs, by the place where they are expected."""
OWN = sorted({word for words in LISTS.values() for word in words})
HINTS = (nearest, meant)


@pytest.mark.parametrize("known", LISTS.values(), ids=LISTS)
@pytest.mark.parametrize("hint", HINTS)
def test_no_word_of_the_language_is_taken_for_another(known, hint):
    for word in OWN:
        if word not in known and not (word == "half" and "fp16" in known):  # a type that is called so too
            assert not isinstance(hint(word, known), Suggestion), word


@pytest.mark.parametrize(
    "known", [*LISTS.values(), tuple(FUNCTIONS), tuple(METRICS)], ids=[*LISTS, "functions", "metrics"]
)
def test_no_word_of_the_field_is_taken_for_another(known):
    for word in foreign():
        for written in (word, word.upper(), word.replace(" ", "_"), word.replace(" ", "")):
            hint = nearest(written, known)
            assert not hint or hint.word.startswith(written.casefold()), written  # broken off, as conv
            hint = meant(written, known)
            if word not in SAME_AS:
                assert hint == answer(word)
            elif SAME_AS[word] in known:
                assert hint.word == SAME_AS[word], written


@pytest.mark.parametrize("entry", LACKING, ids=[entry.word for entry in LACKING])
def test_what_is_lacking_is_lacking_and_what_comes_nearest_is_there(entry):
    assert not {entry.word, *entry.also} & set(OWN)
    assert entry.nearest.startswith(("{product:", *OWN))
    assert entry.miscount


@given(st.sampled_from([word for word in OWN if len(word) > 3]), st.data())
def test_one_slip_of_the_finger_is_bridged(word, data):
    place = data.draw(st.integers(0, len(word) - 2))
    slip = data.draw(st.sampled_from(["left out", "twice", "swapped", "mistaken"]))
    if word[place].isdigit() or word[place + 1].isdigit():
        return
    before, letter, following, after = word[:place], word[place], word[place + 1], word[place + 2 :]
    typed = {
        "left out": before + following + after,
        "twice": before + letter + letter + following + after,
        "swapped": before + following + letter + after,
        "mistaken": before + "q" + following + after,
    }[slip]
    if typed not in (*OWN, *foreign()):
        assert nearest(typed, [word, "zzzzzzz"]) == f"did you mean '{word}'?"


@pytest.mark.parametrize(
    ("typed", "known"),
    [("int4", ["int8"]), ("fp61", ["fp16"]), ("conv9", ["conv5"]), ("3b", ["3a"]), ("resnet34", ["resnet50"])],
)
def test_digits_are_no_slips(typed, known):
    assert nearest(typed, known) == ""


@pytest.mark.parametrize(
    ("typed", "answered"),
    [
        ("maxout", "maxout is not supported; nearest: max pool (it takes"),
        ("LeakyReLU", "did you mean 'leaky relu'?"),
        ("swish", "did you mean 'silu'?"),
        ("mattmul", "matmul is not supported; nearest: linear"),
        ("conv2d", "did you mean 'convolution'?"),
        ("BatchNorm2d", "did you mean 'batch norm'?"),
        ("deconvoluton", "did you mean 'transposed convolution'?"),
        ("something", ""),
    ],
)
def test_what_a_word_means(typed, answered):
    hint = meant(typed, REGISTER)
    assert hint.startswith(answered)
    assert bool(hint) == bool(answered)
