"""GitHub Actions: annotations on the guilty lines.

A line that begins with `::` is a command to the runner; no name ever makes one (`report.text.visible`). Data escapes
%, CR and LF, properties `:` and `,` too (actions/toolkit, packages/core/src/command.ts). The platform shows ten
annotations of a kind for each step and drops the rest without a word, so the worst ten are written, and how many more
there are.
"""

from inception_calc.budget.judgement import FAIL, UNDECIDED, Judgement, Report
from inception_calc.report.check_words import detail_lines, from_root, told, what_of
from inception_calc.report.text import printable, visible

MOST = 10
"""Annotations in one step."""


def data(text: str) -> str:
    """A message, escaped."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def value(text: str) -> str:
    """A property's value, escaped."""
    return data(text).replace(":", "%3A").replace(",", "%2C")


def annotations(report: Report, root: str) -> str:
    """At most ten annotations, the worst first; files count from `root`, the checked-out repository."""
    found = told(report)
    lines = [_annotation(judgement, root) for judgement in found[:MOST]]
    if len(found) > MOST:
        lines.append(f"::notice title=inception-calc::and {len(found) - MOST} more, in the log and the job summary")
    return "".join(f"{line}\n" for line in lines)


def _annotation(judgement: Judgement, root: str) -> str:
    kind = "error" if judgement.verdict in (FAIL, UNDECIDED) else "warning"
    place = from_root(judgement.location, root)
    properties = []
    if place is not None and not _obeyed(place.file):
        properties = [f"file={value(place.file)}"]
        if place.line:
            end = place.column + place.width
            properties += [f"line={place.line}", f"col={place.column}", f"endColumn={end}"]
    properties.append(f"title={value(visible(judgement.id))}")
    first = what_of(judgement) if judgement.verdict != UNDECIDED else f"undecided: {what_of(judgement)}"
    text = "\n".join(visible(line) for line in (first, *detail_lines(judgement)))
    return f"::{kind} {','.join(properties)}::{data(text)}"


def _obeyed(name: str) -> bool:
    """True for a file name with characters that a terminal obeys and the runner has no escape for."""
    rest = name.replace("\r", "").replace("\n", "")
    return printable(rest) != rest
