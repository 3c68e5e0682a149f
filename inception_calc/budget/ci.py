"""What CI systems say of a run: that they run it, where a pull request goes, what was pushed."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

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
ALSO_ON_PUSH = ("DRONE_TARGET_BRANCH", "CI_COMMIT_TARGET_BRANCH")
"""Those that name the branch itself where it is no pull request."""
CI_VARIABLES = (
    "CI",
    "GITHUB_ACTIONS",
    "GITLAB_CI",
    "TF_BUILD",
    "BITBUCKET_BUILD_NUMBER",
    "JENKINS_URL",
    "BUILDKITE",
    "DRONE",
    "TEAMCITY_VERSION",
    "CODEBUILD_BUILD_ID",
    "bamboo_buildKey",
    *TARGETS,
)
"""One of these says that a CI system runs this; not every system sets the first, and it can be unset."""
BRANCHES = ("GITHUB_REF", "CI_COMMIT_BRANCH", "BUILD_SOURCEBRANCH", "BITBUCKET_BRANCH", "BUILDKITE_BRANCH")
"""Variables that hold the branch that was pushed."""
NO = ("", "false", "0")
LARGEST_EVENT = 32 * 1024 * 1024


class Said(NamedTuple):
    """What is known; an empty text for what is not."""

    target: str
    """The branch that a pull request goes into."""
    system: str
    may_be_push: bool
    """True where a target may be the pushed branch itself."""
    branch: str
    """The branch that was pushed."""
    default: str
    """The default branch of the repository."""
    before: str
    """The hash of the commit that the branch was at before the push, or that a merge queue builds on."""
    in_queue: bool
    """True for a merge queue."""
    on_target: bool
    """True where the run is one of the target branch itself and no commit of the pull request (pull_request_target)."""


def is_ci(environment: Mapping[str, str]) -> bool:
    """Whether a CI system runs this."""
    return any(environment.get(name, "").lower() not in NO for name in CI_VARIABLES)


def said_by(environment: Mapping[str, str]) -> Said:
    """What the variables say, and the event that GitHub Actions writes into a file."""
    event = environment.get("GITHUB_EVENT_NAME", "")
    payload = _payload(environment) if event in ("push", "merge_group") else {}
    variable = next((name for name in TARGETS if environment.get(name)), "")
    default = _text(payload, "repository", "default_branch") or environment.get("CI_DEFAULT_BRANCH", "")
    before = environment.get("CI_COMMIT_BEFORE_SHA", "")
    if event in ("push", "merge_group"):
        before = _text(payload, "before") if event == "push" else _text(payload, "merge_group", "base_sha")
    return Said(
        _branch(environment.get(variable, "")),
        TARGETS.get(variable, ""),
        variable in ALSO_ON_PUSH,
        next((found for name in BRANCHES if (found := _branch(environment.get(name, "")))), ""),
        _branch(default),
        before if before.strip("0") else "",
        event == "merge_group",
        event == "pull_request_target",
    )


def _branch(name: str) -> str:
    """The short name; nothing for a ref that is no branch."""
    short = name.removeprefix("refs/heads/")
    return "" if short.startswith("refs/") else short


def _text(value: Any, *keys: str) -> str:
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, str) else ""


def _payload(environment: Mapping[str, str]) -> Any:
    try:
        path = Path(environment.get("GITHUB_EVENT_PATH", ""))
        is_read = path.is_file() and path.stat().st_size <= LARGEST_EVENT
        return json.loads(path.read_text(encoding="utf-8")) if is_read else {}
    except (OSError, ValueError):
        return {}
