"""Runs a composite action as GitHub does: its steps in order, its expressions filled in, files for the outputs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import yaml

from tests.budget.scratch import ROOT, Scratch, environment

EXPRESSION = re.compile(r"\$\{\{\s*([\w.-]+)\s*\}\}")


UPLOAD = "actions/upload-artifact@v4"
URL = "https://platform.example/artefact"


class Ran(NamedTuple):
    code: int
    outputs: dict[str, str]
    log: str
    summary: str
    artefact: Path | None = None
    """The folder that was uploaded."""


def run_action(
    repository: Scratch, folder: Path, inputs: dict[str, str] | None = None, install: bool = False, **variables: str
) -> Ran:
    """The action of this repository, in a checkout, with the variables that the platform sets. No token anywhere.

    Without `install` the first step is replaced by a Python that finds this working tree: what pip would install.
    """
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    values = {f"inputs.{name}": item.get("default", "") for name, item in action["inputs"].items()}
    values |= {f"inputs.{name}": value for name, value in (inputs or {}).items()}
    temporary = folder / "temp"
    temporary.mkdir()
    python = temporary / "inception-calc" / "bin" / "python"
    if not install:
        python.parent.mkdir(parents=True)
        python.write_text(f'#!/bin/sh\n[ "$1" = -I ] && shift\nPYTHONPATH="{ROOT}" exec "{sys.executable}" "$@"\n')
        python.chmod(0o755)
    platform = environment() | variables | {
        "CI": "true",
        "GITHUB_ACTIONS": "true",
        "GITHUB_WORKSPACE": str(repository.path),
        "GITHUB_ACTION_PATH": str(ROOT),
        "GITHUB_STEP_SUMMARY": str(folder / "summary"),
        "RUNNER_TEMP": str(temporary),
    }  # fmt: skip
    values["runner.temp"] = str(temporary)
    log, code, artefact = "", 0, None
    for step in action["runs"]["steps"]:
        if not wanted(step.get("if", "success()"), values, failed=code != 0):
            continue
        if step["id"] == "install" and not install:
            continue
        if "uses" in step:
            assert step["uses"] == UPLOAD
            artefact = Path(filled(step["with"]["path"], values))
            values[f"steps.{step['id']}.outputs.artifact-url"] = URL
            continue
        assert step["shell"] == "bash"
        assert "${{" not in step["run"]  # values reach scripts as variables only
        output = folder / f"{step['id']}.output"
        env = platform | {name: filled(str(text), values) for name, text in step.get("env", {}).items()}
        where = repository.path / filled(step.get("working-directory", "."), values)
        script = folder / f"{step['id']}.sh"
        script.write_text(step["run"], encoding="utf-8")
        done = subprocess.run(  # the platform's own command line for `shell: bash`
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
            cwd=where, env=env | {"GITHUB_OUTPUT": str(output)}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        log += done.stdout + done.stderr
        values |= {f"steps.{step['id']}.outputs.{name}": value for name, value in lines_of(output).items()}
        if done.returncode and not step.get("continue-on-error"):
            code = code or done.returncode
    outputs = {name: filled(item["value"], values) for name, item in action["outputs"].items()}
    summary = folder / "summary"
    return Ran(code, outputs, log, summary.read_text(encoding="utf-8") if summary.exists() else "", artefact)


def wanted(condition: str, values: dict[str, str], failed: bool) -> bool:
    """Whether a step runs: every part of its condition holds; one that does not ask for more needs success so far."""
    parts = condition.removeprefix("${{").removesuffix("}}").strip().split(" && ")
    if "!cancelled()" not in parts and failed:
        return False
    for part in parts:
        if part in ("!cancelled()", "success()"):
            continue
        name, sign, literal = part.split(" ")
        assert sign in ("==", "!=")
        if (values.get(name, "") == literal.strip("'")) != (sign == "=="):
            return False
    return True


def filled(text: str, values: dict[str, str]) -> str:
    """Expressions replaced by their values; what is not set is empty."""
    return EXPRESSION.sub(lambda match: values.get(match[1], ""), text)


def lines_of(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    return dict(line.split("=", 1) for line in path.read_text(encoding="utf-8").splitlines())


def pull_request(server: Scratch, branch: str, target: str = "main") -> str:
    """The platform's test merge of a branch, as refs/pull/1/merge; its hash."""
    before = server.git("rev-parse", "--abbrev-ref", "HEAD")
    server.git("checkout", "-q", "--detach", target)
    server.git("merge", "-q", "--no-ff", "-m", f"Merge {branch} into {target}", branch)
    merged = server.git("rev-parse", "HEAD")
    server.git("update-ref", "refs/pull/1/merge", merged)
    server.git("update-ref", "refs/pull/1/head", branch)
    server.git("checkout", "-q", before)
    return merged


def checkout(server: Scratch, path: Path, ref: str, depth: int | None = 1) -> Scratch:
    """What actions/checkout does: an empty repository, one ref fetched, a detached head. No credentials."""
    made = Scratch(path)
    path.mkdir()
    made.git("init", "-q", "-b", "none", ".")
    made.git("remote", "add", "origin", f"file://{server.path}")
    options = [f"--depth={depth}"] if depth else []
    refs = [f"+{ref}:refs/remotes/pull/checked-out"] + ([] if depth else ["+refs/heads/*:refs/remotes/origin/*"])
    made.git("fetch", "-q", "--no-tags", *options, "origin", *refs)
    made.git("checkout", "-q", "--detach", "refs/remotes/pull/checked-out")
    assert os.environ.get("GITHUB_TOKEN") is None
    return made
