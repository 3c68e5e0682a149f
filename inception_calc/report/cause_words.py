"""Edits and what they cost, in words."""

from typing import Any

from inception_calc.comparison import Cause, Edit
from inception_calc.problems import counted

SHARED = "what the edits do to one another"


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
