"""Finding and reading a SPEC: paths, standard input, shipped names, variants, and what is no file."""

import io
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from inception_calc.analysis import analyze
from inception_calc.problems import InputError
from inception_calc.spec_file import load, shipped
from tests.cli.program import ROOT

SMALL = """name: Small
input: 3x8x8
rows: {conv1: {convolution: 3x3, filters: 2}}
variants:
  wide: {rows: {conv1: {filters: 4}}}
"""
COMMAND = [sys.executable, "-m", "inception_calc", "table"]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "small.yaml").write_text(SMALL, encoding="utf-8")
    return tmp_path


def problem_of(reference: str):
    with pytest.raises(InputError) as caught:
        load(reference)
    (problem,) = caught.value.problems
    return problem


@pytest.mark.parametrize(
    ("reference", "variant", "filters"),
    [
        ("small.yaml", "default", "2"),
        ("small.yaml@wide", "wide", "4"),
        ("small.yaml@default", "default", "2"),
        ("./small.yaml@", "default", "2"),
    ],
)
@pytest.mark.usefixtures("folder")
def test_a_path_with_and_without_a_variant(reference, variant, filters):
    loaded = load(reference)
    assert (loaded.variant, loaded.source) == (variant, reference.partition("@")[0])
    assert loaded.spec.rows["conv1"].step.operator.filters.text == filters


def test_a_file_whose_name_has_an_at_sign(folder):
    (folder / "a@b.yaml").write_text(SMALL, encoding="utf-8")
    assert load("a@b.yaml").variant == "default"
    assert load("a@b.yaml@wide").variant == "wide"


def test_a_file_goes_before_a_shipped_spec_of_its_name(folder):
    (folder / "googlenet").write_text(SMALL, encoding="utf-8")
    assert load("googlenet").spec.name == "Small"


def test_standard_input(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(SMALL.encode())))
    loaded = load("-@wide")
    assert (loaded.source, loaded.variant) == ("<stdin>", "wide")


def test_rule_36_standard_input_uses_shipped_specs_only(monkeypatch, folder):
    (folder / "neighbour.yaml").write_text(SMALL, encoding="utf-8")
    text = SMALL + "use: {inception_v4: [reduction A], neighbour: [x]}\n"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    problem = problem_of("-")
    assert problem.what == "cannot use 'neighbour': there is no shipped spec 'neighbour'"


