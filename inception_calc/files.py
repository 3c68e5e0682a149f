"""Files that are whole or not there."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from inception_calc.problems import InputError, Problem


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """A file to write to, which takes the place of `path` when all is written.

    On a full disk, Ctrl-C or an error there is what there was before, and nothing beside it. A device or a pipe is
    written to as it is. Raises `InputError` where the file cannot be written.
    """
    try:
        check_writable(path)
        if path.exists() and not path.is_file():
            with path.open("wb") as file:
                yield file
            return
        goal = path.resolve()  # a link stays a link
        part = goal.with_name(f".{goal.name[:100]}.{os.getpid()}.part")
        try:
            with part.open("wb") as file:
                yield file
            part.replace(goal)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
    except OSError as error:
        what = f"cannot write '{path}': {error.strerror or error}"
        raise InputError(Problem("unwritable", what, None, "choose another file")) from None


def check_writable(path: Path) -> None:
    """Raises OSError where a file of that name could not even be begun: known before minutes of work."""
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    folder = path.parent
    if not folder.is_dir():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))
    if not os.access(path if path.exists() else folder, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
