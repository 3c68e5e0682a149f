"""One place where exceptions become messages and exit codes (design, section 5)."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import typer

from inception_calc.problems import Stop


@contextmanager
def closed_pipe_ends() -> Iterator[None]:
    """Ends the program silently with 141 where nobody reads standard output any more."""
    try:
        yield
    except BrokenPipeError:
        # Python flushes standard output once more at exit; a closed one must not complain there.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(141) from None


def say(text: str) -> None:
    """Writes to standard error. Where it is full or gone, the exit code still answers."""
    with suppress(OSError):
        sys.stderr.write(text)
        sys.stderr.flush()


def guarded(command: Callable[..., Any]) -> Callable[..., Any]:
    """The command with its exits: problems on standard error, 70 for a bug, 141 for a closed pipe."""

    @functools.wraps(command)
    def run(*args: Any, **options: Any) -> None:
        try:
            with closed_pipe_ends():
                command(*args, **options)
                sys.stdout.flush()
        except Stop as stop:
            from inception_calc.report.problems import problems_text

            say(problems_text(stop.problems))
            raise typer.Exit(stop.exit_code) from None
        except (typer.Exit, typer.Abort, typer.TyperException):
            raise
        except Exception as error:
            if guarded.debug:  # type: ignore[attr-defined]
                raise
            say(
                f"error[bug]: {type(error).__name__} in inception-calc; this is not your fault\n"
                "  = run `inception-calc --debug ...` again and report the traceback\n"
            )
            raise typer.Exit(70) from None

    return run


guarded.debug = False  # type: ignore[attr-defined]
