"""The text of a complaint: place, line, caret under the very characters, fix; hostile names stay text."""

import json
import re
import shlex
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inception_calc.cli import app
from inception_calc.problems import Location, Problem, Suggestion, listed, nearest
from inception_calc.report.problems import problem_text, problems_text

LINE = "  conv1:   {convolution: 7x7/2, filtres: 64}"
ODD = "[red]a[/red] <script>alert(1)</script> =cmd|'/c calc' \u202eevil\u202c \x1b[31m\x07 | `x` **b** &amp;"
FORBIDDEN = {"\x1b", "\x07", "\u202e", "\u202c"}


def at(column: int, width: int, text: str = LINE, line: int = 41) -> Location:
    return Location("specs/googlenet.yaml", line, column, width, text)


def test_the_form_of_the_design():
    problem = Problem("unknown-key", "'filtres' is no setting of a convolution", at(33, 7), "did you mean 'filters'?")
    assert problem_text(problem) == (
        "specs/googlenet.yaml:41:33: error[unknown-key]: 'filtres' is no setting of a convolution\n"
        "   |\n"
        "41 |   conv1:   {convolution: 7x7/2, filtres: 64}\n"
        "   |                                 ^^^^^^^ did you mean 'filters'?"
    )


def test_a_problem_without_a_place_says_its_fix_below():
    text = problem_text(Problem("unreadable", "'x' does not exist", None, "name a file", ("a note",)))
    assert text == "error[unreadable]: 'x' does not exist\n  = name a file\n  = a note"


def test_a_place_in_an_empty_line_shows_no_line():
    text = problem_text(Problem("empty-file", "the file is empty", at(1, 1, "", 1), "write it"))
    assert text == "specs/googlenet.yaml:1:1: error[empty-file]: the file is empty\n  = write it"


def test_notes_name_further_places():
    problem = Problem("branches-differ", "they differ", at(3, 5), "give them the same stride", ("in 4a, line 49",))
    assert problem_text(problem).endswith("\n   = in 4a, line 49")


def test_several_problems_have_empty_lines_between_them():
    one = Problem("unknown-key", "no", at(33, 7), "fix")
    assert problems_text([one, one]) == problem_text(one) + "\n" + problem_text(one) + "\n"


@pytest.mark.parametrize(
    ("line", "column", "cells"),
    [("  名前: {a: b}", 7, 8), ("\ta: b", 2, 1), ("e\N{COMBINING ACUTE ACCENT}: b", 4, 2), ("😀: b", 4, 4)],
)
def test_the_caret_stands_under_the_character_in_terminal_cells(line, column, cells):
    marks = problem_text(Problem("x", "x", Location("f", 1, column, 1, line), "fix")).split("\n")[3]
    assert marks == "  | " + " " * cells + "^ fix"


@pytest.mark.parametrize("column", [1, 60, 500, 5000, 9_999])
def test_a_long_line_is_cut_around_the_place(column):
    line = "".join(chr(97 + index % 26) for index in range(10_000))
    _, _, shown, marks = problem_text(Problem("x", "x", Location("f", 7, column, 1, line), "fix")).split("\n")
    assert len(shown) < 160
    assert shown[marks.index("^")] == line[column - 1]


def test_a_very_long_name_is_cut_in_the_middle():
    head = problem_text(Problem("x", f"'{'n' * 10**6}' is no key", at(1, 1))).split("\n")[0]
    assert len(head) < 1200
    assert head.endswith("n' is no key")


@given(st.text(max_size=60), st.text(min_size=1, max_size=60), st.data())
@settings(max_examples=200)
def test_no_character_of_a_name_or_line_is_obeyed(name, line, data):
    column = data.draw(st.integers(1, len(line)))
    text = problems_text([Problem("x", f"'{name}' is wrong", Location(name, 3, column, 4, line), f"not {name}")])
    for character in text.replace("\n", ""):
        assert unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp"), repr(character)


# ---------------------------------------------------------------------------------------------------------------------
# The same names in every format


