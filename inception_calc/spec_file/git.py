"""Git, asked for text and for nothing else: revisions become hashes, paths become blobs.

Every call is without a shell, with a time limit and an environment of its own, so that no variable makes git run
a program or look into another repository. What users write (revisions, paths) stands after `--end-of-options`
or `--`, and a revision that looks like an option is refused before git sees it. No hook, pager, text conversion,
filter or network transport can run: only `rev-parse`, `show-ref`, `merge-base`, `rev-list`, `ls-tree` and `cat-file`
are called, and protocols are forbidden, so that a partial clone fetches nothing.
"""

from __future__ import annotations

import hashlib
import os
import posixpath
import re
import shlex
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO

from inception_calc.problems import InputError, Problem, Undecided, listed
from inception_calc.spec_file.yaml_reader import LARGEST_FILE

TIMEOUT = 60
"""Seconds that one call may take."""
FIRST_TIMEOUT = 5
"""Seconds for the first question, which asks for nothing but reads all configuration: git waits for a named pipe."""
KEPT_VARIABLES = ("PATH", "HOME", "XDG_CONFIG_HOME", "USERPROFILE", "SYSTEMROOT", "TMPDIR", "TEMP", "TMP")
"""What git sees of the environment; the user's own configuration stays, because it says which folders are safe."""
LONGEST_NAME = 1000
REGULAR_FILES = ("100644", "100755")
LINK, SUBMODULE = "120000", "160000"
MOST_LINKS = 20
SHA1_DIGITS = 40
AMBIGUOUS = re.compile(r"refname '(.+)' is ambiguous")
READINGS = ("refs/{}", "refs/tags/{}", "refs/heads/{}", "refs/remotes/{}", "refs/remotes/{}/HEAD")
"""How git completes a short name, in its order (gitrevisions(7)); what it finds first hides the rest."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of a revision; a link or a submodule where what was asked for leads no further."""

    path: str
    mode: str
    hash: str

    @property
    def is_regular(self) -> bool:
        """Whether it is a file, and no link or submodule."""
        return self.mode in REGULAR_FILES


@dataclass(frozen=True, slots=True)
class Commit:
    """A revision that exists: how the user calls it, and its hash."""

    repository: Repository
    name: str
    hash: str

    @property
    def short(self) -> str:
        """`main@3f2a91c`."""
        return self.hash[:7] if self.hash.startswith(self.name) else f"{self.name}@{self.hash[:7]}"

    def entry(self, path: str) -> Entry | None:
        """The entry of a file, given from the repository's root; None where the revision has none.

        Links are followed inside the revision; one that leads nowhere, or out of it, is the answer itself.
        """
        entries = _all_entries(self)
        link: Entry | None = None
        for _ in range(MOST_LINKS):
            found = next((entries[part] for part in _parts(path) if part in entries), None)
            if found is None or (found.path != path and found.mode not in (LINK, SUBMODULE)):
                return link
            if found.mode != LINK:
                return found
            link = found
            target = os.fsdecode(self.repository.ask("cat-file", "blob", link.hash))
            rest = path[len(link.path) + 1 :]
            path = posixpath.normpath(posixpath.join(posixpath.dirname(link.path), target, rest))
        return link

    def entries(self) -> tuple[Entry, ...]:
        """All files of the revision."""
        return tuple(_all_entries(self).values())

    @property
    def digest(self) -> str:
        """The algorithm of this repository's hashes."""
        return "sha1" if len(self.hash) == SHA1_DIGITS else "sha256"

    def nothing(self) -> Commit:
        """What was before the first commit: a revision without files, which git knows without having it."""
        return Commit(
            self.repository, "nothing", hashlib.new(self.digest, b"tree 0\0", usedforsecurity=False).hexdigest()
        )

    def size(self, entry: Entry) -> int:
        """The bytes of a file; raises `InputError` for a link or a submodule."""
        source = f"{self.name}:{entry.path}"
        if entry.mode == SUBMODULE:
            raise _unreadable(source, "is a submodule, another repository", "run it inside the submodule")
        if not entry.is_regular:
            raise _unreadable(source, "is no regular file at that revision")
        return int(self.repository.ask("cat-file", "-s", entry.hash))

    def read(self, entry: Entry) -> bytes:
        """The content of a file, never more than is read at all."""
        size = self.size(entry)
        if size > LARGEST_FILE:
            source = f"{self.name}:{entry.path}"
            raise _unreadable(source, f"has {size:,} bytes, at most {LARGEST_FILE:,} are read")
        return self.repository.ask("cat-file", "blob", entry.hash)

    def write(self, entry: Entry, file: IO[bytes]) -> None:
        """Puts the content of a file of any size into an open one."""
        self.repository.ask("cat-file", "blob", entry.hash, into=file)


