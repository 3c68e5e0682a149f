"""The console script: quick start, quick end, and an exit code for everything that can happen."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False  # as in the package: nothing is imported out here
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import NoReturn

INTERRUPTED = 130


def main() -> NoReturn:
    """Runs the command line and exits.

    Nearly all imports happen inside, so that there is hardly a moment when Ctrl-C shows a traceback. Taking the
    interpreter down object by object costs more than counting a network: when all is flushed, the process ends.
    """
    try:
        code = _answer()
    except KeyboardInterrupt:
        code = INTERRUPTED
    os._exit(code)


def _answer() -> int:
    """The exit code, when everything is written."""
    _take_signals()
    import gc

    from inception_calc.files.streams import close_streams, open_streams

    gc.set_threshold(500_000)  # a short life pays neither for garbage collections nor for a search for plugins
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    open_streams()
    code = _exit_code(_run)
    return _exit_code(close_streams) or code


def _exit_code(run: Callable[[], None]) -> int:
    """The exit code of what ended so; it is said why, where nobody said it yet."""
    from inception_calc.problems import Stop

    try:
        run()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except KeyboardInterrupt:  # before typer was there to answer it
        return INTERRUPTED
    except Stop as stop:  # outside of a command: --help, a completion
        from inception_calc.cli.guard import say

        say(stop)
        return stop.exit_code
    except Exception:  # a bug that --debug lets through
        import traceback

        traceback.print_exc()
        return 70
    return 0


def _run() -> None:
    from inception_calc.cli import app
    from inception_calc.cli.guard import guarded

    guarded.before = _unwind_when_interrupted  # type: ignore[attr-defined]
    if os.environ.get("_INCEPTION_CALC_COMPLETE") == "complete_bash":
        from inception_calc.cli.completion import bash_words

        with bash_words():
            app(prog_name="inception-calc")
    else:
        app(prog_name="inception-calc")


def _take_signals() -> None:
    """`kill` unwinds as Ctrl-C does: no temporary file stays behind. Before a command begins there is none.

    Until then Ctrl-C ends the program at once: an exception would pass through imports, which print and drop it.
    """
    import signal

    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _killed)
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _ended)


def _unwind_when_interrupted() -> None:
    """A command has begun: from here on Ctrl-C is an exception."""
    import signal

    if signal.getsignal(signal.SIGINT) is _ended:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _ended(*_: object) -> NoReturn:
    os._exit(INTERRUPTED)


def _killed(number: int, _: object) -> NoReturn:
    """Ends with the exit code that a shell reports for the signal."""
    sys.exit(128 + number)


if __name__ == "__main__":
    main()
