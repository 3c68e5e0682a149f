"""Scalars that are written mean the text that they stand for, whatever it is."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from inception_calc.onnx_import.items import Item, folded
from inception_calc.onnx_import.text import commented, quoted
from inception_calc.spec_file.nodes import Mapping, Scalar
from inception_calc.spec_file.yaml_reader import read_yaml

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)


def read(text: str) -> Mapping:
    root, problems = read_yaml(text, "written.yaml")
    assert not problems
    assert isinstance(root, Mapping)
    return root


@given(TEXTS)
def test_a_scalar_comes_back(text: str):
    value = read(f"name: {quoted(text)}\n").values["name"]
    assert isinstance(value, Scalar)
    assert value.text == text


@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1, max_size=30))
def test_keys_and_cells_of_lists_come_back(text: str):
    root = read(f"rows: {{{quoted(text)}: [{quoted(text)}, end]}}\n")
    rows = root.values["rows"]
    assert isinstance(rows, Mapping)
    assert list(rows.values) == [text]


@given(TEXTS)
def test_a_comment_is_one_line(text: str):
    assert list(read(f"# {commented(text)}\nname: a\n").values) == ["name"]


STEPS = st.lists(st.sampled_from("abc"), max_size=12)


@given(STEPS)
def test_repeats_hold_all_steps_in_order(words: list[str]):
    def unfolded(items: tuple[Item, ...]) -> list[str]:
        return [
            word
            for item in items
            for _ in range(int(item.repeat))
            for word in (unfolded(item.steps) if item.steps else [item.word])
        ]

    assert unfolded(folded(tuple(map(Item, words)))) == words
