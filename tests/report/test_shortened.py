"""A list that is shortened says what has all of it, and that really has."""

import json
import re

from inception_calc.budget.holdings import notes_on
from inception_calc.budget.selection import Held
from tests.cli.program import output

SHORTENED = re.compile(r"([0-9]+) more\b(.*)")
NAMES = [f"s{number}" for number in range(20)]


def spec(folder, name: str, value: int) -> str:
    """A file with twenty symbols; the first alone is read."""
    path = folder / f"{name}.yaml"
    symbols = "".join(f"  {symbol}: {value if symbol != 's0' else 4}\n" for symbol in NAMES)
    rows = "  a: {convolution: 1x1, filters: s0}\n  b: {linear: 10}\n"
    path.write_text(f"name: net\ninput: 3x8x8\nsymbols:\n{symbols}rows:\n{rows}")
    return str(path)


def documents(folder, *arguments: str):
    """What a command says for programs; every list that is cut short for people names that, or what the user typed."""
    cut = SHORTENED.findall(output(*arguments, cwd=folder))
    assert cut
    assert all(rest.startswith((" (all: -f json)", " (all: --free)")) for _, rest in cut)
    return json.loads(output(*arguments, "-f", "json", cwd=folder))


def test_free_symbols_of_a_formula(tmp_path):
    document = documents(tmp_path, "formula", spec(tmp_path, "a", 2), "--free", ",".join(NAMES))
    assert len(document["free"]) == 20


def test_free_symbols_of_a_table(tmp_path):
    free = [word for name in NAMES for word in ("--set", f"{name}=")]
    (table,) = documents(tmp_path, "table", spec(tmp_path, "a", 2), *free)["tables"]
    assert len(table["free"]) == 20


def test_edits_without_any_effect(tmp_path):
    document = documents(tmp_path, "compare", spec(tmp_path, "a", 2), spec(tmp_path, "b", 3))
    assert len(document["accounts"][0]["silent"]) == 19


def test_what_a_selector_holds(tmp_path):
    rows = "".join(f"  {name}: {{convolution: 1x1, filters: 4}}\n" for name in NAMES)
    (tmp_path / "net.yaml").write_text(f"name: net\ninput: 3x8x8\nrows:\n{rows}")
    budget = "{id: a, match: net.yaml, rows: {name: '*'}, max: {params: 1k}}"
    (tmp_path / "inception-calc.yaml").write_text(f"version: 1\nbudgets:\n  - {budget}\n")
    assert documents(tmp_path, "check")["selectors"][0]["held"] == NAMES


def test_what_a_selector_holds_no_longer():
    (note,) = notes_on(Held("a", "net.yaml", "row", (), None, gone=tuple(NAMES), base="main@1234567"))
    assert note.endswith("s11 is gone; and 8 more (all: -f json)")
