"""Standard output and standard error of the program: all is written, or it is said that it was not.

Python writes a standard stream that is unbuffered (PYTHONUNBUFFERED, `-u`) with one call and drops what a full disk
did not take. Here every stream has a buffer, which writes until all is gone or something is raised.
"""

from __future__ import annotations

import io
import os
import sys
from typing import Any, TextIO

from inception_calc.files.reads import STANDARD_OUTPUT, refuse_read
from inception_calc.problems import InputError, Problem, Stop

CLOSED_PIPE = 141


class ClosedPipe(Stop):
    """Nobody reads standard output any more; there is nobody to tell either."""

    exit_code = CLOSED_PIPE


class _Raw(io.RawIOBase):
    """A stream's own raw writer, or the descriptor where the shell closed it."""

    def __init__(self, stream: TextIO | None, descriptor: int) -> None:
        buffer = getattr(stream, "buffer", None)
        self._under = getattr(buffer, "raw", buffer) or io.FileIO(descriptor, "w", closefd=False)
        self._keeps = stream  # which would close the descriptor on its way out

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._under.fileno()

    def isatty(self) -> bool:
        return self._under.isatty()

    def _put(self, data: Any) -> int:
        """Writes some of the data; waits where a pipe that its maker set non-blocking has no room."""
        while (written := self._under.write(data)) is None:
            import select

            select.select([], [self.fileno()], [])
        return written


class _Data(_Raw):
    """Standard output: what cannot be written is a complaint, once."""

    lost = False
    begun = False

    def write(self, data: Any) -> int:
        """Raises `ClosedPipe`, or `InputError` where a disk is full, a limit is met or the stream is closed."""
        if self.lost:
            return len(data)
        try:
            if not self.begun:
                refuse_read(os.fstat(self.fileno()), STANDARD_OUTPUT)
                self.begun = True
            return self._put(data)
        except InputError:
            self.lost = True
            raise
        except BrokenPipeError:
            self.lost = True
            raise ClosedPipe from None
        except OSError as error:
            self.lost = True
            raise _unwritable(error) from None

    def finish(self) -> None:
        """Closes the descriptor: a disk behind a network says only then that it is full."""
        try:
            os.close(self.fileno())
        except OSError as error:
            if not self.lost:
                raise _unwritable(error) from None


class _Words(_Raw):
    """Standard error: where it is full or gone, the exit code still answers."""

    def write(self, data: Any) -> int:
        try:
            return self._put(data)
        except OSError:
            return len(data)


def _unwritable(error: OSError) -> InputError:
    import errno

    closed = error.errno == errno.EBADF
    why = "it is closed" if closed else error.strerror or str(error)
    fix = "> /dev/null, where nobody wants it" if closed else ""
    return InputError(Problem("unwritable", f"cannot write {STANDARD_OUTPUT}: {why}", None, fix))


def open_streams() -> None:
    """Puts our streams in the place of Python's.

    A descriptor that the shell closed (`<&-`, `>&-`) is taken by one that can do nothing, lest the next file that is
    opened gets its number, and the words of a library with it.
    """
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDONLY if descriptor else os.O_WRONLY)
    sys.stdout = _text(sys.stdout, _Data(sys.stdout, 1))
    sys.stderr = _text(sys.stderr, _Words(sys.stderr, 2), line_buffering=True)


def _text(stream: TextIO | None, raw: _Raw, line_buffering: bool = False) -> TextIO:
    """The text stream over a raw one; a terminal without UTF-8 shows what it can."""
    encoding = stream.encoding if stream is not None else "utf-8"
    lines = line_buffering or raw.isatty()
    return io.TextIOWrapper(io.BufferedWriter(raw), encoding, "backslashreplace", line_buffering=lines)


def close_streams() -> None:
    """Writes what is still kept; raises `Stop` where standard output did not take all of it."""
    sys.stderr.flush()
    sys.stdout.flush()
    raw = getattr(getattr(sys.stdout, "buffer", None), "raw", None)
    if isinstance(raw, _Data):
        raw.finish()
