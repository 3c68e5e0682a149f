"""Which branch does this one go into? What CI systems say about it, then what git knows.

Branches are asked for by their full names: a tag or a branch called `origin/main` is not the main branch of origin.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from inception_calc.budget.ci import Said, said_by
from inception_calc.problems import Problem, Undecided
from inception_calc.spec_file.git import Commit, Repository, ambiguous, is_hash

DEFAULT_BRANCHES = ("main", "master", "trunk", "develop")
HEADS, REMOTE = "refs/heads/", "refs/remotes/origin/"


class Target(NamedTuple):
    """The revision to look for a common ancestor with; `exact` where it is the base itself."""

    commit: Commit
    why: str
    exact: bool = False
    or_before: bool = True
    """Whether the commit before HEAD is meant where this one holds HEAD already: so for a branch that is judged
    commit by commit; not for a pull request, of which there is nothing left then."""


def named_base(here: Repository, name: str) -> Target:
    """A revision that the user named; as a branch of origin where there is none of that name here.

    Raises `Undecided` where it may be one or the other: a tag `main` must not stand for the main branch of origin.
    """
    found = here.commit(name)
    remote = None if name == "HEAD" else here.at(f"{REMOTE}{name}")  # HEAD is one thing alone; origin has one too
    commit = found or remote
    if commit is None:
        fix = here.fetching(name if is_hash(name) else f"{name}:{REMOTE}{name}")
        raise Undecided(Problem("missing-base", f"there is no revision '{name}' here", None, fix))
    full = here.symbolic(name) if found is not None else f"{REMOTE}{name}"
    if remote is not None and remote.hash != commit.hash and full != f"{HEADS}{name}":
        raise ambiguous(name, {full or name: commit, f"{REMOTE}{name}": remote})
    branch = full.removeprefix(HEADS).removeprefix(REMOTE)
    or_before = name == "HEAD" or _is_lasting(here, branch, "")
    return Target(Commit(here, name, commit.hash), f"--base or base: {name}", or_before=or_before)


def target_of(here: Repository, head: Commit, environment: Mapping[str, str]) -> Target:
    """The target of a pull request, the commit before a push, or the branch that this one left."""
    said = said_by(environment)
    if said.target and not _is_push(here, head, said):
        return _of_pull_request(here, head, said, environment.get("GITHUB_SHA", ""))
    pushed = _before_push(here, said)
    return pushed if pushed is not None else _of_git(here, head, said.default)


def _is_push(here: Repository, head: Commit, said: Said) -> bool:
    """True where a system names the pushed branch itself as the target, whether it is checked out or not."""
    if not said.may_be_push or _is_lasting(here, said.target, said.default):
        return False
    branch = here.at(f"{REMOTE}{said.target}")
    return said.target in (said.branch, _own(here)) or (branch is not None and _holds(here, branch, head))


def _of_pull_request(here: Repository, head: Commit, said: Said, merged: str) -> Target:
    name, why = said.target, f"{said.system} says that this goes into {said.target}"
    parents = here.parents(head)
    if said.system == "GitHub Actions" and merged == head.hash and len(parents) == 2 and not said.on_target:
        # the platform's own merge of the pull request: its first parent is the target branch
        return Target(Commit(here, name, parents[0]), why, exact=True)
    commit = here.at(f"{REMOTE}{name}", name) or here.at(f"{HEADS}{name}", name)
    if commit is None:
        what = f"the target branch '{name}' is not here ({said.system})"
        raise Undecided(Problem("missing-base", what, None, fetching_branch(here, name)))
    return Target(commit, why, or_before=said.may_be_push and _is_lasting(here, name, said.default))


def _before_push(here: Repository, said: Said) -> Target | None:
    """The commit that a branch was at before the push that CI runs for, or that a merge queue builds on.

    None where it is neither, and for a branch that goes into another one: there a second push, of an empty commit
    say, must not hide what the first one brought.
    """
    branch = said.branch or _own(here)
    if not said.before or not (said.in_queue or not branch or _is_lasting(here, branch, said.default)):
        return None
    commit = here.commit(said.before) if is_hash(said.before) else None
    where, why = ("before the push", "the commit before this push")
    if said.in_queue:
        where, why = ("the merge queue", "the commit that the merge queue builds on")
    if commit is None:
        what = f"{why}, {said.before[:12]}, is not here"
        brought = fetching_branch(here, "*" if said.in_queue or not branch else branch)
        fix = f"{brought}; after a forced push, where it is gone: --base BRANCH"
        raise Undecided(Problem("missing-base", what, None, fix))
    return Target(Commit(here, where, commit.hash), why)


def _of_git(here: Repository, head: Commit, default: str) -> Target:
    """The upstream where it is another branch, else the default branch.

    Never the branch's own copy at origin, nor another one that holds HEAD: what is judged is not its own base.
    """
    own, upstream = _own(here), here.symbolic("@{upstream}")
    other = None if not upstream or upstream.endswith(f"/{own}") else here.at(upstream, _short(upstream))
    if other is not None and not _holds(here, other, head):
        return Target(other, "the upstream of this branch")
    for ref in _default_branches(here, default):
        if own and ref == f"{HEADS}{own}":
            return Target(Commit(here, own, head.hash), "this is the default branch: the last commit")
        commit = here.at(ref, _short(ref))
        if commit is not None:
            return Target(commit, "the default branch")
    if other is not None:
        return Target(other, "the upstream of this branch", or_before=False)
    what = "cannot tell which branch this one goes into: no main, master, trunk or develop is here"
    fix = f"{fetching_branch(here, '*')}; or name it: --base BRANCH"
    raise Undecided(Problem("missing-base", what, None, fix))


def _default_branches(here: Repository, default: str) -> Iterator[str]:
    """Full names, those of origin first."""
    if default:
        yield f"{REMOTE}{default}"
    remote = here.symbolic(f"{REMOTE}HEAD")
    if remote:
        yield remote
    for name in DEFAULT_BRANCHES:
        yield f"{REMOTE}{name}"
    for name in (default, *DEFAULT_BRANCHES) if default else DEFAULT_BRANCHES:
        yield f"{HEADS}{name}"


def _is_lasting(here: Repository, branch: str, default: str) -> bool:
    """True for a branch that is judged push by push, because it goes into no other one."""
    return branch in (*DEFAULT_BRANCHES, default or None) or f"{REMOTE}{branch}" == here.symbolic(f"{REMOTE}HEAD")


def _holds(here: Repository, branch: Commit, head: Commit) -> bool:
    common = here.merge_base(head, branch)
    return common is not None and common.hash == head.hash


def _own(here: Repository) -> str:
    """The branch that is checked out; empty for a detached HEAD."""
    return here.symbolic("HEAD").removeprefix(HEADS)


def commit_before(here: Repository, head: Commit, or_nothing: bool = False) -> Commit:
    """The first parent; before the first commit of all, nothing, where that is asked for.

    Raises `Undecided` where there is none, or where it was cut off.
    """
    parents = here.parents(head)
    if parents:
        return Commit(here, "HEAD^", parents[0])
    if here.is_shallow():
        what = "this is a shallow clone: the commit before HEAD is not here"
        fix = "git fetch --deepen=1 (in GitHub Actions: fetch-depth: 0 at actions/checkout)"
        raise Undecided(Problem("shallow-clone", what, None, fix))
    if or_nothing:
        return head.nothing()
    raise Undecided(Problem("no-parent", "this is the first commit: there is nothing before it", None, "name a --base"))


def fetching_branch(here: Repository, name: str) -> str:
    """The command that brings a branch of origin here, under its full name."""
    return here.fetching(f"+{HEADS}{name}:{REMOTE}{name}")


def _short(name: str) -> str:
    return name.removeprefix(HEADS).removeprefix("refs/remotes/")