@dataclass(frozen=True, slots=True)
class Repository:
    """A git repository with a working tree; `root` is its top folder, `prefix` leads from there to where we are."""

    root: Path
    prefix: str = ""

    def ask(self, *arguments: str, into: IO[bytes] | None = None) -> bytes:
        """What git answers, or nothing where that is to go `into` a file; `Undecided` where it refuses."""
        answer = _git(self.root, *arguments, into=into)
        if answer is None or answer.returncode:
            raise _refused(answer, self.root)
        return answer.stdout or b""

    def common_folder(self) -> Path:
        """The folder that git keeps for all working trees of the repository."""
        return self.root / os.fsdecode(self.ask("rev-parse", "--git-common-dir").rstrip(b"\n"))

    def commit(self, name: str) -> Commit | None:
        """The revision that somebody calls `name`; None where there is none.

        Raises `InputError` for what is no name, `Undecided` for one that means several commits: a tag or a branch
        called `origin/main` must not stand for the remote branch without a word.
        """
        check_revision(name)
        exact = self.at(name) if name.startswith("refs/") else None
        if exact is not None:
            return exact
        found = _git(self.root, "rev-parse", "--verify", "--end-of-options", f"{name}^{{commit}}")
        if found is None:
            raise _refused(found, self.root)
        text = found.stdout.decode("ascii", "replace").strip()
        if found.returncode or not is_hash(text):
            return None
        unclear = AMBIGUOUS.search(found.stderr.decode("utf-8", "replace"))
        if unclear is not None and unclear[1] != "HEAD" and not is_hash(unclear[1]):  # these two git never mistakes
            self._check_clear(unclear[1])
        return Commit(self, name, text)

    def at(self, ref: str, name: str = "") -> Commit | None:
        """The commit of a full ref such as `refs/remotes/origin/main`, and of no other ref; `name` is for people."""
        found = _git(self.root, "show-ref", "--verify", "--hash", ref) if ref.startswith("refs/") else None
        text = found.stdout.decode("ascii", "replace").strip() if found is not None and not found.returncode else ""
        commit = self.commit(text) if is_hash(text) else None  # peels a tag
        return None if commit is None else Commit(self, name or ref, commit.hash)

    def _check_clear(self, name: str) -> None:
        """Raises `Undecided` where git completes a short name to refs of different commits, or takes it for a hash."""
        refs = {ref: commit for ref in (reading.format(name) for reading in READINGS) if (commit := self.at(ref))}
        if len(refs) < 2 or len({commit.hash for commit in refs.values()}) > 1:
            raise ambiguous(name, refs)

    def merge_base(self, first: Commit, second: Commit) -> Commit | None:
        """The best common ancestor of two commits; None where there is none in the history that is here."""
        found = _git(self.root, "merge-base", first.hash, second.hash)
        text = found.stdout.decode("ascii", "replace").strip() if found is not None else ""
        return Commit(self, second.name, text) if found is not None and not found.returncode and is_hash(text) else None

    def parents(self, commit: Commit) -> tuple[str, ...]:
        """The hashes of a commit's parents, those that a shallow clone cut off left out."""
        line = self.ask("rev-list", "--parents", "--max-count=1", commit.hash).decode("ascii", "replace").split()
        return tuple(line[1:])

    def symbolic(self, name: str) -> str:
        """The full name of the branch that HEAD, an upstream or a remote's HEAD stands for; empty for none."""
        found = _git(self.root, "rev-parse", "--verify", "--quiet", "--symbolic-full-name", "--end-of-options", name)
        text = found.stdout.decode("utf-8", "replace").strip() if found is not None and not found.returncode else ""
        return text.split("\n")[-1] if "refs/" in text else ""

    def fetching(self, *refs: str) -> str:
        """The command that brings refs of origin here with their whole history; quoted, whatever they are called."""
        words = ["git", "fetch", *(["--unshallow"] if self.is_shallow() else []), "origin", *refs]
        return shlex.join(words)

    def is_shallow(self) -> bool:
        """True where history is cut off."""
        return self.ask("rev-parse", "--is-shallow-repository").strip() == b"true"

    def cut_off(self) -> frozenset[str]:
        """The hashes of commits whose parents were cut off."""
        try:
            return frozenset(_own_file(self, "shallow").read_text(encoding="ascii", errors="replace").split())
        except OSError:
            return frozenset()

    def is_sparse(self) -> bool:
        """True where files of the last commit may be left out of the working tree on purpose."""
        return _own_file(self, "info/sparse-checkout").is_file()

    def newer_than(self, base: Commit, *tips: Commit) -> frozenset[str]:
        """The hashes of all commits that lead to `tips` and not to `base`."""
        answer = self.ask("rev-list", *(tip.hash for tip in tips), f"^{base.hash}")
        return frozenset(answer.decode("ascii", "replace").split())

    def inside(self, path: Path) -> str | None:
        """A file's path from the repository's root, with slashes; None for a file outside."""
        try:
            return Path(os.path.abspath(path)).relative_to(self.root).as_posix()  # noqa: PTH100 - links stay links
        except ValueError:
            try:
                return path.resolve().relative_to(self.root.resolve()).as_posix()
            except (ValueError, OSError):
                return None


