"""The pre-commit hook. That it is well described is judged always; it is really run where the network may be used."""

import os
import shutil
import subprocess

import pytest
import yaml

from tests.budget.scratch import ROOT, environment, net


def test_the_hook_runs_a_command_that_exists():
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert (hook["id"], hook["language"], hook["pass_filenames"]) == ("inception-calc-check", "python", False)
    assert hook["entry"] == "inception-calc check"


@pytest.mark.skipif(
    not os.environ.get("INCEPTION_CALC_NETWORK") or not shutil.which("pre-commit"),
    reason="builds an environment with pip: set INCEPTION_CALC_NETWORK=1 and install pre-commit",
)
def test_pre_commit_really_runs_it(scratch):
    scratch.budgets("budgets:\n  - {id: a, match: net.yaml, change: {params: +0}}\n")
    scratch.commit()
    command = ["pre-commit", "try-repo", str(ROOT), "inception-calc-check", "--all-files"]

    def run() -> subprocess.CompletedProcess[str]:
        pip = {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
        env = environment() | pip
        return subprocess.run(command, cwd=scratch.path, env=env, capture_output=True, text=True, check=False)

    assert run().returncode == 0
    scratch.write("net.yaml", net(17))
    scratch.git("add", "-A")
    done = run()
    assert done.returncode == 1
    assert "net.yaml:6:38: error[over-change]" in done.stdout
