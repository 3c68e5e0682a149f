"""Every kind of mistake with the message that it gets.

`NAME.yaml` (or `.bin`: bytes, `.prototxt`) is given to `table`, `audit_NAME.yaml` to `audit`; a first line
`# arguments: ...` says more arguments. `NAME.args` holds the arguments of a call without a file. `NAME.txt` is what
stands on standard error.
"""

import ast
import re
import shlex
from pathlib import Path

import pytest

import inception_calc
from inception_calc.cli import app

HERE = Path(__file__).parent
PACKAGE = Path(inception_calc.__file__).parent
CASES = sorted(path.name for path in HERE.iterdir() if path.suffix in (".yaml", ".bin", ".args", ".prototxt"))
NEIGHBOURS = {"used.yaml", "used_in_a_circle.yaml"}
"""Files that other cases use; they are no cases themselves."""

MESSAGE = re.compile(
    r"""(?P<file>\S+?):(?P<line>\d+):(?P<column>\d+):\ error\[(?P<code>[a-z0-9-]+)\]:\ (?P<what>.+)\n
        (?:(?P<margin>\ *)\ \|\n
        (?P=line)\ \|\ (?P<text>.*)\n
        (?P=margin)\ \|\ (?P<before>\ *)(?P<marks>\^+)\ (?P<fix>.+)\n)?""",
    re.VERBOSE,
)

ARGUMENT_OF_CODE = {"Problem": 0, "Fault": 0, "_complain": 0, "_stop": 0, "_whole": 1}
"""The functions that are given a code, and as which argument."""

ROOMS = ("dims", "ops", "spec", "spec_file", "graph", "audit")
"""Rooms whose codes all have a case here; the other rooms' codes are tested beside their commands."""

NO_CASE = {
    "free-kernel": "shown as an empty number: tests/report",
    "too-complex": "stands at no place of a file: tests/dims/test_bounds.py",
    "not-in-onnx": "an LSTM with a projection: tests/ops/test_lstm.py",
    "lost": "never shown: the fault of what follows from another fault",
    "more-problems": "the end of a hundred messages: test_problems_beyond_what_is_shown_are_counted",
}


def arguments_of(case: str) -> list[str]:
    if case.endswith(".args"):
        return shlex.split((HERE / case).read_text(encoding="utf-8"))
    first = (HERE / case).read_bytes().partition(b"\n")[0]
    more = first.removeprefix(b"# arguments: ") if first.startswith(b"# arguments: ") else b""
    return ["audit" if case.startswith("audit_") else "table", case, *shlex.split(more.decode())]


@pytest.mark.parametrize("case", [case for case in CASES if case not in NEIGHBOURS])
def test_the_message_of(case, monkeypatch, capsys):
    monkeypatch.chdir(HERE)
    code = app(arguments_of(case), prog_name="inception-calc", standalone_mode=False)
    out, err = capsys.readouterr()
    assert (code, out) == (3 if case.startswith("undecided") else 2, "")
    assert err == (HERE / case).with_suffix(".txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("case", [case for case in CASES if case.endswith(".yaml") and case not in NEIGHBOURS])
def test_the_form_of(case):
    """Design, section 5: file, line, column, code, what, the line itself, a caret under the place, and a fix."""
    message = (HERE / case).with_suffix(".txt").read_text(encoding="utf-8")
    lines = (HERE / case).read_text(encoding="utf-8").split("\n")
    found = list(MESSAGE.finditer(message))
    assert found
    assert message.count("error[") == len(found)
    for match in found:
        assert (HERE / match["file"]).exists()
        if match["text"] is None or match["file"] != case:
            continue
        line, column = int(match["line"]), int(match["column"])
        assert match["fix"].strip()
        shown = match["text"].removeprefix("...").removesuffix("...")
        whole = lines[line - 1].replace("\t", " ")
        assert shown in whole
        if shown == whole:
            assert len(match["before"]) == column - 1
        else:  # a long line is cut around the place
            start = len(match["before"]) - 3 * match["text"].startswith("...")
            assert shown[start : start + 20] == whole[column - 1 : column + 19]


@pytest.mark.parametrize(("rows", "more"), [(103, "3"), (1000, "at least 100")])
def test_problems_beyond_what_is_shown_are_counted(tmp_path, capsys, rows: int, more: str):
    """Of more than anybody makes, the first ones alone are looked for."""
    lines = "".join(f"  r{number}: softmux\n" for number in range(rows))
    path = tmp_path / "many.yaml"
    path.write_text(f"name: many\ninput: 3x8x8\nrows:\n{lines}", encoding="utf-8")
    assert app(["table", str(path)], standalone_mode=False) == 2
    err = capsys.readouterr().err
    assert err.count("error[unknown-block]") == 100
    assert err.endswith(f"error[more-problems]: {more} more problems\n  = mend these first\n")


def codes_used() -> set[str]:
    """The codes in the source, by its syntax tree."""
    found = set()
    for room in ROOMS:
        for path in (PACKAGE / room).rglob("*.py"):
            # Repositories: tests/spec_file/test_git.py. ONNX: tests/onnx_export and tests/graph/onnx.
            if path.parent == PACKAGE / "graph" / "onnx":
                continue
            if path.name in ("git.py", "revision.py", "large_files.py") or path == PACKAGE / "ops" / "nodes.py":
                continue
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if not isinstance(node, ast.Call):
                    continue
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                place = ARGUMENT_OF_CODE.get(name)
                if place is not None and len(node.args) > place and isinstance(node.args[place], ast.Constant):
                    found.add(node.args[place].value)
    return found


def codes_shown() -> set[str]:
    messages = [path.read_text(encoding="utf-8") for path in HERE.glob("*.txt")]
    return {code for message in messages for code in re.findall(r"error\[([a-z0-9-]+)\]", message)}


def test_every_code_has_a_case():
    used = codes_used()
    assert len(used) > 40
    assert used - codes_shown() - NO_CASE.keys() == set()


def test_every_message_belongs_to_a_case():
    assert {path.stem for path in HERE.glob("*.txt")} == {Path(case).stem for case in CASES if case not in NEIGHBOURS}
