"""The base of relative budgets: the same spec at the merge base, read with git. No service, token or stored state."""

import os
import posixpath
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from inception_calc.analysis.spec_source import SpecSource
from inception_calc.budget.branch import Target, commit_before, fetching_branch, named_base, target_of
from inception_calc.budget.ci import is_ci
from inception_calc.files.references import SPECS, is_onnx
from inception_calc.graph import Source
from inception_calc.problems import InputError, Problem, Stop, Undecided
from inception_calc.spec_file.git import Commit, Entry, Repository, repository
from inception_calc.spec_file.large_files import hash_of, is_unchanged, pointer_at
from inception_calc.spec_file.load import load_text
from inception_calc.spec_file.revision import origin_of

MOST_CANDIDATES = 200
"""Files that are read to find where a renamed spec was before."""
LIKENESS = 0.6
MODELS = (".onnx",)
"""How networks are called: a spec that got the other ending is the same spec."""
SUFFIXES = (*SPECS, *MODELS)


class Before(NamedTuple):
    """A network at the base."""

    origin: Source
    path: str
    renamed: bool


@dataclass(frozen=True, slots=True)
class Base:
    """The revision that everything is compared with, and why this one."""

    commit: Commit
    why: str
    head: Commit
    """The commit that is checked out."""

    @property
    def name(self) -> str:
        """`main@3f2a91c`."""
        return self.commit.short

    def text_path(self, file: Path) -> str | None:
        """A file's path in the revision; None for a file outside the repository."""
        return self.commit.repository.inside(file)

    def unchanged(self, file: Path, with_neighbours: bool) -> bool:
        """True where the file, and with it every YAML file of its folder, has the same bytes at the base."""
        files = sorted(file.parent.glob("*.yaml")) if with_neighbours else [file]
        paths = [(path, self.text_path(path)) for path in files]
        try:
            return all(
                name is not None and path.is_file() and is_unchanged(self.commit, name, path) for path, name in paths
            )
        except OSError:  # a neighbour that cannot be read
            return False

    def before(self, file: Path, variant: str) -> Before | None:
        """The spec as it was; None where it is new. Raises `Undecided` where that cannot be known."""
        path = self.text_path(file)
        if path is None:
            raise Undecided(
                Problem("outside", f"'{file}' lies outside the git repository", None, "move it, or drop 'change'")
            )
        entry = self.commit.entry(path)
        if entry is None and self._is_in_another(file):
            what = f"'{path}' lies in a git repository of its own, so it has no base in this one"
            raise Undecided(Problem("other-repository", what, None, "give that repository a budget file of its own"))
        old = path if entry is not None else self.origin(file)
        if old is None:
            return None
        try:
            found = self._source(old, variant)
        except InputError as error:
            if [problem.code for problem in error.problems] == ["unknown-variant"]:
                return None
            first = error.problems[0]
            place = f":{first.location.line}" if first.location else ""
            raise Undecided(
                Problem(
                    "unreadable-base",
                    f"'{old}' cannot be read at {self.name}: {first.what} ({old}{place})",
                    None,
                    "mend it in a commit of its own, or give another --base",
                )
            ) from None
        return Before(found, old, old != path)

    def _source(self, path: str, variant: str) -> Source:
        """The network of a file of the revision; raises `InputError`."""
        name = f"{self.name}:{path}"
        if not is_onnx(path):
            return SpecSource(load_text(origin_of(self.commit, path, name), variant))
        from inception_calc.analysis.revision_source import open_at  # specs do without
        from inception_calc.graph.onnx import check_variant

        check_variant(path, variant)
        return open_at(self.commit, path, name)

    def is_tracked(self, file: Path) -> bool:
        """True for a file of the last commit, rather than one that git does not know (yet)."""
        path = self.text_path(file)
        return path is not None and self.head.entry(path) is not None

    def _is_in_another(self, file: Path) -> bool:
        root = self.commit.repository.root
        folders = Path(os.path.abspath(file)).parents  # noqa: PTH100 - links stay links
        return any((folder / ".git").exists() for folder in folders if root in folder.parents)

    def origin(self, file: Path) -> str | None:
        """What a new file was called at the base: a file that is gone and is the same, or mostly the same."""
        root, path = self.commit.repository.root, self.text_path(file) or ""
        name, suffix = posixpath.basename(path), posixpath.splitext(path)[1]
        suffixes = SPECS if suffix in SPECS else (suffix,)
        left_out = {entry.path for entry in self.head.entries()} if self.commit.repository.is_sparse() else frozenset()
        gone = [
            entry
            for entry in self.commit.entries()
            if entry.path.endswith(suffixes) and entry.path not in left_out and not os.path.lexists(root / entry.path)
        ]
        same = hash_of(self.commit, file) if file.is_file() else ""  # a pipe was read already
        gone.sort(key=lambda entry: (entry.hash != same, posixpath.basename(entry.path) != name))
        if gone and gone[0].hash == same:
            return gone[0].path
        if suffix in MODELS:
            return self._moved_model(gone, name, file)
        data = file.read_bytes() if file.is_file() else b""
        found = most_alike(self.commit, gone[:MOST_CANDIDATES], data)
        if found is None and len(gone) > MOST_CANDIDATES:
            what = f"'{path}' is new or was moved: {len(gone):,} files are gone, too many to compare it with"
            raise Undecided(Problem("many-moved", what, None, "move files in a commit of its own"))
        return found

    def _moved_model(self, gone: list[Entry], name: str, file: Path) -> str | None:
        """A model has no lines to compare: what Git LFS has of the same content, or the only one of its name."""
        pointers = ((entry, pointer_at(self.commit, entry)) for entry in gone[:MOST_CANDIDATES])
        found = next((entry for entry, pointer in pointers if pointer is not None and pointer.is_of(file)), None)
        named = [entry for entry in gone if posixpath.basename(entry.path) == name]
        return found.path if found is not None else named[0].path if len(named) == 1 else None


