"""Terminal manners: what is written depends on what stands behind standard output, and on the usual variables."""

from __future__ import annotations

import re
import signal
import subprocess
import sys

import pytest

from tests.cli.program import ROOT, environment, on_terminal, output, run

CALL = ("table", "inception_module")
ESCAPE = "\x1b"
BAR = "█" * 10


def test_a_terminal_gets_colours_bars_and_its_own_width():
    text = on_terminal(*CALL, columns=100)
    assert ESCAPE in text
    assert BAR in text
    assert "left out" in on_terminal(*CALL, columns=50)


def test_a_pipe_gets_plain_text_whatever_its_width():
    text = output("table", "googlenet", COLUMNS="40")
    assert text.isascii()
    assert "reduce  #3x3  reduce  #5x5  proj" in text
    assert text == output("table", "googlenet", "-f", "plain")


def test_rich_into_a_pipe_has_bars_at_full_width_and_no_escapes():
    text = output("table", "googlenet", "-f", "rich")
    assert ESCAPE not in text
    assert BAR in text
    assert "left out" not in text


def test_no_color_takes_colours_from_a_terminal_and_nothing_else():
    text = on_terminal(*CALL, columns=100, NO_COLOR="1")
    assert ESCAPE not in text
    assert BAR in text
    assert ESCAPE in on_terminal(*CALL, columns=100, NO_COLOR="")  # empty means not set


def test_force_color_makes_a_pipe_a_terminal_but_no_color_wins():
    assert ESCAPE in output(*CALL, FORCE_COLOR="1")
    assert BAR in output(*CALL, FORCE_COLOR="1")
    assert ESCAPE not in output(*CALL, FORCE_COLOR="1", NO_COLOR="1")
    assert output(*CALL, FORCE_COLOR="") == output(*CALL)


def test_machine_formats_are_never_coloured():
    for kind in ("json", "csv", "html", "latex", "plain"):
        assert ESCAPE not in output(*CALL, "-f", kind, FORCE_COLOR="1")


def test_a_dumb_terminal_gets_plain_text():
    assert on_terminal(*CALL, TERM="dumb") == output(*CALL)


def test_columns_overrides_the_terminals_width():
    wide = on_terminal(*CALL, columns=50, COLUMNS="100", NO_COLOR="1")
    assert "left out" not in wide
    narrow = on_terminal(*CALL, columns=100, COLUMNS="50", NO_COLOR="1")
    assert "left out at 50 characters" in narrow.replace("\n", " ")
    for nonsense in ("-5", "9" * 5000):
        assert on_terminal(*CALL, columns=100, COLUMNS=nonsense, NO_COLOR="1") == wide


def test_a_terminal_that_tells_no_width_is_taken_for_80_columns():
    text = on_terminal("table", "googlenet", columns=0, NO_COLOR="1")
    assert "left out at 80 characters" in text


# -- encodings ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def named(tmp_path):
    path = tmp_path / "named.yaml"
    path.write_text("name: Größe 漢字\ninput: 3x8x8\nrows: {é: {max pool: 2x2/2}, abcd: {max pool: 2x2/2}}\n", "utf-8")
    return str(path)


@pytest.mark.parametrize("kind", ["plain", "rich", "markdown", "csv", "tsv", "latex", "html", "json"])
def test_an_ascii_stream_gets_ascii_and_a_file_gets_utf_8(named, tmp_path, kind: str):
    target = tmp_path / "out"
    text = output("table", named, "-f", kind, "-o", f"{kind}:{target}", PYTHONIOENCODING="ascii")
    assert text.isascii()
    assert ("Größe" in target.read_text("utf-8")) is (kind not in ("html", "json"))


def test_characters_written_out_still_line_up(named):
    lines = output("table", named, "--columns", "row,type", PYTHONIOENCODING="ascii").splitlines()
    assert r"Gr\xf6\xdfe \u6f22\u5b57, input 3x8x8" in lines
    assert [line.index("max pool") for line in lines if "max pool" in line] == [7, 7]
    assert any(line.startswith(r"\xe9   max pool") for line in lines)


def test_latin_1_keeps_the_characters_that_it_has(named):
    result = subprocess.run(
        [sys.executable, "-m", "inception_calc", "table", named],
        env=environment(PYTHONIOENCODING="latin-1"), capture_output=True, check=True, cwd=ROOT,
    )  # fmt: skip
    assert result.stdout.decode("latin-1").startswith(r"Größe \u6f22\u5b57")


