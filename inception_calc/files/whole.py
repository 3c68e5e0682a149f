"""The one place where files are written: each is whole, or what was there before is untouched.

A file is written beside its target, down to the disk, and then takes its place. Where it cannot (the folder takes
no new file, the target is mounted by itself, has a second name or another owner), the target is written over: its
room is reserved first, and the old bytes are put back if anything goes wrong. A pipe or a device is written to as
it is.
"""

from __future__ import annotations

import errno
import os
import re
import stat
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from io import FileIO
from pathlib import Path
from typing import BinaryIO

from inception_calc.files.reads import Identity, identity, refuse_read
from inception_calc.problems import InputError, Problem

STANDARD_STREAMS = {"/dev/stdout": 1, "/dev/stderr": 2}
DESCRIPTOR = re.compile(r"(?:/dev|/proc/self)/fd/(\d{1,9})")


@contextmanager
def whole_file(path: Path, *, even_if_read: bool = False) -> Iterator[BinaryIO]:
    """A file to write to, which takes the place of `path` when all is written; links, mode and owner stay.

    On a full disk, Ctrl-C or an error there is what there was before, and nothing beside it. Raises `InputError`
    where the file cannot be written, or was read in this run, unless that is meant (`even_if_read`).
    """
    with _told(path):
        before = check_writable(path, even_if_read=even_if_read)
        if not _is_replaced(path, before):
            with _as_it_is(path) as file:
                yield file
            return
        goal = Path(os.path.realpath(path))  # a link stays a link
        with _part(goal, before) as (part, name):
            yield part
            _to_disk(part)
            if before is None or (name and _like(before, part)):
                try:
                    os.replace(name, goal)  # noqa: PTH105 - the name may be empty
                except OSError:
                    if before is None:
                        raise
                else:
                    return
            _write_over(goal, part)


@contextmanager
def new_file(path: Path) -> Iterator[BinaryIO]:
    """The same for a file that is not there yet; raises `FileExistsError` where one of that name is or has come."""
    with _told(path):
        if os.path.lexists(path):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
        with _part(path, None) as (part, name):
            yield part
            _to_disk(part)
            try:
                os.link(name, path)
            except FileExistsError:
                raise
            except OSError:  # no second names on this disk
                os.rename(name, path)  # noqa: PTH104 - as above


def make_folder(path: Path) -> None:
    """Makes a folder and those above it; raises `InputError` where that cannot be done."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(path, error) from None


def write_files(files: Iterable[tuple[Path, bytes]]) -> None:
    """Writes several files; none takes its place before all are written. Raises `InputError` as `whole_file` does."""
    through = []
    with ExitStack() as stack:
        for path, data in files:
            if not _is_replaced(path, _status(path)):
                through.append((path, data))
                continue
            file = stack.enter_context(whole_file(path))
            with _told(path):
                file.write(data)
                file.flush()
        for path, data in through:  # one after the other: who reads two pipes in turn must not wait for ever
            with whole_file(path) as file:
                file.write(data)


def append_whole(path: Path, data: bytes) -> None:
    """Adds to a file, all or nothing; raises `InputError` where that cannot be done."""
    with _told(path), path.open("ab", buffering=0) as file:
        before = os.fstat(file.fileno())
        refuse_read(before, str(path))
        try:
            _write_all(file, data)
        except BaseException:
            if stat.S_ISREG(before.st_mode):
                os.ftruncate(file.fileno(), before.st_size)
            raise


def check_writable(path: Path, *, even_if_read: bool = False) -> os.stat_result | None:
    """What is there now, None for nothing. Raises OSError where a file of that name could not even be begun, and
    `InputError` for one that was read in this run: known before minutes of work.
    """
    before = _status(path)
    if before is None:
        folder = Path(os.path.realpath(path)).parent
        if not folder.is_dir():
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))
        if not os.access(folder, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
    elif stat.S_ISDIR(before.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    elif stat.S_ISREG(before.st_mode) and _descriptor(path) is None:
        os.close(os.open(path, os.O_WRONLY))
    if before is not None and not even_if_read:
        refuse_read(before, str(path))
    return before


def check_files(paths: Iterable[str]) -> None:
    """Raises `InputError` for every file that cannot be written: now, and not after minutes of work."""
    problems: list[Problem] = []
    for path in paths:
        try:
            check_writable(Path(path))
        except OSError as error:
            problems += _unwritable(Path(path), error).problems
    if problems:
        raise InputError(*problems)


def check_distinct(paths: Iterable[str]) -> None:
    """Raises `InputError` where two targets are one file, or one of them is what standard output is sent to."""
    known: dict[Identity | str, str] = {}
    with suppress(OSError, ValueError):  # a standard output that is no descriptor
        out = identity(os.fstat(sys.stdout.fileno()))
        if out is not None:
            known[out] = "standard output"
    for path in paths:
        if _descriptor(Path(path)) is not None:
            continue
        try:
            status = _status(Path(path))
        except OSError:  # which is said where it is written
            continue
        key = os.path.realpath(path) if status is None else identity(status)
        if key is None:
            continue
        if key in known:
            other = known[key]
            what = f"'{path}' is given twice" if other == path else f"'{path}' and {_called(other)} are one file"
            raise InputError(Problem("same-target", what, None, "give each output a file of its own"))
        known[key] = path


def _called(name: str) -> str:
    return name if name == "standard output" else f"'{name}'"


def _status(path: Path) -> os.stat_result | None:
    """What is there, links followed; None for nothing, or a link to nothing."""
    try:
        return os.stat(path)  # noqa: PTH116 - what /dev/stdout is, not where it leads
    except FileNotFoundError:
        return None


def _is_replaced(path: Path, status: os.stat_result | None) -> bool:
    """Whether a new file takes the place of what is there; pipes, devices and open descriptors are written to."""
    return status is None or (stat.S_ISREG(status.st_mode) and _descriptor(path) is None)


def _descriptor(path: Path) -> int | None:
    """The number of the open descriptor that a name such as /dev/stdout or /dev/fd/3 stands for."""
    name = os.path.normpath(path)
    found = DESCRIPTOR.fullmatch(name)
    return int(found[1]) if found else STANDARD_STREAMS.get(name)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Turns what the system says into a complaint that names the file as the user does."""
    try:
        yield
    except FileExistsError:
        raise
    except OSError as error:
        raise _unwritable(path, error) from None


