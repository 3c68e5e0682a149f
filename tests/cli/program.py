"""The program run as users run it: another process, a pipe or a pseudo-terminal behind it."""

from __future__ import annotations

import fcntl
import io
import os
import pty
import struct
import subprocess
import sys
import termios
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOOKED_AT = ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "LC_ALL", "LC_CTYPE", "PYTHONIOENCODING", "INCEPTION_CALC_DEBUG")
"""Variables that change what is written; the tests alone set them."""


def environment(**changes: str) -> dict[str, str]:
    """The tests' environment: a UTF-8 locale, this checkout's package, and `changes`."""
    kept = {name: value for name, value in os.environ.items() if name not in LOOKED_AT}
    return {**kept, "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8", "TERM": "xterm", **changes}


def run(*arguments: str, cwd: Path = ROOT, stdin: str = "", **changes: str) -> subprocess.CompletedProcess[str]:
    """`inception-calc ARGUMENTS` with pipes on all sides."""
    return subprocess.run(
        [sys.executable, "-m", "inception_calc", *arguments],
        cwd=cwd,
        input=stdin,
        capture_output=True,
        encoding="utf-8",
        env=environment(**changes),
        check=False,
    )


def output(*arguments: str, cwd: Path = ROOT, **changes: str) -> str:
    """What a call that must succeed writes to standard output."""
    result = run(*arguments, cwd=cwd, **changes)
    assert result.returncode == 0, result.stderr
    return result.stdout


def called(*arguments: str) -> subprocess.CompletedProcess[str]:
    """`inception-calc ARGUMENTS` in this process: the code behind the entry point, without its start-up."""
    from inception_calc.cli import app

    out, err, code = io.StringIO(), io.StringIO(), 0
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        for name in LOOKED_AT:
            patch.delenv(name, raising=False)
        patch.chdir(ROOT)
        try:
            app(list(arguments), prog_name="inception-calc")
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(end.code is not None)
    return subprocess.CompletedProcess(list(arguments), code, out.getvalue(), err.getvalue())


def on_terminal(*arguments: str, columns: int = 80, **changes: str) -> str:
    """What `inception-calc ARGUMENTS` writes to a terminal of so many columns."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    process = subprocess.Popen(
        [sys.executable, "-m", "inception_calc", *arguments],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=subprocess.PIPE,
        env=environment(**changes),
    )
    os.close(theirs)
    written = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:  # the other end is closed
            break
        if not part:
            break
        written += part
    os.close(ours)
    _, complaints = process.communicate()
    assert process.returncode == 0, complaints
    return written.decode().replace("\r\n", "\n")
