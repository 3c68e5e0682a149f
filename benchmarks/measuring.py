"""Whole processes measured: CPU time and peak memory, in turns, so that the machine's moods hit all alike."""

from __future__ import annotations

import argparse
import datetime
import os
import platform
import resource
import statistics
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple


def rounds_asked(what: str, default: int) -> int:
    """The only argument of a benchmark, ROUNDS; `--help` shows `what`, the script's docstring."""
    parser = argparse.ArgumentParser(description=what, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rounds", metavar="ROUNDS", nargs="?", type=int, default=default, help=f"default: {default}")
    rounds: int = parser.parse_args().rounds
    return rounds


class Run(NamedTuple):
    """One process: user and system time in seconds, and the most memory that it held in bytes."""

    cpu_seconds: float
    peak_bytes: int


def run(command: Sequence[str], cwd: Path | None = None) -> Run:
    """Runs a command to its end; raises `RuntimeError` with its last words where it fails."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment.pop("PYTHONPATH", None)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with (
        tempfile.TemporaryFile() as complaints,
        subprocess.Popen(
            command, cwd=cwd, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=complaints
        ) as process,
    ):  # nothing is read here: a process starts with the peak of the one that made it
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        complaints.seek(0)
        written = complaints.read()
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{written.decode(errors='replace')[-2000:]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Run(cpu, usage.ru_maxrss * 1024)


def in_turns(commands: Mapping[str, Sequence[str]], times: int, cwd: Path | None = None) -> dict[str, list[Run]]:
    """Every command once, unmeasured, to fill caches; then `times` rounds of all of them in turn."""
    for command in commands.values():
        run(command, cwd)
    runs: dict[str, list[Run]] = {name: [] for name in commands}
    for _ in range(times):
        for name, command in commands.items():
            runs[name].append(run(command, cwd))
    return runs


def spread(values: Sequence[float], digits: int = 2) -> str:
    """`1.15 (1.10 to 1.21)`: the median and the range."""
    low, middle, high = min(values), statistics.median(values), max(values)
    return f"{middle:.{digits}f} ({low:.{digits}f} to {high:.{digits}f})"


def ratios(runs: Sequence[Run], base: Sequence[Run]) -> list[float]:
    """CPU time against `base`, round by round."""
    return [one.cpu_seconds / other.cpu_seconds for one, other in zip(runs, base, strict=True)]


def machine() -> str:
    """Date, processor and Python, for the head of a report."""
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    model = next((line.partition(":")[2].strip() for line in lines if "model name" in line), platform.machine())
    today = datetime.datetime.now(tz=datetime.UTC).date()
    return f"{today}, {os.cpu_count()} cores of {model}, {platform.system()}, Python {platform.python_version()}"
