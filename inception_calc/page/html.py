"""The page around its data: one file that asks nothing of a network, under a policy that says so.

Scripts and the style sheet are known by their hashes; nothing is fetched, framed, sent or evaluated: Vega interprets
its expressions. Everything that a spec or a model named is data, in one JSON document; the frame has no text of theirs
but the title.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from inception_calc.page.document import document_text
from inception_calc.pictures.vega import bundle
from inception_calc.report.html import escaped

ASSETS = Path(__file__).parent / "assets"
SCRIPTS = (
    "numbers",
    "forms",
    "network",
    "dom",
    "header",
    "table",
    "views",
    "cost",
    "sliders",
    "flow",
    "compare",
    "main",
)


@cache
def asset(name: str) -> str:
    """A file of this room."""
    return (ASSETS / name).read_text(encoding="utf-8")


def script() -> str:
    """Ours, as one: in a scope of its own, and strict."""
    parts = "\n".join(asset(f"{name}.js") for name in SCRIPTS)
    return f'(() => {{\n"use strict";\n{parts}\n}})();'


def policy(scripts: list[str], style: str) -> str:
    """What the page may do."""
    hashes = " ".join(map(_hash, scripts))
    return (
        f"default-src 'none'; script-src {hashes}; style-src {_hash(style)}; img-src data:; base-uri 'none'; "
        "form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def page(title: str, document: Mapping[str, Any]) -> str:
    """The whole page, ASCII but for our own scripts."""
    vega, ours, style = bundle(), script(), f"\n{asset('page.css')}\n"
    frame = asset("page.html")
    values = {
        "POLICY": escaped(policy([vega, ours], style)),
        "TITLE": escaped(title),
        "STYLE": style,
        "DATA": document_text(document),
        "VEGA": vega,
        "SCRIPT": ours,
    }
    made = []
    rest = frame
    for key, value in values.items():  # in the order of the frame; what was put in is never looked at again
        before, rest = rest.split(f"@@{key}@@")
        made += [before, value]
    return "".join([*made, rest])
