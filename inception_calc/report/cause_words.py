"""Edits and what they cost, in words."""

from collections.abc import Sequence
from typing import Any

from inception_calc.comparison import Cause, Change, Edit
from inception_calc.problems import counted
from inception_calc.report.text import signed

SHARED = "what the edits do to one another"
MOST_FOLLOWERS = 3
"""Layers that are told to follow from an edit; JSON has all."""


def edit_text(edit: Edit) -> str:
    """`3x3: 320 -> 640`, `removed: max pool: 3x3/2`, `renamed from 4e`, `moved: after 4b -> after 4d`."""
    if edit.kind == "renamed":
        return f"renamed from {edit.before}"
    if edit.kind == "moved":
        return f"moved: {edit.before} -> {edit.after}"
    if edit.kind == "changed":
        return f"{edit.field}: {edit.before} -> {edit.after}"
    own = "" if edit.field == edit.what else f"{edit.field}: "
    return f"{edit.kind}: {own}{edit.after if edit.kind == 'added' else edit.before}"


def cause_text(cause: Cause) -> str:
    """An edit, and those that it cannot be taken back without."""
    needs = cause.edits[1:]
    if not needs:
        return edit_text(cause.edit)
    told = ", ".join(_short(edit) for edit in needs[:2])
    more = f" and {counted(len(needs) - 2, 'more edit')}" if len(needs) > 2 else ""
    return f"{edit_text(cause.edit)}, together with {told}{more}"


def _short(edit: Edit) -> str:
    return f"{edit.name} ({edit_text(edit)})"


def edit_entry(edit: Edit) -> dict[str, Any]:
    """An edit in JSON; `line` is where it is, or where what was removed stood, `before_line` where it was."""
    place, before = edit.location, edit.before_location
    return {
        "kind": edit.kind,
        "what": edit.what,
        "name": edit.name,
        "row": edit.row or None,
        "field": edit.field,
        "before": edit.before,
        "after": edit.after,
        "file": place.file if place else None,
        "line": place.line if place else None,
        "before_file": before.file if before else None,
        "before_line": before.line if before else None,
    }


def followers_text(changes: Sequence[Change]) -> str:
    """`5a/1x1 +16.1M, 5a/3x3 reduce +10.0M and 3 more layers`, by multiply-adds, or else by params."""
    for metric in ("multiply_adds", "params"):
        amounts = [(getattr(change, metric), change.layer) for change in changes]
        known = [(amount, layer) for amount, layer in amounts if isinstance(amount, int) and amount]
        if known:
            known.sort(key=lambda pair: -abs(pair[0]))
            return with_more([f"{layer} {signed(amount)}" for amount, layer in known])
    return ""


def with_more(texts: Sequence[str]) -> str:
    """The first few, and how many layers more there are."""
    more = len(texts) - MOST_FOLLOWERS
    return ", ".join(texts[:MOST_FOLLOWERS]) + (f" and {counted(more, 'more layer')}" if more > 0 else "")
