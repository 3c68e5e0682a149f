"""Which branch does this one go into? What CI systems say about it, then what git knows."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from inception_calc.problems import InputError, Problem, Undecided
from inception_calc.spec_file.git import Commit, Repository

TARGETS = {
    "GITHUB_BASE_REF": "GitHub Actions",
    "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "GitLab CI",
    "SYSTEM_PULLREQUEST_TARGETBRANCH": "Azure Pipelines",
    "BITBUCKET_PR_DESTINATION_BRANCH": "Bitbucket Pipelines",
    "CHANGE_TARGET": "Jenkins",
    "BUILDKITE_PULL_REQUEST_BASE_BRANCH": "Buildkite",
    "DRONE_TARGET_BRANCH": "Drone",
    "CI_COMMIT_TARGET_BRANCH": "Woodpecker",
}
"""Variable that holds the target branch of a pull request -> the system that sets it."""
CI_VARIABLES = ("CI", "TF_BUILD", "JENKINS_URL", "TEAMCITY_VERSION", "CODEBUILD_BUILD_ID", "bamboo_buildKey")
"""One of these says that a CI system runs this; not every system sets the first."""
DEFAULT_BRANCHES = ("main", "master", "trunk", "develop")
LARGEST_EVENT = 32 * 1024 * 1024


class Target(NamedTuple):
    """The revision to look for a common ancestor with; `exact` where it is the base itself."""

    commit: Commit
    why: str
    exact: bool = False


def named_base(here: Repository, name: str) -> Target:
    """A revision that the user named; as a branch of origin where there is none of that name here."""
    for candidate in (name, f"origin/{name}"):
        commit = here.commit(candidate)
        if commit is not None:
            return Target(Commit(here, name, commit.hash), f"--base or base: {name}")
    raise Undecided(
        Problem(
            "missing-base",
            f"there is no revision '{name}' here",
            None,
            f"git fetch origin {name}:refs/remotes/origin/{name}",
        )
    )


def target_of(here: Repository, head: Commit, environment: Mapping[str, str]) -> Target:
    """The target of a pull request, the commit before a push, or the branch that this one left."""
    for variable, system in TARGETS.items():
        name = environment.get(variable, "").removeprefix("refs/heads/")
        if name:
            return _of_pull_request(here, head, name, system, environment)
    pushed = _before_push(here, environment)
    return pushed if pushed is not None else _of_git(here, head)


def is_ci(environment: Mapping[str, str]) -> bool:
    """Whether a CI system runs this."""
    return any(environment.get(name, "").lower() not in ("", "false", "0") for name in CI_VARIABLES)


def _of_pull_request(here: Repository, head: Commit, name: str, system: str, environment: Mapping[str, str]) -> Target:
    why = f"{system} says that this goes into {name}"
    parents = here.parents(head)
    if len(parents) == 2 and environment.get("GITHUB_SHA") == head.hash and "GITHUB_BASE_REF" in environment:
        # the platform's own merge of the pull request: its first parent is the target branch
        return Target(Commit(here, name, parents[0]), why, exact=True)
    for candidate in (f"origin/{name}", name):
        commit = _commit(here, candidate)
        if commit is not None:
            return Target(Commit(here, name, commit.hash), why)
    raise Undecided(
        Problem(
            "missing-base",
            f"the target branch '{name}' is not here ({system})",
            None,
            f"git fetch origin {name}:refs/remotes/origin/{name}",
        )
    )


def _before_push(here: Repository, environment: Mapping[str, str]) -> Target | None:
    """The commit that a branch was at before the push that CI runs for; None where it is no push or a new branch."""
    before: object = environment.get("CI_COMMIT_BEFORE_SHA", "")
    if environment.get("GITHUB_EVENT_NAME") == "push":
        before = _event(environment).get("before", "")
    if not isinstance(before, str) or not before.strip("0"):
        return None
    commit = _commit(here, before)
    if commit is None:
        raise Undecided(
            Problem(
                "missing-base",
                f"the commit before this push, {before[:12]}, is not here",
                None,
                "git fetch --unshallow, or after a forced push: --base BRANCH",
            )
        )
    return Target(Commit(here, "before the push", commit.hash), "the commit before this push")


def _event(environment: Mapping[str, str]) -> dict[str, object]:
    try:
        path = Path(environment.get("GITHUB_EVENT_PATH", ""))
        if path.stat().st_size > LARGEST_EVENT:
            return {}
        event = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return event if isinstance(event, dict) else {}


def _of_git(here: Repository, head: Commit) -> Target:
    """The upstream where it is another branch, else the default branch, else the own upstream."""
    own = here.symbolic("HEAD").removeprefix("refs/heads/")
    upstream = here.symbolic("@{upstream}")
    if upstream and not upstream.endswith(f"/{own}"):
        commit = _commit(here, upstream)
        if commit is not None:
            return Target(Commit(here, _short(upstream), commit.hash), "the upstream of this branch")
    for name in _default_branches(here):
        commit = _commit(here, name) if name != f"refs/heads/{own}" else None
        if commit is not None:
            return Target(Commit(here, _short(name), commit.hash), "the default branch")
    if upstream:
        commit = _commit(here, upstream)
        if commit is not None:
            return Target(Commit(here, _short(upstream), commit.hash), "the upstream of this branch")
    if own in DEFAULT_BRANCHES:
        return Target(Commit(here, own, head.hash), "this is the default branch: the last commit")
    raise Undecided(
        Problem(
            "missing-base",
            "cannot tell which branch this one goes into",
            None,
            "name it: --base main, or base: main in the budget file",
        )
    )


def _default_branches(here: Repository) -> Iterator[str]:
    remote = here.symbolic("refs/remotes/origin/HEAD")
    if remote:
        yield remote
    for name in DEFAULT_BRANCHES:
        yield f"refs/remotes/origin/{name}"
    for name in DEFAULT_BRANCHES:
        yield f"refs/heads/{name}"


def commit_before(here: Repository, head: Commit) -> Commit:
    """The first parent; raises `Undecided` where there is none, or where it was cut off."""
    parents = here.parents(head)
    if parents:
        return Commit(here, "HEAD^", parents[0])
    if here.is_shallow():
        raise Undecided(
            Problem(
                "shallow-clone",
                "this is a shallow clone: the commit before HEAD is not here",
                None,
                "git fetch --deepen=1 (in GitHub Actions: fetch-depth: 0 at actions/checkout)",
            )
        )
    raise Undecided(Problem("no-parent", "this is the first commit: there is nothing before it", None, "name a --base"))


def _commit(here: Repository, name: str) -> Commit | None:
    try:
        return here.commit(name)
    except InputError:
        return None


def _short(name: str) -> str:
    return name.removeprefix("refs/heads/").removeprefix("refs/remotes/")
