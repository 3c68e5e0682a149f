"""Scratch git repositories with history, and a network small enough to count by hand.

conv1: 3x3 over 3 channels, 8 filters, 16 x 16 positions: 9 * 3 * 8 = 216 weights and 8 biases, 216 * 256 = 55,296
multiply-adds. conv2: 3x3 over 8 channels, F filters: 72 F weights, F biases, 72 F * 256 = 18,432 F multiply-adds.
linear: 256 F * 10 weights, 10 biases, 2,560 F multiply-adds.
"""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from dataclasses import dataclass
from pathlib import Path

from inception_calc.budget import Report, check, read_file

ROOT = Path(__file__).parents[2]


def net(filters: int = 16, name: str = "net") -> str:
    return (
        f"name: {name}\ninput: 3x16x16\nsymbols: {{classes: 10}}\nrows:\n"
        "  conv1: {convolution: 3x3, filters: 8, padding: same}\n"
        f"  conv2: {{convolution: 3x3, filters: {filters}, padding: same}}\n"
        "  linear: {linear: classes}\n"
    )


def multiply_adds(filters: int = 16) -> int:
    return 55_296 + 18_432 * filters + 2_560 * filters


def params(filters: int = 16) -> int:
    return 224 + 73 * filters + 2_560 * filters + 10


@dataclass
class Scratch:
    """A repository under a folder of the test."""

    path: Path

    def git(self, *arguments: str, ok: bool = True, **variables: str) -> str:
        env = environment() | variables
        done = subprocess.run(["git", *arguments], cwd=self.path, env=env, capture_output=True, text=True, check=False)
        assert done.returncode == 0 or not ok, done.stderr
        return done.stdout.strip()

    def write(self, name: str, text: str) -> Path:
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text), encoding="utf-8")
        return path

    def commit(self, message: str = "change", **variables: str) -> str:
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", message, **variables)
        return self.git("rev-parse", "HEAD")

    def budgets(self, body: str, head: str = "version: 1\n") -> None:
        self.write("inception-calc.yaml", head + textwrap.dedent(body))

    def check(self, **options) -> Report:
        """The check in this process, as if run in the repository's root without CI."""
        before = Path.cwd()
        os.chdir(self.path)
        try:
            return check(read_file(self.path / "inception-calc.yaml"), **options)
        finally:
            os.chdir(before)

    def run(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """The command line in the repository's root."""
        return subprocess.run(
            [sys.executable, "-m", "inception_calc", *arguments],
            cwd=self.path,
            env=environment() | {"PYTHONPATH": str(ROOT)} | variables,
            capture_output=True,
            text=True,
            check=False,
        )


def environment() -> dict[str, str]:
    """No CI, no token, no configuration of the user, and a fixed author."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "SYSTEMROOT", "TMPDIR") if name in os.environ}
    who = {
        f"GIT_{role}_{what}": f"t{at}"
        for role in ("AUTHOR", "COMMITTER")
        for what, at in (("NAME", ""), ("EMAIL", "@t"))
    }
    return kept | who | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}


def repository(path: Path, branch: str = "main") -> Scratch:
    path.mkdir(parents=True, exist_ok=True)
    scratch = Scratch(path)
    scratch.git("init", "-q", "-b", branch, ".")
    return scratch


def clone(source: Scratch, path: Path, *options: str) -> Scratch:
    """A clone through the transport, so that --depth means something."""
    made = subprocess.run(
        ["git", "clone", "-q", *options, f"file://{source.path}", str(path)],
        env=environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    return Scratch(path)
