"""The files for CI that `init` writes, and what they install."""

import json
import re
from collections.abc import Mapping
from importlib import metadata

from inception_calc import __version__
from inception_calc.problems import InputError, Problem

REQUIREMENT = re.compile(r"[A-Za-z0-9][\w.\-\[\], @:/+~<>=!%&?;]*(?:#[\w.\-=&]+)?", re.ASCII)
"""What pip takes and what neither YAML in quotes nor a shell in quotes reads as anything else."""
HINT = '  # where it is not on the package index: "inception-calc @ git+https://HOST/PATH@COMMIT"'

GITHUB = """\
# Checks the budgets of inception-calc.yaml: on pull requests against the merge base with the target branch, on pushes
# to the default branch against the commit before, on others against where the branch left it. It needs no token, so
# it runs on forks too.
name: inception-calc
on: [push, pull_request]
permissions:
  contents: read
jobs:
  budgets:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
        with: {fetch-depth: 0}         # the base is read with git; without it the check says so and fails
      - uses: actions/setup-python@v5
        with: {python-version: "3.13"}
      - run: 'pip install "PACKAGE"'HINT
      - run: inception-calc check      # annotations and the job summary come by themselves
"""

GITLAB = """\
inception-calc:
  image: python:3.13
  variables: {GIT_DEPTH: 0}            # the base is read with git; without it the check says so and fails
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
  script:
    - target="${CI_MERGE_REQUEST_TARGET_BRANCH_NAME:-$CI_DEFAULT_BRANCH}"
    - git fetch origin "+refs/heads/$target:refs/remotes/origin/$target"
    - 'pip install "PACKAGE"'HINT
    - inception-calc check -o junit:budgets.xml
  artifacts:
    when: always
    reports: {junit: budgets.xml}
"""

PRE_COMMIT = """\
repos:
  - repo: local
    hooks:
      - id: inception-calc
        name: inception-calc check
        entry: inception-calc check
        language: python
        additional_dependencies: ["PACKAGE"]HINT
        files: \\.ya?ml$
        pass_filenames: false
"""

CI_FILES: Mapping[str, tuple[str, str]] = {
    "github": (".github/workflows/inception-calc.yml", GITHUB),
    "gitlab": (".gitlab-ci.yml", GITLAB),
    "pre-commit": (".pre-commit-config.yaml", PRE_COMMIT),
}
"""Kind -> file and text."""


def ci_file(kind: str, package: str) -> tuple[str, str]:
    """The path and text of a CI file; `package` is what pip installs, the one that runs here where it is empty."""
    path, text = CI_FILES[kind]
    found = package or installed_from()
    if not REQUIREMENT.fullmatch(found):
        fix = "write a requirement: inception-calc==0.1.0, or inception-calc @ git+https://HOST/PATH@COMMIT"
        raise InputError(Problem("bad-usage", f"--package: '{found}' is nothing that pip installs", None, fix))
    on_index = found == f"inception-calc=={__version__}" and not package
    return path, text.replace("HINT", HINT if on_index else "").replace("PACKAGE", found)


def installed_from() -> str:
    """The requirement that installs this program again: from where pip had it (PEP 610), else from the index."""
    try:
        text = metadata.distribution("inception-calc").read_text("direct_url.json")
        origin = json.loads(text or "{}")
    except (metadata.PackageNotFoundError, ValueError):
        origin = {}
    url = str(origin.get("url", ""))
    if not url.startswith(("https://", "http://", "ssh://")):  # the index, or a folder that only this machine has
        return f"inception-calc=={__version__}"
    commit = origin.get("vcs_info", {}).get("commit_id")
    found = f"inception-calc @ git+{url}@{commit}" if commit else f"inception-calc @ {url}"
    return found if REQUIREMENT.fullmatch(found) else f"inception-calc=={__version__}"
