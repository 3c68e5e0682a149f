"""TAB completes commands, specs, variants, rows and words of options, in the shells that are here.

Fish and bash complete for real; zsh is asked over the protocol of the script that `--show-completion` prints.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer.main import get_command

from inception_calc.cli import COMMANDS, app, completion
from inception_calc.spec_file import shipped
from tests.cli.program import ROOT, environment

VARIANTS = ["googlenet@default", "googlenet@naive", "googlenet@separable_conv1", "googlenet@torchvision"]
HOSTILE = """
name: hostile
input: 3x8x8
rows:
  good: {convolution: 3x3, filters: 4}
  "$(touch evil)": {identity: }
  "`touch evil`": {identity: }
  "a;touch evil": {identity: }
variants:
  fine: {}
  "$(touch evil)": {}
  "\\\\$(touch evil)": {}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with specs, and the program under its own name in bin/."""
    program = tmp_path / "bin" / "inception-calc"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m inception_calc "$@"\n')
    program.chmod(0o755)
    (tmp_path / "nets").mkdir()
    shutil.copy(ROOT / "specs" / "lenet5.yaml", tmp_path / "nets" / "mine.yaml")
    (tmp_path / "nets" / "notes.txt").write_text("")
    (tmp_path / "hostile.yaml").write_text(HOSTILE)
    (tmp_path / "broken.yaml").write_text("rows: [")
    return tmp_path


def ran(folder: Path, *command: str, **changes: str) -> str:
    path = f"{folder / 'bin'}:{os.environ['PATH']}"
    result = subprocess.run(
        command, cwd=folder, env=environment(PATH=path, HOME=str(folder), **changes), capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert result.stderr == ""
    return result.stdout


def in_zsh(folder: Path, line: str) -> list[str]:
    """What the script's request for a line gives; zsh evaluates it."""
    answer = ran(
        folder, "inception-calc", _INCEPTION_CALC_COMPLETE="complete_zsh", _TYPER_COMPLETE_ARGS=f"inception-calc {line}"
    )
    words = answer.partition("((")[2].rpartition("))")[0]
    return [word.split('":"')[0].strip('"') for word in words.splitlines()]


def in_fish(folder: Path, line: str) -> list[str]:
    script = ran(
        folder, "inception-calc", "--show-completion", "fish", _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1"
    )
    words = ran(folder, "fish", "--no-config", "-c", f"{script}\ncomplete -C 'inception-calc {line}'")
    return [word.split("\t")[0] for word in words.splitlines()]


def in_bash(folder: Path, line: str) -> list[str]:
    """COMPREPLY after bash's own splitting of words: at spaces, and at an @ (COMP_WORDBREAKS)."""
    script = ran(
        folder, "inception-calc", "--show-completion", "bash", _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1"
    )
    words = [*re.findall(r"@|[^ @]+", f"inception-calc {line}"), *([""] if line.endswith(" ") else [])]
    quoted = " ".join(f"'{word}'" for word in words)
    call = f"COMP_WORDS=({quoted}); COMP_CWORD={len(words) - 1}; _inception_calc_completion inception-calc"
    shown = ran(folder, "bash", "--norc", "-c", f'{script}\n{call}\nprintf "%s\\n" "${{COMPREPLY[@]}}"')
    return [word for word in shown.splitlines() if word]


SHELLS = {"zsh": in_zsh, "fish": in_fish, "bash": in_bash}


@pytest.fixture(params=SHELLS)
def complete(request, folder):
    """Words that a shell offers for the end of a line."""
    if request.param != "zsh" and not shutil.which(request.param):
        pytest.skip(f"needs {request.param}")
    return lambda line: SHELLS[request.param](folder, line)


def test_commands_specs_and_words_complete_in_every_shell(complete):
    assert "table" in complete("ta")
    assert complete("table resnet5") == ["resnet50"]
    assert sorted(complete("table googlenet -f m")) == ["markdown"]


def test_variants_complete_behind_an_at_in_every_shell(complete, request):
    words = complete("table googlenet@")
    cut = [word.removeprefix("googlenet") for word in VARIANTS] if "bash" in request.node.name else VARIANTS
    assert words == cut
    assert [word[-5:] for word in complete("table googlenet@na")] == ["naive"]
    assert complete("table googlenet@naive lenet5") == ["lenet5"]


def test_nothing_hostile_is_offered_and_nothing_is_run(complete, folder):
    assert sorted(word.partition("@")[2] for word in complete("table hostile.yaml@")) == ["default", "fine"]
    assert complete("table broken.yaml@") == []
    assert not (folder / "evil").exists()


@pytest.mark.parametrize("command", COMMANDS)
def test_every_argument_that_takes_a_spec_or_a_row_completes_it(command: str):
    """A new command's SPEC takes `autocompletion=completion.specs`, its ROW `completion.rows` (cli/options.py)."""
    group = get_command(app)
    with group.make_context("inception-calc", [command], resilient_parsing=True) as outer:
        context = typer.Context(group.get_command(outer, command), parent=outer)
    context.params = {"spec": "googlenet"}
    for parameter in context.command.params:
        metavar = parameter.metavar or ""
        if parameter.param_type_name == "argument" and "SPEC" in metavar:
            assert "googlenet" in [item.value for item in parameter.shell_complete(context, "googl")]
        if parameter.param_type_name == "argument" and "ROW" in metavar:
            assert "conv1" in [item.value for item in parameter.shell_complete(context, "conv")]


