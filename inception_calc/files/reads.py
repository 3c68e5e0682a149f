"""Which files were read in this run: none of them is ever written to.

A file is known by what it is and not by its name (a link, `./net.yaml`, another spelling of the same letters).
What git keeps was never a file of that name, and may be written over.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from inception_calc.problems import InputError, Problem

Identity = tuple[int, int]
"""A file's device and number."""

_READ: ContextVar[dict[Identity, str] | None] = ContextVar("files that were read in this run", default=None)


@contextmanager
def one_run() -> Iterator[None]:
    """Remembers the files that are read inside. Outside, in a program of the user's own, nothing is remembered."""
    token = _READ.set({})
    try:
        yield
    finally:
        _READ.reset(token)


def identity(status: os.stat_result) -> Identity | None:
    """What a regular file is, whatever it is called; None for a pipe or a device."""
    return (status.st_dev, status.st_ino) if stat.S_ISREG(status.st_mode) else None


def remember(descriptor: int, name: str) -> None:
    """The file behind a descriptor is read in this run; `name` is what the user calls it."""
    read, found = _READ.get(), identity(os.fstat(descriptor))
    if read is not None and found is not None:
        read.setdefault(found, name)


def refuse_read(status: os.stat_result, name: str) -> None:
    """Raises `InputError` for a target called `name` that was read in this run."""
    found = identity(status)
    read_as = (_READ.get() or {}).get(found) if found is not None else None
    if read_as is not None:
        also = "" if read_as == name else f" as '{read_as}'"
        what = f"cannot write {name if name == STANDARD_OUTPUT else repr(name)}: it was read in this run{also}"
        raise InputError(Problem("own-input", what, None, "choose another file"))


STANDARD_OUTPUT = "to standard output"