def repository(folder: Path) -> Repository | None:
    """The repository that a folder lies in; None where it lies in none. `Undecided` where git is missing or refuses."""
    found = _repository(os.path.abspath(folder))  # noqa: PTH100
    if isinstance(found, Problem):
        raise Undecided(found)
    return found


@cache
def _repository(folder: str) -> Repository | Problem | None:
    """The repository, or why git does not answer at all: that is asked and waited for once."""
    try:
        answer = _git(Path(folder), "rev-parse", "--show-toplevel", "--show-prefix", timeout=FIRST_TIMEOUT)
    except Undecided as silent:
        return silent.problems[0]
    if answer is None or b"dubious ownership" in answer.stderr:
        raise _refused(answer, Path(folder))
    if answer.returncode:
        return None
    root, _, prefix = os.fsdecode(answer.stdout).partition("\n")
    if not root:
        return None
    above = Path(folder)
    for _ in filter(None, prefix.strip("\n").split("/")):
        above = above.parent
    return Repository(above, prefix.rstrip("\n"))


def check_revision(name: str) -> None:
    """Raises `InputError` for what cannot be the name of a revision and might be something else to git."""
    odd = any(ord(character) < 32 or ord(character) == 127 for character in name)
    if not name or name.startswith("-") or odd or len(name) > LONGEST_NAME or ":" in name:
        what = "starts with '-'" if name.startswith("-") else "is no name of a revision"
        raise InputError(
            Problem("bad-revision", f"'{name[:80]}' {what}", None, "give a branch, tag or commit, such as main")
        )


def _git(
    folder: Path, *arguments: str, timeout: int = TIMEOUT, into: IO[bytes] | None = None
) -> subprocess.CompletedProcess[bytes] | None:
    """One call of git in a folder; None where there is no git."""
    program = _program()
    if program is None:
        return None
    guards = [
        "--no-pager",
        "--literal-pathspecs",
        "--no-replace-objects",
        "-c",
        "core.fsmonitor=false",
        "-c",
        "core.warnAmbiguousRefs=true",
        "-c",
        "protocol.allow=never",
    ]
    try:
        return subprocess.run(  # noqa: S603 - an absolute program, a list of arguments, no shell
            [program, *guards, *arguments],
            cwd=folder,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=into or subprocess.PIPE,
            stderr=subprocess.PIPE,
            timeout=timeout,
            check=False,
        )
    except subprocess.TimeoutExpired:
        waits = [f"'{path}'" for path in _configuration(folder) if path.exists() and not path.is_file()]
        fix = f"{listed(waits)} is no regular file, and git waits for it" if waits else "try again"
        raise Undecided(Problem("git-timeout", f"git took longer than {timeout} s", None, fix)) from None
    except (OSError, ValueError) as error:
        raise Undecided(Problem("no-git", f"git cannot be run in '{folder}': {error}")) from None


