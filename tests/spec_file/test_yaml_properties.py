"""Random trees, printed as YAML in block and flow style, come back with the same texts, each at its place."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from inception_calc.ops.fields import Quoted
from inception_calc.problems import InputError, Problem
from inception_calc.spec_file.places import find, location_of, plain
from inception_calc.spec_file.yaml_reader import decode, read_yaml
from tests.spec_file.trees import Branch, Items, Text, plain_value, printed, trees

LINES = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
EDGES = Branch(((Text("a b", ""), Items((Text("😀 漢", ""), Text(": #", "'")), flow=True)),), flow=False)


@given(trees)
@example(EDGES)
@settings(max_examples=150)
def test_the_same_texts_come_back(tree):
    out = printed(tree)
    root, problems = read_yaml(out.text, "tree.yaml")
    assert problems == []
    assert plain(root) == plain_value(tree)


@given(trees)
@example(EDGES)
@settings(max_examples=150)
def test_every_key_and_value_knows_its_place(tree):
    out = printed(tree)
    root, _ = read_yaml(out.text, "tree.yaml")
    lines = out.text.split("\n")
    for (path, is_key), (line, column) in out.places.items():
        node, key = find(root, path)
        place = key.location() if is_key else node.location()
        if not is_key and place.line < line:
            continue  # a block below its key begins where its first key does
        assert (place.line, place.column) == (line, column), path
        assert place.width == out.widths[path, is_key]
        assert place.text == lines[line - 1]


@given(trees)
@settings(max_examples=100)
def test_a_fault_inside_a_scalar_is_placed_at_the_very_characters(tree):
    out = printed(tree)
    root, _ = read_yaml(out.text, "tree.yaml")
    for (path, is_key), (line, column) in out.places.items():
        node, _ = find(root, path)
        text = getattr(node, "text", None)
        if is_key or not text:
            continue
        if node.quoted and set(text) & set("'\"\\"):  # an escape is longer in the file than in the text
            place = location_of(root, path, (len(text) - 1, 1))
            assert (place.line, place.column) in ((line, column), (line, column + len(text)))
            continue
        for offset in range(len(text)):
            place = location_of(root, path, (offset, 1))
            assert (place.line, place.column) == (line, column + offset + node.quoted)
            assert place.text[place.column - 1] == text[offset]


@given(trees)
@settings(max_examples=50)
def test_quoted_texts_are_known_as_such(tree):
    def compare(node, value):
        if isinstance(node, Text):
            assert isinstance(value, Quoted) == bool(node.style)
        elif isinstance(node, Items):
            for item, found in zip(node.items, value, strict=True):
                compare(item, found)
        else:
            for key, item in node.pairs:
                compare(item, value[key.text])

    root, _ = read_yaml(printed(tree).text, "tree.yaml")
    compare(tree, plain(root))


@given(trees, st.sampled_from(["\r\n", "\r", "\x85", "\u2028"]))
@settings(max_examples=50)
def test_every_line_end_of_yaml_counts_as_one(tree, line_end):
    """Places stay the same whichever of YAML 1.1's line ends a file has."""
    out = printed(tree)
    text = out.text.replace("\n", line_end)
    root, _ = read_yaml(text, "tree.yaml")
    for (path, is_key), (line, column) in out.places.items():
        if is_key:
            _, key = find(root, path)
            assert (key.location().line, key.location().column) == (line, column)


def complaints(data: bytes) -> tuple[Problem, ...]:
    """What the reader refuses, or complains about."""
    try:
        _, problems = read_yaml(decode(data, "any.yaml"), "any.yaml")
    except InputError as error:
        return error.problems
    return tuple(problems)


@given(st.binary(max_size=200))
@settings(max_examples=200)
def test_any_bytes_are_read_or_refused_with_a_place(data):
    assert all(problem.location is not None and problem.fix for problem in complaints(data))


@given(st.text(alphabet=" \n\t:-?,[]{}#&*!|>'\"%@`ab1\x85\u2028\ufeff\x07", max_size=60))
@settings(max_examples=300)
def test_any_text_is_read_or_refused_inside_the_file(text):
    lines = LINES.split(text.removeprefix("\ufeff"))
    for problem in complaints(text.encode()):
        place = problem.location
        assert 1 <= place.line <= len(lines)
        assert 1 <= place.column <= len(lines[place.line - 1]) + 1
        assert problem.fix


@pytest.mark.parametrize("opening", ["[", "{a: ", '["]", ', "['it''s]', {b: "])
@pytest.mark.parametrize("start", ["rows: ", "a: [1, 2]\nrows:\n  '[[': ", "rows: {c: [x], d: "])
def test_the_place_of_what_is_too_deep_does_not_hang_on_how_much_deeper_it_goes(start, opening):
    """libyaml reads a line ahead and gives up at a thousand brackets, before the events of the fiftieth are out."""
    places = set()
    for number in (60, 600, 1_200, 100_000):
        with pytest.raises(InputError) as caught:
            read_yaml(start + opening * number, "deep.yaml")
        (problem,) = caught.value.problems
        assert problem.code == "too-deep"
        places.add((problem.location.line, problem.location.column))
    assert len(places) == 1