@pytest.fixture
def odd_spec(tmp_path):
    """A spec whose names are all hostile; YAML's own escapes bring the control characters in."""
    path = tmp_path / "odd.yaml"
    row = json.dumps(ODD)
    path.write_text(
        f"name: {row}\ninput: 3x8x8\nblocks:\n  b:\n    label: {row}\n    sequence: [softmax]\n"
        f"rows:\n  {row}: b\n  '=1+1': relu\n  '@x': relu\n",
        encoding="utf-8",
    )
    return path


@pytest.mark.parametrize("form", ["plain", "markdown", "csv", "json", "rich"])
def test_hostile_names_are_text_in_every_format(form, odd_spec, capsys, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    assert app(["table", str(odd_spec), "-f", form], standalone_mode=False) in (None, 0)
    out = capsys.readouterr().out
    if form == "json":
        (table,) = json.loads(out)["tables"]
        assert table["name"] == ODD
        assert [row["name"] for row in table["rows"]] == [ODD, "=1+1", "@x"]
        assert not FORBIDDEN & set(out)
        return
    assert not FORBIDDEN & set(out)
    if form == "rich":  # markup is shown, not obeyed
        assert "[red]" in out
    if form == "markdown":
        assert "<script>" not in out
        assert not re.search(r"(?<!\\)\*\*b\*\*", out)
    if form == "csv":
        cells = [cell for line in out.splitlines() for cell in line.replace('"', "").split(",")]
        assert not any(cell.startswith(("=", "@")) for cell in cells)


def test_hostile_names_are_text_in_complaints(odd_spec, capsys):
    odd_spec.write_text(odd_spec.read_text(encoding="utf-8").replace(": relu", ": rleu"), encoding="utf-8")
    assert app(["table", str(odd_spec)], standalone_mode=False) == 2
    assert not FORBIDDEN & set(capsys.readouterr().err)


# ---------------------------------------------------------------------------------------------------------------------
# Hints


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("filtres", "filters"),
        ("SAME", "same"),
        ("smae", "same"),
        ("conv", "convolution"),
        ("convolutoin", "convolution"),
        ("max pol", "max pool"),
    ],
)
def test_the_nearest_word_is_suggested(word, meant):
    known = ["convolution", "concat", "max pool", "filters", "padding", "same", "valid"]
    hint = nearest(word, known)
    assert hint == f"did you mean '{meant}'?"
    assert isinstance(hint, Suggestion)
    assert hint.word == meant


@pytest.mark.parametrize("word", ["attention", "swish", "", "x" * 10**6])
def test_far_words_get_no_suggestion(word):
    assert nearest(word, ["flatten", "relu", "softmax", "same"]) == ""


@given(st.lists(st.text(min_size=1, max_size=5), max_size=40))
def test_lists_of_words_stay_short(words):
    text = listed(words)
    assert len(text) <= 13 * 8 + 20
    assert all(word in text for word in words[:9])


LONG = {
    "table columns": ["table", "lenet5", "--columns", "zzz"],
    "orders": ["table", "lenet5", "--sort", "zzz"],
    "layers": ["explain", "densenet121", "1x1"],
    "rows": ["explain", "googlenet", "zzz"],
}


@pytest.mark.parametrize("arguments", LONG.values(), ids=LONG)
def test_a_list_that_ends_in_more_names_the_command_that_shows_all(arguments, capsys):
    assert app(arguments, standalone_mode=False) == 2
    said = capsys.readouterr().err
    command = re.search(r" more(?: \(|; )all: `?inception-calc ([^`)\n]+)`?", said)
    assert command, said
    assert app(shlex.split(command[1]), standalone_mode=False) in (0, None)
    shown = capsys.readouterr().out
    for word in re.findall(r"(?:there are|rows:|,) ([\w/]+)", said):
        assert word in shown, word


def test_a_list_in_a_file_that_ends_in_more_names_the_place(tmp_path, capsys):
    rows = "".join(f"  row{chr(97 + n)}: relu\n" for n in range(20))
    path = tmp_path / "rows.yaml"
    path.write_text(f"name: x\ninput: 1x1x1\nrows:\n{rows}heads: {{h: {{relu: , after: nothing}}}}\n", encoding="utf-8")
    assert app(["table", str(path)], standalone_mode=False) == 2
    assert "rowi and 11 more (all: rows of the spec)" in capsys.readouterr().err
