"""Models as git keeps them: blobs of any size, and what stands in their place where Git LFS keeps the files.

A pointer (git-lfs.com, spec v1) is a text with the SHA-256 and the size of a file. What `git lfs fetch` brought lies
in the repository's own store, under that hash; it is read there, and no program of Git LFS is ever run.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO, NamedTuple

from inception_calc.files.references import is_onnx
from inception_calc.problems import InputError, Problem
from inception_calc.spec_file.git import Commit, Entry

LARGEST_MODEL = 1 << 31
"""Protocol buffers hold no more."""
LARGEST_POINTER = 1024
POINTER = re.compile(
    rb"version https://git-lfs\.github\.com/spec/v1\n(?:[^\n]*\n)*?oid sha256:([0-9a-f]{64})\nsize (\d{1,15})\n"
)


class Pointer(NamedTuple):
    """A file that Git LFS keeps: the SHA-256 of its content, and its bytes."""

    sha256: str
    size: int

    def is_of(self, file: Path) -> bool:
        """Whether a file has this content."""
        return file.stat().st_size == self.size and digest_of(file, "sha256") == self.sha256


def pointer_at(commit: Commit, entry: Entry) -> Pointer | None:
    """What a file of a revision points to; None where it holds its content itself."""
    if commit.size(entry) > LARGEST_POINTER:
        return None
    found = POINTER.match(commit.read(entry))
    return None if found is None else Pointer(found[1].decode("ascii"), int(found[2]))


@contextmanager
def opened(commit: Commit, entry: Entry) -> Iterator[BinaryIO]:
    """A model of a revision, to be read from any place of it; it never stands in memory as a whole.

    Raises `InputError` for one that Git LFS keeps and that is not here, with the command that brings it.
    """
    source = f"{commit.name}:{entry.path}"
    pointer = pointer_at(commit, entry)
    if pointer is not None:
        with _kept(commit, pointer, source) as kept:
            yield kept
        return
    size = commit.size(entry)
    if size > LARGEST_MODEL:
        what = f"'{source}' has {size:,} bytes, at most {LARGEST_MODEL:,} are read"
        raise InputError(Problem("unreadable", what, None, "keep the weights beside the model, as external data"))
    with TemporaryFile() as file:
        commit.write(entry, file)
        yield file


def _kept(commit: Commit, pointer: Pointer, source: str) -> BinaryIO:
    """The file that a pointer means, in the store of Git LFS."""
    name = pointer.sha256
    try:
        file = (commit.repository.common_folder() / "lfs/objects" / name[:2] / name[2:4] / name).open("rb")
    except OSError:
        what = f"'{source}' is a Git LFS pointer, and the model itself ({pointer.size:,} bytes) is not here"
        fix = f"git lfs fetch origin {commit.hash}"
        raise InputError(Problem("lfs-pointer", what, None, fix)) from None
    if os.fstat(file.fileno()).st_size != pointer.size:
        file.close()
        what = f"'{source}' is a Git LFS pointer to {pointer.size:,} bytes, and what is kept of them is damaged"
        raise InputError(Problem("lfs-pointer", what, None, "git lfs fsck, then git lfs fetch origin"))
    return file


def is_unchanged(commit: Commit, path: str, file: Path) -> bool:
    """Whether a file has the content that it has at a revision, be it kept there or by Git LFS."""
    entry = commit.entry(path)
    if entry is None or not entry.is_regular:
        return False
    if hash_of(commit, file) == entry.hash:
        return True
    pointer = pointer_at(commit, entry) if is_onnx(path) else None
    return pointer is not None and pointer.is_of(file)


def hash_of(commit: Commit, file: Path) -> str:
    """The name that git gives a file of this content."""
    return digest_of(file, commit.digest, b"blob %d\0" % file.stat().st_size)


def digest_of(file: Path, algorithm: str, before: bytes = b"") -> str:
    """The digest of a file of any size, with some bytes put in front."""
    digest = hashlib.new(algorithm, before, usedforsecurity=False)
    with file.open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