# -- the words themselves ----------------------------------------------------------------------------------------------


def test_specs_are_shipped_names_and_yaml_files(folder, monkeypatch):
    monkeypatch.chdir(folder)
    assert completion.specs("") == [*shipped.names(), "broken.yaml", "hostile.yaml"]
    assert completion.specs("nets/")[-1] == "nets/mine.yaml"
    assert completion.specs("ne")[-1] == "nets/mine.yaml"  # no shell then puts a space behind the folder
    assert completion.specs(f"{folder}/ho")[-1] == f"{folder}/hostile.yaml"
    assert completion.specs("nowhere/x") == shipped.names()


def test_variants_of_what_cannot_be_read_are_none(folder, monkeypatch):
    monkeypatch.chdir(folder)
    os.mkfifo(folder / "pipe")
    for reference in ("-", "nosuch", "broken.yaml", "nets", "pipe"):
        assert completion.variants(reference) == []


def test_rows_heads_and_layers_of_the_spec_before(folder, monkeypatch):
    monkeypatch.chdir(folder)

    class Context:
        params = {"spec": "googlenet"}  # noqa: RUF012
        args = ()

    context: typer.Context = Context()  # type: ignore[assignment]
    rows = completion.rows(context, "")
    assert rows[:5] == ["conv1", "pool1", "conv2", "pool2", "3a"]
    assert rows[-2:] == ["loss1", "loss2"]
    assert "3a/1x1" in completion.rows(context, "3a/")
    assert "3a/5x5 reduce" not in completion.rows(context, "3a/")  # it would need quotes
    os.mkfifo(folder / "pipe")
    unread = ("broken.yaml", "-", "-@naive", "pipe", "pipe@naive", None)
    for spec, offered in (("hostile.yaml", ["good"]), *((name, []) for name in unread)):
        Context.params = {"spec": spec}
        assert completion.rows(context, "") == offered
        assert "batch" in completion.symbols(context, "")


def test_inputs_that_have_names_are_offered_and_symbols_of_their_sizes(folder, monkeypatch):
    monkeypatch.chdir(folder)
    text = "name: t\ninput: {image: 3x8x8, audio: 1x9}\nrows: {a: relu, b: {input: audio}}"
    Path("named.yaml").write_text(text, encoding="utf-8")

    class Context:
        params = {"specs": ["named.yaml"]}  # noqa: RUF012
        args = ()

    context: typer.Context = Context()  # type: ignore[assignment]
    assert completion.inputs(context, "") == ["image=", "audio="]
    assert "audio_length=" in completion.settings(context, "")
    for unnamed in ("googlenet", "broken.yaml", "-"):
        Context.params = {"spec": unnamed}
        assert completion.inputs(context, "") == []


def test_columns_complete_behind_each_comma():
    complete = completion.listed_words("row", "params", "weights")
    assert complete("pa") == ["row", "params", "weights"]  # the shell keeps those that fit
    assert complete("row,pa") == ["row,params", "row,weights"]


def test_bash_without_a_break_at_the_at_gets_whole_words(folder):
    """Some people take the @ out of COMP_WORDBREAKS."""
    answer = ran(
        folder, "inception-calc", _INCEPTION_CALC_COMPLETE="complete_bash",
        COMP_WORDS="inception-calc\ntable\ngooglenet@na", COMP_CWORD="2",
    )  # fmt: skip
    assert answer == "googlenet@naive\n"


def test_names_of_symbols_and_limits_are_offered(folder: Path):
    assert "3a.1x1" in in_zsh(folder, "solve googlenet --over ")
    assert {"size", "width_multiplier", "classes"} <= set(in_zsh(folder, "solve googlenet --over "))
    assert "size,batch" in in_zsh(folder, "formula googlenet --free size,")
    assert "reduction=" in in_zsh(folder, "table inception_module --set ")
    assert "multiply_adds=" in in_zsh(folder, "solve googlenet --max ")
    assert in_zsh(folder, "formula googlenet -f ") == ["text", "markdown", "latex", "python", "json"]
    assert "size" in in_zsh(folder, "solve broken.yaml --over ")


class Typed:
    """A command line that is being typed, as far as completion looks at it."""

    def __init__(self, **params: object) -> None:
        self.params = params
        self.args: list[str] = []


@pytest.fixture(scope="module")
def model(tmp_path_factory) -> Path:
    pytest.importorskip("onnx")
    from tests.graph.onnx.models import write

    body = "g (float[batch, 3] x) => (float[batch, 2] z) {\n h = MatMul (x, w)\n z = com.acme.Foo (h)\n}"
    path = tmp_path_factory.mktemp("typed") / "net.onnx"
    write(path, body, w=(3, 2))
    return path


def test_models_complete_their_files_nodes_sizes_and_operators(model: Path, monkeypatch):
    monkeypatch.chdir(model.parent)
    assert list(completion.files("n")) == ["net.onnx"]
    named = Typed(spec="net.onnx")
    assert completion.rows(named, "") == ["MatMul_0", "Foo_1"]
    assert completion.symbols(named, "") == ["batch"]
    assert completion.operators(named, "") == ["com.acme::Foo="]
    assert "com.acme::Foo=elementwise" in completion.operators(named, "com.acme::Foo=e")
    assert completion.operators(Typed(specs=["googlenet", "missing.onnx"]), "") == []
