"""One place where exceptions become messages and exit codes (design, section 5)."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable
from typing import Any

import typer

from inception_calc.files.reads import one_run
from inception_calc.problems import Stop

NO = ("", "0", "false", "no", "off")


def shows_tracebacks() -> bool:
    """Whether INCEPTION_CALC_DEBUG asks for what --debug does: with any word but one that says no."""
    return os.environ.get("INCEPTION_CALC_DEBUG", "").strip().lower() not in NO


def say(stop: Stop) -> None:
    """Writes the problems of a `Stop` to standard error; a closed pipe has none."""
    if stop.problems:
        from inception_calc.report.problems import problems_text

        sys.stderr.write(problems_text(stop.problems))
        sys.stderr.flush()


def guarded(command: Callable[..., Any]) -> Callable[..., Any]:
    """The command with its exits: problems on standard error, and 70 for a bug."""

    @functools.wraps(command)
    def run(*args: Any, **options: Any) -> None:
        from inception_calc.dims.bounds import question

        try:
            guarded.before()  # type: ignore[attr-defined]
            with one_run(), question():
                command(*args, **options)
        except Stop as stop:
            say(stop)
            raise typer.Exit(stop.exit_code) from None
        except (typer.Exit, typer.Abort, typer.TyperException):
            raise
        except Exception as error:
            if guarded.debug:  # type: ignore[attr-defined]
                raise
            sys.stderr.write(
                f"error[bug]: {type(error).__name__} in inception-calc; this is not your fault\n"
                "  = run `inception-calc --debug ...` again and report the traceback\n"
            )
            raise typer.Exit(70) from None

    return run


guarded.debug = False  # type: ignore[attr-defined]
guarded.before = lambda: None  # type: ignore[attr-defined]
