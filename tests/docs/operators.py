"""docs/operators.md, made from the operators' docstrings: `python -m tests.docs.operators` writes it anew."""

from __future__ import annotations

import sys

from inception_calc.ops.register import REGISTER, operator
from tests.cli.program import ROOT

PAGE = ROOT / "docs" / "operators.md"
HEAD = """# Operators

What each operator of the spec language costs, for one image. This page is made from the operators' own docstrings
(`python -m tests.docs.operators`), and a test compares. An element is one number of a map. What has no line here costs
nothing: no params where none are given, no multiply-adds, no element ops.
"""


def page() -> str:
    """The page as it must be."""
    files: dict[str, list[str]] = {}
    for word in REGISTER:
        files.setdefault(operator(word).__module__, []).append(word)
    sections = [
        f"## {', '.join(words)}\n\n{(sys.modules[file].__doc__ or '').strip()}\n" for file, words in files.items()
    ]
    return "\n".join([HEAD, *sections])


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
