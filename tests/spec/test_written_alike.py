"""What is written twice alike is understood once, and everything else by itself."""

from __future__ import annotations

import pytest

from inception_calc.ops.fields import LostText, Quoted
from inception_calc.ops.step import once_for_equal
from inception_calc.problems import Fault
from tests.helpers import loaded, names, problems, rows

TEXTS = ["1", Quoted("1"), LostText("1"), ""]
VALUES = [
    *TEXTS,
    *([text] for text in TEXTS),
    *({"a": text} for text in TEXTS),
    [["1"]],
    {"a": ["1"]},
    {"a": {"b": "1"}},
]
VALUES += [[], {}, ["a", "1"], [["a", "1"]], {"a": "1", "b": "2"}, {"b": "2", "a": "1"}]


def test_a_reader_sees_every_difference_once():
    seen: list[object] = []
    read = once_for_equal(lambda value: seen.append(value) or len(seen))
    first = [read(value) for value in VALUES]
    assert first == list(range(1, len(VALUES) + 1))
    assert [read(value) for value in VALUES] == first
    assert len(seen) == len(VALUES)


def test_what_is_wrong_is_read_again_and_told_at_each_place():
    def refuse(value: object) -> None:
        raise Fault("wrong", "x", path=("inside",))

    read = once_for_equal(refuse)
    for key in "ab":
        with pytest.raises(Fault) as caught:
            read({"same": "value"})
        assert caught.value.under(key).path == (key, "inside")
    found = problems("name: x\ninput: 1x8x8\nrows:\n" + "".join(f"  {name}: {{relu: , fast: 1}}\n" for name in "abc"))
    assert [problem.location.line for problem in found] == [4, 5, 6]


def test_rows_that_are_written_alike_are_one_and_are_counted_each():
    text = "rows:\n" + "".join(f"  r{number}: {{convolution: 3x3, filters: 4}}\n" for number in range(3))
    net = rows(text, 4)
    assert names(net) == ["r0", "r1", "r2"]
    assert [cost.multiply_adds for cost in net.layers] == [14**2 * 144, 12**2 * 144, 10**2 * 144]
    read = loaded(f"name: x\ninput: 4x16x16\n{text}").spec.rows
    assert read["r0"] is read["r1"] is read["r2"]


def test_names_are_judged_in_every_row_that_has_the_wrong_one():
    body = "name: x\ninput: 1x8x8\nrows:\n" + "".join(f"  r{number}: {{linear: clases}}\n" for number in range(3))
    assert [problem.code for problem in problems(body)] == ["unknown-symbol"] * 3
