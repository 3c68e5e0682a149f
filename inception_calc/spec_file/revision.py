"""`REF:path`: a spec as it stands at a git revision; `use` reads its neighbours from the same revision."""

from __future__ import annotations

import posixpath
from pathlib import Path

from inception_calc.files.references import SPECS
from inception_calc.problems import Problem, Undecided, listed, nearest
from inception_calc.spec_file.git import Commit, Entry, check_revision, repository
from inception_calc.spec_file.use import Origin, check_neighbour
from inception_calc.spec_file.yaml_reader import decode


def origin_at(reference: str) -> Origin:
    """The text behind `REF:path` in the repository of the current folder; raises as `named_at` and `entry_of`."""
    return origin_of(*named_at(reference))


def named_at(reference: str) -> tuple[Commit, str]:
    """The revision and the path that `REF:path` names in the repository of the current folder.

    The path counts from the repository's root; one that starts with `./` or `../` from the current folder, as git
    has it. Raises `InputError` for what cannot be, `Undecided` where the revision is not there.
    """
    name, _, path = reference.partition(":")
    check_revision(name)
    here = repository(Path())
    if here is None:
        raise Undecided(
            Problem(
                "no-repository",
                f"'{reference}' names a git revision, but this folder is in no git repository",
                None,
                f"run it inside the repository, or name a file (there is no file '{reference}')",
            )
        )
    commit = here.commit(name)
    if commit is None:
        raise Undecided(
            Problem("missing-revision", f"there is no revision '{name}' here", None, f"git fetch origin {name}")
        )
    if path.startswith(("./", "../")):
        path = posixpath.normpath(posixpath.join(here.prefix, path))
    return commit, path


def entry_of(commit: Commit, path: str, what: str, suffixes: tuple[str, ...]) -> Entry:
    """The file of a revision at a path; `Undecided` where there is none, with files of its kind, which is `what`."""
    inside = bool(path) and "\0" not in path and not path.startswith(("/", "../"))
    entry = commit.entry(path) if inside else None
    if entry is None:
        files = [other.path for other in commit.entries() if other.path.endswith(suffixes)]
        all_files = f"`git ls-tree -r --name-only {commit.short}`"
        fix = nearest(path, files) or (f"it has {listed(files, all_in=all_files)}" if files else f"it has no {what}")
        raise Undecided(Problem("missing-file", f"'{path}' does not exist at {commit.short}", None, fix))
    return entry


def origin_of(commit: Commit, path: str, source: str = "") -> Origin:
    """The text of one file of a revision; `path` counts from the repository's root."""
    source = source or f"{commit.name}:{path}"
    text = decode(commit.read(entry_of(commit, path, "YAML file", SPECS)), source)

    def neighbour(name: str) -> Origin:
        check_neighbour(name)
        return origin_of(commit, posixpath.join(posixpath.dirname(path), f"{name}.yaml"))

    return Origin(source, text, neighbour)
