"""Stretches of a space on a real cluster of the loopback: the same bytes, whoever computes them and whoever is lost."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from inception_calc.problems import MissingExtra, Undecided
from inception_calc.report.sweep import document
from inception_calc.sweep import dask, run
from inception_calc.sweep.dask import DaskExecutor
from inception_calc.sweep.findings import Found
from inception_calc.sweep.run import here, sweep
from inception_calc.sweep.sample import sample
from inception_calc.sweep.wording import Wording
from tests.cli.program import ROOT, environment

WORDING = Wording(
    "googlenet",
    {"3a.3x3": "16:256:16", "3b.3x3": "16:256:16", "variant": "default,naive", "4?.5x5": "16:128:16"},
    max=("multiply_adds=1.5G",),
)
FRONT = Wording("googlenet", WORDING.vary, max=WORDING.max, pareto="-params,multiply_adds")
BLOCKED = """
import sys
class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "inception_calc":
            raise ModuleNotFoundError(f"No module named '{name}'", name=name)
sys.meta_path.insert(0, Blocked())
from distributed.cli.dask_worker import main
main()
"""


def process(stack: ExitStack, *words: str) -> subprocess.Popen[bytes]:
    started = subprocess.Popen(
        [sys.executable, *words], env=environment(), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    stack.callback(started.wait)
    stack.callback(started.kill)
    return started


def worker(stack: ExitStack, address: str, *words: str) -> subprocess.Popen[bytes]:
    start = words or ("-m", "distributed.cli.dask_worker")
    return process(stack, *start, address, "--no-nanny", "--nthreads", "1", "--no-dashboard")


def scheduler(stack: ExitStack, folder: Path) -> str:
    """The address of a scheduler that runs."""
    import json

    file = folder / "scheduler.json"
    words = ("--port", "0", "--host", "127.0.0.1", "--no-dashboard", "--scheduler-file", str(file))
    process(stack, "-m", "distributed.cli.dask_scheduler", *words)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if file.exists() and file.read_text().endswith("}"):
            return str(json.loads(file.read_text())["address"])
        time.sleep(0.05)
    raise AssertionError("no scheduler came")


@pytest.fixture
def small_tasks(monkeypatch) -> None:
    monkeypatch.setattr(run, "TASK", 128)
    monkeypatch.setattr(run, "LISTED_TASK", 128)


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as opened:
        yield opened


def text(wording: Wording, executor=here, told=None) -> str:
    return "".join(document(sweep(wording.setup(), executor=executor, told=told)))


def seeded(executor) -> list[int]:
    """A sample, the candidates counted where the executor counts."""
    setup = WORDING.setup()
    found, estimate = sample(setup, 5, 1, lambda: sweep(setup, counting=True, executor=executor).found)
    assert estimate is None
    return [int(index) for array in found.indices for index in array]


@pytest.mark.usefixtures("small_tasks")
def test_the_same_bytes_where_a_worker_is_killed_and_another_comes_late(stack: ExitStack, tmp_path: Path):
    address = scheduler(stack, tmp_path)
    workers = [worker(stack, address) for _ in range(2)]
    executor = DaskExecutor(address)
    assert text(FRONT, executor) == text(FRONT)
    assert seeded(executor) == seeded(here)
    done: list[int] = []

    def told(position: int, found: Found) -> None:
        done.append(position)
        if len(done) == 2:
            workers[0].kill()
            worker(stack, address)

    assert text(WORDING, executor, told) == text(WORDING)
    assert len(done) > 20


def test_a_worker_without_the_package_is_named(stack: ExitStack, tmp_path: Path):
    address = scheduler(stack, tmp_path)
    worker(stack, address, "-c", BLOCKED)
    with pytest.raises(MissingExtra) as caught:
        text(WORDING, DaskExecutor(address))
    (problem,) = caught.value.problems
    assert "No module named 'inception_calc'" in problem.what
    assert "pip install 'inception-calc[sweep]==" in problem.fix


def test_a_scheduler_that_is_not_there_is_said_within_seconds(monkeypatch):
    monkeypatch.setattr(dask, "PATIENCE", "1s")
    start = time.monotonic()
    with pytest.raises(Undecided) as caught:
        text(WORDING, DaskExecutor("tcp://127.0.0.1:1"))
    assert "there is no scheduler at tcp://127.0.0.1:1" in caught.value.problems[0].what
    assert time.monotonic() - start < 30
