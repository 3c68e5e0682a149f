"""Numbers of networks on disk, in the order in which they were found: a million results do not sit in memory."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any
from weakref import finalize

BYTES = 8


class Spool:
    """A file of 64-bit integers that only grows; without a path one that is gone at the end."""

    def __init__(self, path: Path | None = None, count: int = 0) -> None:
        """The file, cut off behind `count` numbers: what a run that was killed wrote behind them is not known of."""
        self.path = path
        self.count = count

    @cached_property
    def _file(self) -> IO[bytes]:
        """The file, opened when it is first needed."""
        file: IO[bytes]
        if self.path is None:
            file = TemporaryFile()  # noqa: SIM115 - as long as the answer
        else:
            self.path.touch()
            file = self.path.open("r+b")
            file.truncate(self.count * BYTES)
            file.seek(0, os.SEEK_END)
        finalize(self, file.close)
        return file

    def add(self, indices: Any) -> None:
        """Writes some numbers behind the others."""
        self._file.write(indices.astype("<i8").tobytes())
        self.count += len(indices)

    def keep(self) -> None:
        """All that was added is on the disk."""
        self._file.flush()
        os.fsync(self._file.fileno())

    def copy_to(self, path: Path) -> None:
        """The same numbers in a file of that name."""
        self._file.flush()
        self._file.seek(0)
        with path.open("wb") as copy:
            shutil.copyfileobj(self._file, copy)
            copy.flush()
            os.fsync(copy.fileno())
        self._file.seek(0, os.SEEK_END)

    def batches(self, size: int) -> Iterator[Any]:
        """The numbers, so many at a time."""
        import numpy

        if not self.count:
            return
        self._file.flush()
        for start in range(0, self.count, size):
            self._file.seek(start * BYTES)
            yield numpy.frombuffer(self._file.read(min(size, self.count - start) * BYTES), "<i8")
        self._file.seek(0, os.SEEK_END)
