"""The register is the only list of operators: settings, reserved words and judges must cover it."""

from __future__ import annotations

from pathlib import Path

import pytest

from inception_calc.ops.register import BODIES, COMMON, REGISTER, SETTINGS, operator
from tests.helpers import analyzed, problems
from tests.ops.layers import ENTERING


@pytest.mark.parametrize("word", REGISTER)
def test_every_operator_has_a_test_that_walks_it(word: str):
    judge = Path(__file__).with_name(f"test_{operator(word).__module__.rpartition('.')[2]}.py")
    assert "loops." in judge.read_text(encoding="utf-8")


@pytest.mark.parametrize("word", REGISTER)
def test_every_operator_is_found_under_its_own_word(word: str):
    assert operator(word).key == word


@pytest.mark.parametrize("word", REGISTER)
def test_every_operator_says_what_it_is_in_its_docstring(word: str):
    module = __import__(operator(word).__module__, fromlist=["__doc__"])
    assert word.split(maxsplit=1)[0] in module.__doc__.lower()


@pytest.mark.parametrize("word", REGISTER)
def test_the_smallest_step_of_every_operator_can_be_counted(word: str):
    step = ", ".join(f"{key}: {value}" for key, value in operator(word).smallest.items())
    text = f"{{{step}}}".replace("'", "")
    entering = ENTERING.get(word, "4x4x4")
    net = analyzed(f"name: t\ninput: {{image: {entering}}}\nrows: {{row: relu, smallest: {text}}}")
    assert min(net.rows[-1].output) >= 1  # "output of" takes row, "input" image


def test_settings_are_those_of_all_operators_and_nothing_else():
    written = {
        field.alias or name
        for word in REGISTER
        for name, field in operator(word).model_fields.items()
        if name != "argument"
    }
    assert written == SETTINGS


@pytest.mark.parametrize("word", sorted({*REGISTER, *SETTINGS, *COMMON}))
def test_no_block_may_be_called_like_an_operator_a_setting_or_a_common_key(word: str):
    """Rule 4."""
    text = f"name: t\ninput: 1x1x1\nblocks: {{{word}: {{sequence: [relu]}}}}\nrows: {{r: relu}}"
    assert [problem.code for problem in problems(text)] == ["reserved-name"]


def test_only_operators_that_hold_steps_are_bodies():
    """Language, section 2: a block has one of sequence, concat, sum; and of product, which came later."""
    assert set(BODIES) == {"sequence", "concat", "sum", "product"}


def test_no_operator_but_those_of_matrices_has_weights_or_multiply_adds():
    """Design, section 2: convolutions, linear layers, and what is made of them."""
    x = (2, 4, 4)
    matrices = {"linear", "attention", "lstm", "gru", "rnn"}
    for word in set(REGISTER) - set(BODIES) - matrices - {"identity", "output of", "input"}:
        if "convolution" in word:
            continue
        step = ", ".join(f"{key}: {value}" for key, value in operator(word).smallest.items())
        entering = tuple(map(int, ENTERING[word].split("x"))) if word in ENTERING else x
        text = f"name: t\ninput: {'x'.join(map(str, entering))}\nrows: {{r: {{{step}}}}}".replace("'", "")
        for cost in analyzed(text).layers:
            assert (cost.weights, cost.multiply_adds) == (0, 0), word
