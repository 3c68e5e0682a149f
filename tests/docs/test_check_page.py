"""docs/check.md, followed as a new user would: its calls one after the other in an empty folder."""

from __future__ import annotations

import re
import subprocess
import sys

import yaml

from tests.budget.scratch import ROOT, environment

PAGE = (ROOT / "docs/check.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.DOTALL | re.MULTILINE)
HASH = re.compile(r"@[0-9a-f]{7}\b")


def pattern(shown: str) -> str:
    """What was printed: a line `...` stands for any lines, a commit for any commit."""
    lines = [
        r"(.*\n)*?" if line == "..." else re.escape(HASH.sub("@HASH", line)) + r"\n" for line in shown.splitlines()
    ]
    return "".join(lines)


def test_the_five_minutes(tmp_path):
    program = tmp_path / "bin" / "inception-calc"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m inception_calc "$@"\n')
    program.chmod(0o755)
    work = tmp_path / "work"
    work.mkdir()
    env = environment()
    env["PATH"] = f"{program.parent}:{env['PATH']}"
    sessions = [call for block in BLOCK.findall(PAGE) for call in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]]
    assert len(sessions) > 5
    for session in sessions:
        call, _, shown = session.partition("\n")
        if call.startswith("pip "):
            continue
        done = subprocess.run(["bash", "-c", call], cwd=work, env=env, capture_output=True, text=True, check=False)
        assert re.fullmatch(pattern(shown), HASH.sub("@HASH", done.stdout)), (call, done.stdout, done.stderr)


def test_the_yaml_of_the_page_is_yaml():
    blocks = re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    assert len(blocks) > 2
    for block in blocks:
        assert yaml.safe_load(block)