def test_a_terminal_in_the_c_locale_gets_ascii_and_a_pipe_data_as_it_is(named):
    assert on_terminal("table", named, LC_ALL="C").isascii()
    assert "Größe 漢字" in on_terminal("table", named, LC_ALL="C.UTF-8")
    assert "Größe 漢字" in output("table", named, LC_ALL="C")


# -- Ctrl-C ------------------------------------------------------------------------------------------------------------


def test_ctrl_c_ends_the_program_silently_with_130():
    """Interrupted while it reads standard input; it is surely there once the pipe has taken more than a pipe holds."""
    process = subprocess.Popen(
        [sys.executable, "-m", "inception_calc", "table", "-"],
        cwd=ROOT, env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdin
    process.stdin.write(b"#" * 200_000)
    process.stdin.flush()
    process.send_signal(signal.SIGINT)
    assert process.communicate() == (b"", b"")
    assert process.returncode == 130


INTERRUPTED_IMPORT = """
import sys

class Interrupt:
    def find_spec(self, name, path=None, target=None):
        if name == "inception_calc.cli":
            raise KeyboardInterrupt

sys.meta_path.insert(0, Interrupt())
from inception_calc.__main__ import main
main()
"""


def test_ctrl_c_while_the_program_starts_is_no_traceback_either():
    result = subprocess.run(
        [sys.executable, "-c", INTERRUPTED_IMPORT, "list"],
        cwd=ROOT, env=environment(), capture_output=True, check=False,
    )  # fmt: skip
    assert (result.returncode, result.stdout, result.stderr) == (130, b"", b"")


# -- bugs -------------------------------------------------------------------------------------------------------------

BUG = """
import sys, inception_calc.cli.list_shipped as module
def boom(): raise RuntimeError
module.command = boom
from inception_calc.__main__ import main
main()
"""


@pytest.mark.parametrize(
    ("value", "shown"), [("", False), ("0", False), ("no", False), ("1", True), ("x", True), ("TRUE", True)]
)
def test_a_variable_shows_the_traceback_of_a_bug_whatever_word_it_has(value: str, shown: bool):
    result = subprocess.run(
        [sys.executable, "-c", BUG, "list"],
        cwd=ROOT, env=environment(INCEPTION_CALC_DEBUG=value), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (result.returncode, "Traceback" in result.stderr) == (70, shown)
    assert ("error[bug]" in result.stderr) != shown


# -- several outputs ---------------------------------------------------------------------------------------------------


def test_files_are_written_beside_standard_output(tmp_path):
    targets = [tmp_path / name for name in ("a.md", "a.csv", "a.tsv", "a.tex", "a.html", "a.json", "a.txt")]
    shown = output(*CALL, "-f", "json", *(f"-o{target}" for target in targets))
    assert targets[5].read_text() == shown
    starts = [target.read_text("utf-8")[:4] for target in targets]
    assert starts == ["### ", "name", "name", "% ne", "<!DO", '{"ta', "the "]


def test_auto_and_rich_in_a_file_have_no_escapes(tmp_path):
    output(*CALL, f"-oauto:{tmp_path / 'auto'}", f"-orich:{tmp_path / 'rich'}")
    assert (tmp_path / "auto").read_text() == output(*CALL)
    assert (tmp_path / "rich").read_text() == output(*CALL, "-f", "rich")


def test_a_target_may_be_standard_output_too():
    assert output(*CALL, "-o", "csv:-", "-f", "json") == output(*CALL, "-f", "csv") + output(*CALL, "-f", "json")


@pytest.mark.parametrize(
    ("target", "complaint"),
    [
        ("out", "the suffix of 'out' names no format"),
        ("csv:", "names no file"),
        ("/nowhere/x.csv", "cannot write '/nowhere/x.csv'"),
        ("xls:a", "the suffix of 'xls:a' names no format"),
    ],
)
def test_a_target_that_cannot_be_written_is_said(target: str, complaint: str):
    result = run(*CALL, "-o", target)
    assert result.returncode == 2
    assert complaint in result.stderr
    assert result.stdout == ""


def test_the_same_input_gives_the_same_bytes():
    first, second = (output("table", "googlenet", "-f", "html", PYTHONHASHSEED=seed) for seed in ("1", "2"))
    assert first == second
    assert not re.search(r"20[2-9]\d-", first)  # no date
