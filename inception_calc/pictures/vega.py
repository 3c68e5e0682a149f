"""Vega through vl-convert: pictures without a browser, and the script that draws them in one."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from inception_calc.problems import InputError, MissingExtra, Problem, listed

Spec = dict[str, Any]

SUFFIXES = (".svg", ".png", ".pdf")
SCALE = 2
"""Pixels of a PNG for each unit of a picture: sharp on paper and on screens of our time."""
SNIPPET = "window.vegaEmbed = vegaEmbed;"
"""What the bundle gives to a page: `ast` makes it interpret expressions, so that no policy needs `unsafe-eval`."""


def require_vega() -> Any:
    """The vl-convert package, or `MissingExtra`."""
    try:
        import vl_convert
    except ImportError:
        raise MissingExtra(
            Problem(
                "missing-extra",
                "pictures are drawn by Vega (vl-convert-python), which is not installed",
                None,
                "pip install 'inception-calc[report]'",
            )
        ) from None
    return vl_convert


def suffix_of(path: str) -> str:
    """What a picture's file is; raises `InputError` for a suffix of another kind."""
    suffix = Path(path).suffix.lower()
    if suffix not in SUFFIXES:
        what = f"the suffix of '{path}' names no kind of picture"
        raise InputError(Problem("unknown-format", what, None, f"end it in {listed(SUFFIXES, 'or')}"))
    return suffix


def drawn(spec: Spec, suffix: str) -> bytes:
    """The picture as SVG, PNG or PDF; nothing is read from a network or a file."""
    vega, text = require_vega(), json.dumps(spec)
    if suffix == ".svg":
        svg: str = vega.vega_to_svg(text, allowed_base_urls=[])
        return f"{svg}\n".encode()
    if suffix == ".png":
        return bytes(vega.vega_to_png(text, scale=SCALE, allowed_base_urls=[]))
    return bytes(vega.vega_to_pdf(text, allowed_base_urls=[]))


def with_data(spec: Spec, tables: Mapping[str, list[dict[str, Any]]], signals: Mapping[str, Any] | None = None) -> Spec:
    """The specification with its empty tables filled, and with other values of its signals."""
    chosen = signals or {}
    data = [{**one, "values": tables[one["name"]]} if one["name"] in tables else one for one in spec["data"]]
    given = [{**one, "value": chosen[one["name"]]} if one["name"] in chosen else one for one in spec["signals"]]
    return {**spec, "data": data, "signals": given}


def bundle() -> str:
    """Vega as one script, for a page. It takes a second to make and is the same for every page: it is kept.

    Kept in the user's cache folder, named by vl-convert's version; where that cannot be written it is made each time.
    """
    vega = require_vega()
    kept = _cache(f"vega-{vega.__version__}-{sha256(SNIPPET.encode()).hexdigest()[:8]}.js")
    if kept is not None and (text := _kept(kept)):
        return text
    script: str = vega.javascript_bundle(SNIPPET)
    made = script.replace("</script", "<\\/script").replace("<!--", "<\\!--").strip()
    if kept is not None:
        _keep(kept, f"{made}\n//{_mark(made)}")
    return made


def _kept(path: Path) -> str:
    """A bundle that was kept; empty where there is none, or not a whole one."""
    try:
        text, mark = path.read_text(encoding="utf-8").rsplit("\n//", 1)
    except (OSError, ValueError):
        return ""
    return text if mark == _mark(text) else ""


def _mark(text: str) -> str:
    """What tells a whole file from one that was cut or written over."""
    return sha256(text.encode()).hexdigest()


def _cache(name: str) -> Path | None:
    """A file of the user's cache folder; None for a user without a home."""
    base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    try:
        folder = Path(base) if base and Path(base).is_absolute() else Path.home() / ".cache"
    except RuntimeError:
        return None
    return folder / "inception-calc" / name


def _keep(path: Path, text: str) -> None:
    from inception_calc.files.whole import make_folder, write_files

    try:
        make_folder(path.parent)
        write_files([(path, text.encode())])
    except InputError:
        pass  # a full disk, a home that is read only: the page does without