def _configuration(folder: Path) -> list[Path]:
    """Where git's configuration lies, for all that is known without git."""
    home = os.environ.get("HOME", "")
    above = os.environ.get("XDG_CONFIG_HOME") or f"{home}/.config"
    users = [Path(home, ".gitconfig"), Path(above, "git/config")]
    return users + [each / ".git" / name for each in (folder, *folder.parents) for name in ("config", "HEAD")]


@cache
def _program() -> str | None:
    """Where git is; never a file of the current folder."""
    found = shutil.which("git")
    return found if found and Path(found).is_absolute() else None


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
    return kept | {
        "LC_ALL": "C",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_GRAFT_FILE": os.devnull,
    }


def _parts(path: str) -> list[str]:
    """`a/b/c` -> a, a/b, a/b/c."""
    names = path.split("/")
    return ["/".join(names[: index + 1]) for index in range(len(names))]


def _entries(listed: bytes) -> list[Entry]:
    """The lines of `ls-tree -z`: mode, type, hash, a tab, the path. Sizes would need the files of a partial clone."""
    entries = []
    for line in listed.split(b"\0"):
        head, tab, path = line.partition(b"\t")
        fields = head.split()
        if tab and len(fields) == 3 and fields[1] in (b"blob", b"commit"):
            mode, _, name = (field.decode("ascii") for field in fields)
            entries.append(Entry(os.fsdecode(path), mode, name))
    return entries


@cache
def _own_file(repository: Repository, name: str) -> Path:
    """Where git keeps a file of its own; asked once, though every new spec needs to know."""
    return repository.root / os.fsdecode(repository.ask("rev-parse", "--git-path", name).rstrip(b"\n"))


@cache
def _all_entries(commit: Commit) -> dict[str, Entry]:
    listed = commit.repository.ask("ls-tree", "-r", "-z", "--full-tree", commit.hash)
    return {entry.path: entry for entry in _entries(listed)}


def ambiguous(name: str, refs: Mapping[str, Commit]) -> Undecided:
    """What is said of a name that may be any of several refs, or one of them and the start of a hash."""
    found = ", ".join(f"{ref} ({commit.hash[:7]})" for ref, commit in refs.items())
    what = f"'{name}' may be any of {found}" if len(refs) > 1 else f"'{name}' is {found}, or the start of a hash"
    fix = f"write it in full: {shlex.quote(list(refs)[-1])}" if refs else "write the whole hash"
    return Undecided(Problem("ambiguous-revision", what, None, fix))


def is_hash(text: str) -> bool:
    """True for the whole hash of an object."""
    return len(text) in (40, 64) and all(character in "0123456789abcdef" for character in text)


def _refused(answer: subprocess.CompletedProcess[bytes] | None, folder: Path) -> Undecided:
    if answer is None:
        return Undecided(Problem("no-git", "git is not installed", None, "install git, or name files instead"))
    words = answer.stderr.decode("utf-8", "replace").strip()
    if "dubious ownership" in words:
        return Undecided(
            Problem(
                "not-your-repository",
                f"git does not trust '{folder}': it belongs to another user",
                None,
                f"git config --global --add safe.directory '{folder}'",
            )
        )
    lines = words.split("\n")
    first = next((line for line in lines if line.startswith("fatal: ")), lines[0]).removeprefix("fatal: ")[:200]
    is_partial = "promisor" in words or "lazy fetch" in words or "transport" in words
    fix = "git fetch --refetch --no-filter" if is_partial else ""
    return Undecided(Problem("git-refused", f"git cannot answer: {first or 'no reason given'}", None, fix))


def _unreadable(source: str, what: str, fix: str = "name a YAML file") -> InputError:
    return InputError(Problem("unreadable", f"'{source}' {what}", None, fix))