@pytest.mark.parametrize("name", ["../small", "sub/small", "small.yaml", "/etc/passwd", "", "."])
def test_rule_36_use_names_a_file_of_the_same_folder(name, folder):
    (folder / "user.yaml").write_text(SMALL + f"use: {{'{name}': [x]}}\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load("user.yaml")
    assert caught.value.problems[0].code in ("unreadable", "bad-key")


@pytest.mark.parametrize("name", shipped.names())
def test_every_shipped_name_loads_in_every_variant(name):
    for variant in ("default", *load(name).spec.variants):
        assert load(f"{name}@{variant}").variant == variant


@pytest.mark.parametrize(
    ("reference", "what", "fix"),
    [
        ("googlnet", "does not exist", "did you mean 'googlenet'?"),
        ("specs/googlnet.yaml", "does not exist", "did you mean 'googlenet'?"),
        ("nothing-like-it", "does not exist", "`inception-calc list` shows what is shipped"),
        (".", "is a directory", "name a file in it"),
        ("/dev/zero", "is no regular file", "name a YAML file"),
        ("small.yaml/x", "Not a directory", "name another file"),
        ("a\0b", "cannot be read", "name another file"),
        ("x" * 5000, "File name too long", "name another file"),
        ("", "names no file", "name a YAML file, a shipped spec, or - for standard input"),
    ],
)
@pytest.mark.usefixtures("folder")
def test_what_is_no_file(reference, what, fix):
    problem = problem_of(reference)
    assert problem.code == "unreadable"
    assert what in problem.what
    assert problem.fix == fix
    assert len(problem.what) < 300


@pytest.mark.usefixtures("folder")
def test_an_unreadable_file(monkeypatch):
    real = Path.open

    def refuse(self, *args, **options):
        if self.name == "small.yaml":
            raise PermissionError(13, "Permission denied")
        return real(self, *args, **options)

    monkeypatch.setattr(Path, "open", refuse)
    problem = problem_of("small.yaml")
    assert (problem.what, problem.fix) == (
        "'small.yaml' cannot be read: permission denied",
        "change its permissions",
    )


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
@pytest.mark.usefixtures("folder")
def test_a_named_pipe_is_read():
    os.mkfifo("pipe")
    writer = threading.Thread(target=lambda: Path("pipe").write_text(SMALL, encoding="utf-8"))
    writer.start()
    assert load("pipe").spec.name == "Small"
    writer.join()


@pytest.mark.parametrize("target", ["a pipe", "/dev/zero", "."])
def test_what_is_used_is_a_file_and_never_waited_for(tmp_path, monkeypatch, target: str):
    monkeypatch.chdir(tmp_path)
    os.mkfifo("a pipe")
    Path("parts.yaml").symlink_to(target)
    Path("net.yaml").write_text("name: x\ninput: 1x1x1\nuse: {parts: [a]}\nrows: {r: relu}\n")
    with pytest.raises(InputError) as caught:
        load("net.yaml")
    assert [problem.code for problem in caught.value.problems] == ["unreadable"]


def test_an_endless_pipe_is_read_up_to_the_largest_file():
    with subprocess.Popen(["yes", "a"], stdout=subprocess.PIPE) as endless:
        done = subprocess.run(
            [*COMMAND, "-"], stdin=endless.stdout, capture_output=True, text=True, cwd=ROOT, check=False
        )
        endless.kill()
    assert done.returncode == 2
    assert done.stderr.startswith("<stdin>:1:1: error[too-large]")


def test_control_c_ends_silently_with_130():
    with subprocess.Popen([*COMMAND, "-"], stdin=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT) as waiting:
        waiting.stdin.write(b"name: x\n")
        waiting.stdin.flush()
        _wait_until_it_reads(waiting.pid)
        waiting.send_signal(signal.SIGINT)
        _, err = waiting.communicate()
    assert waiting.returncode == 130
    assert b"Traceback" not in err


def _wait_until_it_reads(pid: int) -> None:
    """Until the process sleeps in a read of its standard input (Linux tells)."""
    call = Path(f"/proc/{pid}/wchan")
    for _ in range(2000):
        if "pipe" in call.read_text():
            return
        threading.Event().wait(0.01)


def test_a_pipe_that_nobody_reads_ends_silently_with_141():
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "w") as closed:
        done = subprocess.run(
            [*COMMAND, "googlenet", "-f", "json"], stdout=closed, stderr=subprocess.PIPE, cwd=ROOT, check=False
        )
    assert (done.returncode, done.stderr) == (141, b"")


def test_all_problems_of_sizes_and_names_come_in_one_run(folder):
    (folder / "several.yaml").write_text(
        "name: x\ninput: 3x8x8\nrows:\n  a: {convolution: 3x3, filtres: 2}\n  b: {max pool: 30x30/1}\n  c: sotfmax\n",
        encoding="utf-8",
    )
    with pytest.raises(InputError) as caught:
        analyze("several.yaml")
    assert [(problem.code, problem.location.line) for problem in caught.value.problems] == [
        ("unknown-key", 4),
        ("window-too-large", 5),
        ("unknown-block", 6),
    ]


def test_what_follows_from_a_fault_is_not_reported(folder):
    (folder / "one.yaml").write_text(
        "name: x\ninput: 3x8x8\nrows:\n  a: {convolution: 3x3, filters: [2]}\n  b: {max pool: 30x30/1}\n"
        "  c: {sum: {x: identity, y: {convolution: 1x1, filters: 9}}}\n",
        encoding="utf-8",
    )
    (problem,) = _problems("one.yaml")
    assert problem.code == "wrong-type"


def _problems(reference: str):
    with pytest.raises(InputError) as caught:
        analyze(reference)
    return caught.value.problems
