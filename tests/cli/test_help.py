"""`--help` of every command ends with examples, and every example runs (a command without one fails here)."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from inception_calc.analysis import analyze
from inception_calc.cli import COMMANDS
from inception_calc.onnx_export.model import write_model
from inception_calc.onnx_export.plan import plan
from tests.cli.program import ROOT, called, environment, output, run
from tests.formula.test_models import freed
from tests.spec_file.caffe.files import googlenet

ANSWERED = (0, 1, 3, 4)
"""Yes, and no: a budget may be broken, a difference may be found. 3: a machine too busy to measure on; 4: an extra
that is not installed."""
CALIBRATION = ROOT / "benchmarks" / "calibrations" / "amd-epyc-1-thread.json"


def examples(command: str) -> list[str]:
    """The command lines in a command's examples."""
    text = import_module(f"inception_calc.cli.{COMMANDS[command].module}").EXAMPLES
    return [line.strip() for line in text.splitlines() if line.startswith("  ")]


@pytest.fixture(scope="module")
def scratch(tmp_path_factory) -> Path:
    """A folder with the shipped specs in `specs/`, a git repository with a branch main, and the program on the path."""
    folder = tmp_path_factory.mktemp("scratch")
    shutil.copytree(ROOT / "specs", folder / "specs")
    (folder / "models").mkdir()
    write_model(plan(analyze("lenet5")), folder / "models" / "lenet5.onnx", "constant", 0)
    freed("nin_cifar10", folder).rename(folder / "model.onnx")
    (folder / "deploy.prototxt").write_text(googlenet(), encoding="utf-8")
    for command in ("init -q -b main", "add .", "-c user.name=t -c user.email=t@t commit -q -m specs"):
        subprocess.run(["git", *command.split()], cwd=folder, check=True)
    shutil.copy(CALIBRATION, folder / "cpu.json")
    program = folder / "bin" / "inception-calc"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m inception_calc "$@"\n')
    program.chmod(0o755)
    return folder


@pytest.mark.parametrize("command", COMMANDS)
def test_help_says_the_purpose_the_examples_and_the_exit_codes(command: str):
    text = output(command, "--help", COLUMNS="200")
    assert text.startswith(f"Usage: inception-calc {command} ")
    end = text[text.index("Examples:") :]
    assert [line.strip() for line in end.splitlines() if line.startswith("    inception-calc")] == examples(command)
    assert re.sub(r"\s+", " ", end).strip().endswith("130 interrupted; 141 closed pipe.")


@pytest.mark.parametrize(
    ("command", "line"), [(command, line) for command in COMMANDS for line in examples(command) or [""]]
)
def test_example_runs(scratch: Path, command: str, line: str):
    assert line.startswith(f"inception-calc {command}"), "every command has examples of itself"
    path = f"{scratch / 'bin'}:{os.environ['PATH']}"
    result = subprocess.run(
        ["bash", "-o", "pipefail", "-c", line],
        cwd=scratch, env=environment(PATH=path), stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert result.returncode in ANSWERED, result.stderr
    if result.returncode == 0:
        assert "error[" not in result.stderr


def test_the_programs_own_help_lists_every_command_and_the_exit_codes():
    text = output("--help", COLUMNS="200")
    for command in COMMANDS:
        assert re.search(rf"^  {command} +\S", text, re.MULTILINE), command
    assert "Exit codes:" in text
    assert run().stderr == text or run().stdout == text  # no arguments: the same help


@pytest.mark.parametrize("call", [("--version",), ("--version", "table")])
def test_version(call):
    import inception_calc

    assert output(*call) == f"inception-calc {inception_calc.__version__}\n"


def test_unknown_commands_and_options_are_wrong_usage():
    for call in (("tabel",), ("table",), ("table", "googlenet", "--colour"), ("table", "googlenet", "--batch", "0")):
        result = called(*call)
        assert result.returncode == 2, call
        assert result.stdout == ""
        assert "Traceback" not in result.stderr


def test_a_misspelt_command_gets_the_nearest():
    assert "did you mean 'table'?" in called("tabel").stderr


@pytest.mark.parametrize(
    ("call", "fix"),
    [
        (("table", "googlenet", "--dtyp", "fp16"), "did you mean '--dtype'?"),
        (("solve", "googlenet", "--maxx=params=1"), "did you mean '--max'?"),
        (("compare", "googlenet", "vgg_e", "--dtype", "fp16"), "see --help"),  # --top is another question
        (("table", "googlenet", "--top-5"), "see --help"),
        (("table", "googlenet", "-x"), "see --help"),
        (("table", "googlenet", "--\x1b[31m"), "see --help"),
    ],
)
def test_an_option_gets_the_nearest_where_it_is_a_misspelling(call, fix):
    result = called(*call)
    assert result.returncode == 2
    assert result.stderr.endswith(f"  = {fix}\n")
    assert "\x1b" not in result.stderr