def most_alike(commit: Commit, candidates: list[Entry], data: bytes) -> str | None:
    """The candidate with the most lines in common, above a threshold; like git's own search for renames."""
    lines = set(data.splitlines())
    best, where = LIKENESS, None
    for entry in candidates:
        try:
            old = commit.read(entry)
        except InputError:  # a link, or larger than any spec
            continue
        if old == data:
            return entry.path
        others = set(old.splitlines())
        alike = 2 * len(lines & others) / max(1, len(lines) + len(others))
        if alike > best:
            best, where = alike, entry.path
    return where


@dataclass
class BaseFinder:
    """Finds the base when it is first asked for, once; its failure is an answer too."""

    name: str
    folder: Path
    environment: Mapping[str, str]
    files: Callable[[], Iterable[Path]] = tuple
    """The specs that are judged."""
    _found: Base | Stop | None = field(default=None, init=False)

    @property
    def was_asked(self) -> bool:
        """True where anything needed the base."""
        return self._found is not None

    def find(self) -> Base:
        """The base; raises `Undecided` with the command that mends it."""
        if self._found is None:
            try:
                self._found = find_base(self.name, self.folder, self.environment, self.files())
            except Stop as stop:
                self._found = stop
        if isinstance(self._found, Stop):
            raise self._found
        return self._found


def find_base(name: str, folder: Path, environment: Mapping[str, str], files: Iterable[Path] = ()) -> Base:
    """The merge base of HEAD with the named revision; with `auto`, with the branch that this one goes into.

    It never is what is judged, because that compared with itself always passes. Where it would be HEAD, it is HEAD
    only for somebody at a desk who edited one of `files` since; else the commit before, where that is meant.
    Raises `Undecided` where there is none, with the command that mends it.
    """
    here = repository(folder)
    if here is None:
        what = f"'{folder}' is in no git repository, so there is no base to compare with"
        raise Undecided(Problem("no-repository", what, None, "run git init and commit, or drop 'change'"))
    head = here.commit("HEAD")
    if head is None:
        fix = "git commit first (past a hook: git commit --no-verify)"
        raise Undecided(Problem("no-commit", "the repository has no commit yet", None, fix))
    target = target_of(here, head, environment) if name == "auto" else named_base(here, name)
    found = target.commit if target.exact else merge_base(here, head, target.commit)
    if found.hash != head.hash:
        return Base(found, target.why, head)
    at_desk = not is_ci(environment)
    if at_desk and is_edited(files, head):
        return Base(found, "the last commit: specs here were edited since", head)
    if not target.or_before:
        raise _holds_head(here, target)
    before = commit_before(here, head, or_nothing=at_desk)
    is_first = before == head.nothing()
    why = "HEAD is the first commit: all is new" if is_first else f"{found.name} holds HEAD already: the commit before"
    return Base(before, why, head)


def is_edited(files: Iterable[Path], head: Commit) -> bool:
    """True where a file of the last commit is another one now, or where one is new and may be one that is gone.

    How lines end is no edit, and a file that git never knew is none either: it says nothing of all the others.
    """
    new = False
    for file in files:
        path = head.repository.inside(file)
        entry = head.entry(path) if path is not None else None
        new = new or entry is None
        if entry is not None and _differs(file, entry, head):
            return True
    root = head.repository.root
    return new and any(
        entry.path.endswith(SUFFIXES) and not os.path.lexists(root / entry.path) for entry in head.entries()
    )


def _differs(file: Path, entry: Entry, head: Commit) -> bool:
    try:
        if is_unchanged(head, entry.path, file):
            return False
        if entry.path.endswith(MODELS):
            return True
        return head.read(entry).replace(b"\r\n", b"\n") != file.read_bytes().replace(b"\r\n", b"\n")
    except (OSError, InputError):  # no file any more, or a link or a submodule then: nothing that was edited
        return False


def _holds_head(here: Repository, target: Target) -> Undecided:
    name = target.commit.name
    what = f"'{name}' holds HEAD already ({target.why}), so it is no base: HEAD would be compared with itself"
    fix = f"{fetching_branch(here, name)} where it is not up to date; check out what is to be judged, or name a --base"
    return Undecided(Problem("base-is-head", what, None, fix))


def merge_base(here: Repository, head: Commit, target: Commit) -> Commit:
    """The best common ancestor, under the target's name.

    Raises `Undecided` where there is none, and where history is cut off so that a better one may be hidden.
    """
    if head.hash == target.hash:
        return target
    found = here.merge_base(head, target)
    shallow = here.is_shallow()
    if found is None:
        if shallow:
            raise _shallow(target)
        what = f"HEAD and {target.name} have no common ancestor"
        raise Undecided(Problem("unrelated", what, None, "give another --base"))
    if shallow and found.hash not in (head.hash, target.hash):
        hidden = here.newer_than(found, head, target) & here.cut_off()
        if hidden:
            raise _shallow(target)
    return found


def _shallow(target: Commit) -> Undecided:
    return Undecided(
        Problem(
            "shallow-clone",
            f"this is a shallow clone: the common ancestor of HEAD and {target.name} is not here",
            None,
            "git fetch --unshallow origin (in GitHub Actions: fetch-depth: 0 at actions/checkout)",
        )
    )
