"""The Python interface: the names of the command line, from the package itself, as the docs show them."""

from __future__ import annotations

import doctest
import re
import shutil
import subprocess
import sys

import pytest

import inception_calc
from tests.budget.scratch import ROOT

PAGES = ("docs/check.md", "docs/compare.md", "README.md")
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)
BUDGETS = "version: 1\nbudgets:\n  - {id: a, match: specs/googlenet.yaml, max: {params: 7M}}\n"
PROGRAM = "import inception_calc.budget, inception_calc.comparison; from inception_calc import check, compare, load; "
BLOCKS = [(page, block) for page in PAGES for block in BLOCK.findall((ROOT / page).read_text(encoding="utf-8"))]


def test_the_front_door_does_what_it_says():
    found = doctest.testmod(inception_calc)
    assert found.attempted > 4
    assert found.failed == 0


def test_the_session_of_the_page_is_real():
    page = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
    session = "\n".join(re.findall(r"^```pycon\n(.*?)^```$", page, re.DOTALL | re.MULTILINE))
    found = doctest.DocTestRunner().run(doctest.DocTestParser().get_doctest(session, {}, "python.md", None, 0))
    assert found.attempted > 10
    assert found.failed == 0


def test_the_pages_show_python():
    assert {page for page, _ in BLOCKS} == set(PAGES)


@pytest.mark.parametrize(("page", "block"), BLOCKS, ids=[page for page, _ in BLOCKS])
def test_python_of_the_pages_runs(page, block, tmp_path):
    shutil.copytree(ROOT / "specs", tmp_path / "specs")
    (tmp_path / "inception-calc.yaml").write_text(BUDGETS)
    done = subprocess.run([sys.executable, "-c", block], cwd=tmp_path, env={"PYTHONPATH": str(ROOT)}, check=False)
    assert done.returncode == 0


def test_compare_stays_a_function_whatever_was_imported_before():
    """A room of the same name would take its place."""
    program = f"{PROGRAM}print(compare(['vgg_a', load('vgg_d')]).subjects[1].name, callable(check))"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["vgg_d@default", "True"]
