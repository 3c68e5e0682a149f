"""What `init` writes: it never overwrites, its budgets hold, and its CI files are valid and install what runs here."""

import json
import os
import re
import shlex
import subprocess
import sys

import pytest
import yaml

from inception_calc import __version__
from inception_calc.budget import ci_files
from inception_calc.problems import InputError
from tests.budget.scratch import ROOT, Scratch, environment, net, repository

KINDS = tuple(ci_files.CI_FILES)


def test_init_never_overwrites_and_its_budgets_hold(scratch):
    done = scratch.run("init")
    assert done.stdout.splitlines()[0] == "wrote inception-calc.yaml"
    assert scratch.run("check").returncode == 0
    files = ["inception-calc.yaml", ".github/workflows/inception-calc.yml"]
    for name in files:
        (scratch.path / name).write_text("mine")
    assert "kept inception-calc.yaml" in scratch.run("init").stdout
    assert [(scratch.path / name).read_text() for name in files] == ["mine", "mine"]


def test_init_in_an_empty_folder_writes_a_starter_that_can_be_checked(tmp_path):
    made = Scratch(tmp_path)
    assert made.run("init", "--ci", "gitlab").returncode == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == [".gitlab-ci.yml", "inception-calc.yaml", "specs"]
    assert made.run("table", "specs/network.yaml").returncode == 0
    assert made.run("check").returncode == 0
    assert "# change:" in (tmp_path / "inception-calc.yaml").read_text()  # outside of git nothing can be compared


def test_init_says_what_comes_first_in_a_repository_without_a_commit(tmp_path):
    made = repository(tmp_path / "new")
    done = made.run("init", "--ci", "none")
    assert done.stdout.splitlines()[-1] == "next: git add -A && git commit, then inception-calc check"
    assert made.run("check").returncode == 3
    made.commit()
    assert made.run("check").returncode == 0


def test_budgets_of_many_files_have_ids_of_their_own(scratch):
    names = ["a/net.yaml", "b/net.yaml", "b/c net.yaml", "[1].yaml", "\N{LATIN SMALL LETTER U WITH DIAERESIS}.yaml"]
    for name in names:
        scratch.write(name, net(4))
    scratch.write("free.yaml", net(4).replace("classes: 10", "classes: "))
    done = scratch.run("init", "--ci", "none")
    assert done.returncode == 0
    assert "left out free.yaml" in done.stderr
    document = yaml.safe_load((scratch.path / "inception-calc.yaml").read_text())
    budgets = document["budgets"]
    assert {budget["match"] for budget in budgets} == {"net.yaml", *names}
    assert len({budget["id"] for budget in budgets}) == len(budgets)
    assert {budget["input"] for budget in budgets} == {"3x16x16"}
    assert scratch.run("check").returncode == 0


@pytest.mark.parametrize("spec", ["googlenet", "lenet5", "resnet50", "odd names.yaml", ""])
def test_the_examples_of_a_new_file_hold_without_their_marks(scratch, spec):
    """With `count` and real numbers: what the comment shows is what the spec holds."""
    scratch.write("odd names.yaml", net(16).replace("conv1:", "'yes':").replace("conv2:", "'a: b':"))
    scratch.write("inception-calc.yaml", "")
    (scratch.path / "inception-calc.yaml").unlink()
    assert scratch.run("init", *([spec] if spec else []), "--ci", "none").returncode == 0
    path = scratch.path / "inception-calc.yaml"
    text = path.read_text()
    bare = re.sub(r"^  # (- |  )", r"  \1", text, flags=re.MULTILINE).replace("\n# waivers:", "\nwaivers:")
    path.write_text(bare)
    scratch.commit()
    done = scratch.run("check")
    assert done.returncode == 0, done.stdout + done.stderr
    more = len(yaml.safe_load(bare)["budgets"]) - len(yaml.safe_load(text)["budgets"])
    assert more == {"resnet50": 0, "": 1, "odd names.yaml": 1}.get(spec, 1)
    assert re.search(r"rows: {type: \w+, count: \d+}", text)
    if spec == "googlenet":
        assert "    rows: {type: inception, count: 9}\n" in text  # a budget, and no example
        assert "compare: {variant: default, to: naive}" in text


def test_a_spec_beside_an_older_budget_file_is_not_left_out_silently(scratch):
    scratch.write("net.yaml", net(4))
    assert scratch.run("init", "net.yaml", "--ci", "none").returncode == 0
    again = scratch.run("init", "net.yaml", "--ci", "none")
    assert (again.returncode, again.stderr) == (0, "")  # what is there speaks of it
    scratch.write("my/net.yaml", net(8))
    done = scratch.run("init", "net.yaml", "my/net.yaml", "--ci", "none")
    assert "kept inception-calc.yaml: it exists" in done.stdout
    said, *lines = done.stderr.splitlines()
    assert said.startswith("my/net.yaml: under no budget of inception-calc.yaml; ")
    path = scratch.path / "inception-calc.yaml"
    path.write_text(path.read_text().replace("\nbudgets:\n", "\nbudgets:\n" + "".join(f"{line}\n" for line in lines)))
    scratch.commit()
    assert scratch.run("check", "my/net.yaml").returncode == 0
    path.write_text("mine")
    assert "cannot be read" in scratch.run("init", "net.yaml", "--ci", "none").stderr