def _unwritable(path: Path, error: OSError) -> InputError:
    what = f"cannot write '{path}': {error.strerror or error}"
    return InputError(Problem("unwritable", what, None, "choose another file"))


@contextmanager
def _as_it_is(path: Path) -> Iterator[BinaryIO]:
    number = _descriptor(path)
    if number == 1:  # which may close early, and must not be overtaken
        sys.stdout.flush()
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    with open(path if number is None else os.dup(number), "wb") as file:  # noqa: PTH123 - a descriptor has no path
        yield file


@contextmanager
def _part(goal: Path, before: os.stat_result | None) -> Iterator[tuple[BinaryIO, str]]:
    """A file to write to and its name beside `goal`; without a name where the folder takes no new file."""
    name = str(goal.with_name(f".inception-calc-{os.urandom(6).hex()}.part"))
    try:
        part: BinaryIO = os.fdopen(os.open(name, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o666), "w+b")
    except OSError:
        if before is None:
            raise
        from tempfile import TemporaryFile

        name, part = "", TemporaryFile()  # noqa: SIM115 - closed below
    try:
        with part:
            yield part, name
    finally:
        if name:
            with suppress(FileNotFoundError):  # it took its place
                os.unlink(name)  # noqa: PTH108 - as above


def _to_disk(file: BinaryIO) -> None:
    """All of a file on its disk: one behind a network says only then that it is full."""
    file.flush()
    os.fsync(file.fileno())


def _like(before: os.stat_result, part: BinaryIO) -> bool:
    """Gives a part the owner and mode of what it replaces; False where it cannot stand for it."""
    if before.st_nlink != 1:
        return False
    if hasattr(os, "fchown"):
        now = os.fstat(part.fileno())
        if (now.st_uid, now.st_gid) != (before.st_uid, before.st_gid):
            try:
                os.fchown(part.fileno(), before.st_uid, before.st_gid)
            except OSError:
                return False
        os.fchmod(part.fileno(), stat.S_IMODE(before.st_mode))
    return True


def _write_over(goal: Path, part: BinaryIO) -> None:
    """Writes a part's bytes over a file; on an error, the old ones are put back."""
    part.seek(0)
    new = part.read()
    with goal.open("r+b", buffering=0) as file:  # a buffer would keep what was refused and write it later
        old = file.readall()
        try:
            if len(new) > len(old) and hasattr(os, "posix_fallocate"):
                os.posix_fallocate(file.fileno(), len(old), len(new) - len(old))
            _put(file, new)
        except BaseException:
            _put(file, old)
            raise


def _put(file: FileIO, data: bytes) -> None:
    file.seek(0)
    _write_all(file, data)
    file.truncate()
    os.fsync(file.fileno())


def _write_all(file: FileIO, data: bytes) -> None:
    """Writes until all is written; one call may write less."""
    rest = memoryview(data)
    while rest:
        rest = rest[file.write(rest) :]
