"""Inputs that are made to hurt get an answer, not a crash, and cost little memory."""

import json
import subprocess
import sys

import pytest

from tests.cli.program import ROOT
from tests.spec_file.hostile import TEXTS

MEGABYTE = 1024 * 1024

LIMITED = f"""
import io, json, resource, sys
resource.setrlimit(resource.RLIMIT_AS, ({600 * MEGABYTE}, {600 * MEGABYTE}))
from contextlib import redirect_stderr, redirect_stdout
from inception_calc.cli import app
from tests.spec_file.hostile import TEXTS
answers = {{}}
for name in sys.argv[1:]:
    sys.stdin = io.TextIOWrapper(io.BytesIO(TEXTS[name]().encode()))
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = app(["table", "-"], standalone_mode=False)
    peak = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))
    answers[name] = [code, out.getvalue()[:1000], err.getvalue()[:100_000], peak]
print(json.dumps(answers))
"""


@pytest.fixture(scope="module")
def answers() -> dict[str, list]:
    """What `table -` says to each text in a process of 600 MB of addresses (the libraries take most of them)."""
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, *TEXTS], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


@pytest.mark.parametrize("name", TEXTS)
def test_the_answer_is_a_complaint_with_a_place_and_a_fix(name, answers):
    code, out, err, _ = answers[name]
    assert (code, out) == (2, "")
    assert err.startswith("<stdin>:")
    assert "error[bug]" not in err
    assert "Traceback" not in err
    first = err.split("\n<stdin>:")[0]
    assert "^ " in first or "\n  = " in first, "no fix"
    assert all(len(line) < 1200 for line in err.split("\n"))


def test_no_answer_takes_200_megabytes(answers):
    """The largest resident set of the process itself (getrusage would count the parent's before exec)."""
    assert max(peak for *_, peak in answers.values()) * 1024 < 200 * MEGABYTE


def test_the_bound_on_memory_can_be_broken():
    """The limit holds: the same process cannot take what it must not."""
    limits, _, _ = LIMITED.partition("from contextlib")
    script = f"{limits}\nbytearray({700 * MEGABYTE})\n"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert "MemoryError" in done.stderr