def test_ci_files_belong_to_the_root(scratch):
    (scratch.path / "models").mkdir()
    inside = Scratch(scratch.path / "models")
    done = inside.run("init")
    assert (done.returncode, "run init there" in done.stderr) == (0, True)
    assert sorted(path.name for path in inside.path.iterdir()) == ["inception-calc.yaml", "specs"]
    assert inside.run("check").returncode == 0


def install_line(kind: str, package: str = "") -> str:
    """What the file gives to pip, read as the CI system reads it."""
    _, text = ci_files.ci_file(kind, package)
    document = yaml.safe_load(text)
    if kind == "pre-commit":
        (hook,) = document["repos"][0]["hooks"]
        (found,) = hook["additional_dependencies"]
        return found
    lines = document["inception-calc"]["script"] if kind == "gitlab" else [
        step.get("run", "") for step in document["jobs"]["budgets"]["steps"]
    ]  # fmt: skip
    (line,) = [line for line in lines if "pip" in line]
    program, command, found = shlex.split(line)
    assert (program, command) == ("pip", "install")
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_ci_files_install_what_runs_here(kind, monkeypatch):
    assert install_line(kind, "inception-calc>=0.1,<1") == "inception-calc>=0.1,<1"
    origins = {
        "": f"inception-calc=={__version__}",
        '{"url": "file:///home/me", "dir_info": {"editable": true}}': f"inception-calc=={__version__}",
        '{"url": "https://h/i.whl", "archive_info": {}}': "inception-calc @ https://h/i.whl",
        '{"url": "https://h/o/i", "vcs_info": {"vcs": "git", "commit_id": "3f2a"}}': "inception-calc @ git+https://h/o/i@3f2a",
        '{"url": "https://h/\'; touch x", "archive_info": {}}': f"inception-calc=={__version__}",
    }  # fmt: skip
    for text, package in origins.items():

        class Installed:
            read_text = staticmethod(lambda name, text=text: text)

        monkeypatch.setattr(ci_files.metadata, "distribution", lambda name: Installed)
        assert install_line(kind) == package
        hint = "git+https://HOST/PATH@COMMIT" in ci_files.ci_file(kind, "")[1]
        assert hint == (package == f"inception-calc=={__version__}")  # nothing is a placeholder but in the comment


@pytest.mark.parametrize(
    "package", ["'; touch x", '"; touch x', "$(touch x)", "`x`", "a\nb", "${{ x }}", "-r x", "x\\"]
)
def test_what_is_installed_cannot_be_a_command(package):
    with pytest.raises(InputError):
        ci_files.ci_file("github", package)


def test_the_workflow_has_what_the_check_needs():
    """History, a pinned Python, no permission but to read; the steps are shell."""
    workflow = yaml.safe_load(ci_files.ci_file("github", "")[1])
    assert workflow["permissions"] == {"contents": "read"}
    checkout, python, *commands = workflow["jobs"]["budgets"]["steps"]
    assert (checkout["with"], python["with"]) == ({"fetch-depth": 0}, {"python-version": "3.13"})
    script = "\n".join(step["run"] for step in commands)
    assert subprocess.run(["bash", "-n", "-c", script], check=False).returncode == 0


@pytest.mark.skipif(not os.environ.get("INCEPTION_CALC_NETWORK"), reason="installs with pip: INCEPTION_CALC_NETWORK=1")
@pytest.mark.parametrize("kind", ["github", "gitlab"])
def test_the_scripts_really_run(scratch, tmp_path, kind):
    """On a pull request that adds a filter, in an environment that has nothing installed."""
    scratch.git("checkout", "-q", "main")
    assert scratch.run("init", "--ci", kind, "--package", f"inception-calc @ file://{ROOT}").returncode == 0
    scratch.commit()
    scratch.git("checkout", "-q", "-b", "wider")
    scratch.write("net.yaml", net(20))
    scratch.commit()
    scratch.git("remote", "add", "origin", str(scratch.path))
    path, _ = ci_files.CI_FILES[kind]
    document = yaml.safe_load((scratch.path / path).read_text())
    if kind == "gitlab":
        lines = document["inception-calc"]["script"]
    else:
        scratch.git("fetch", "-q", "origin")
        lines = [step["run"] for step in document["jobs"]["budgets"]["steps"] if "run" in step]
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "venv")], check=True)
    names = {
        "github": {"GITHUB_ACTIONS": "true", "GITHUB_BASE_REF": "main"},
        "gitlab": {"CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main", "CI_DEFAULT_BRANCH": "trunk"},
    }[kind]
    pip = {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
    path_first = {"PATH": f"{tmp_path / 'venv' / 'bin'}:{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", "-e", "-c", "\n".join(lines)],
        cwd=scratch.path, env=environment() | pip | path_first | names | {"CI": "true"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    assert "filters: 16 -> 20" in done.stdout
    if kind == "gitlab":
        assert (scratch.path / "budgets.xml").read_text().startswith("<?xml")
    else:
        assert json.dumps("::error file=net.yaml")[1:-1] in done.stdout
