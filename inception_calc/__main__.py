"""The console script: quick start, quick end, and an exit code for everything that can happen."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import sys
from contextlib import AbstractContextManager
from pathlib import Path
from typing import NoReturn


def main() -> NoReturn:
    """Runs the command line and exits.

    A short life pays neither for garbage collections nor for a search for pydantic's plugins, and taking the
    interpreter down object by object costs more than counting a network: when all is flushed, the process ends.
    """
    gc.set_threshold(500_000)
    for name in ("SIGTERM", "SIGHUP"):  # `kill` unwinds as Ctrl-C does: no temporary file stays behind
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _killed)
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    # A stream that the shell closed (`>&-`) swallows what is written; the exit code still answers.
    sys.stdout = sys.stdout or Path(os.devnull).open("w")  # noqa: SIM115 - open until the end
    sys.stderr = sys.stderr or Path(os.devnull).open("w")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a terminal without UTF-8 shows what it can
    try:
        _run()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except KeyboardInterrupt:  # before typer was there to answer it
        code = 130
    except Exception:  # a bug that --debug lets through, or a standard error that is full
        import traceback

        code = 70
        with contextlib.suppress(OSError):
            traceback.print_exc()
    else:
        code = 0
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):  # a closed pipe was answered already
            stream.flush()
    os._exit(code)


def _run() -> None:
    from inception_calc.cli import app

    completion: AbstractContextManager[None] = contextlib.nullcontext()
    if os.environ.get("_INCEPTION_CALC_COMPLETE") == "complete_bash":
        from inception_calc.cli.completion import bash_words

        completion = bash_words()
    with completion:
        app(prog_name="inception-calc")


def _killed(number: int, _: object) -> NoReturn:
    """Ends with the exit code that a shell reports for the signal."""
    raise SystemExit(128 + number)


if __name__ == "__main__":
    main()
