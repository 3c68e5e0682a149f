"""Judgements in words: the finding, its base, the layers that explain it, where the limit stands."""

import os
from collections.abc import Iterator
from fractions import Fraction

from inception_calc.analysis.metrics import COMPARABLE
from inception_calc.budget.judgement import FAIL, PASS, UNDECIDED, WARN, Judgement, Report, Where
from inception_calc.budget.models import RATIOS
from inception_calc.problems import Location, counted
from inception_calc.report.cause_words import SHARED, cause_text, with_more
from inception_calc.report.compare import change_text, ratio_text
from inception_calc.report.text import exact, percent, short, signed, signed_percent

CODES = {
    "over": "over-budget",
    "risen": "over-change",
    "other count": "other-count",
    "was over already": "was-over",
    "stale limit": "stale-limit",
    "reference risen": "reference-risen",
    "waived": "waived",
    "waiver expired": "waiver-expired",
    "waiver too long": "waiver-too-long",
    "long waiver": "long-waiver",
    "waiver not needed": "waiver-not-needed",
    "new": "new",
    "off": "off",
    "nothing to judge": "nothing-to-judge",
    "within": "within",
}
WORDS = {FAIL: "error", WARN: "warning", UNDECIDED: "undecided", PASS: "pass"}
HELD = {"rows_held": "rows held", "layers_held": "layers held"}
"""What a budget pins that is no cost."""
BYTE_STEPS = {False: (1000, ("bytes", "kB", "MB", "GB", "TB")), True: (1024, ("bytes", "KiB", "MiB", "GiB", "TiB"))}


def code_of(judgement: Judgement) -> str:
    """A stable word for machines."""
    return judgement.problem.code if judgement.problem is not None else CODES[judgement.status]


def label_of(metric: str) -> str:
    """A metric as people call it."""
    if metric in HELD:
        return HELD[metric]
    if metric in RATIOS:
        return f"{COMPARABLE[RATIOS[metric]].label} ratio"
    return "share of multiply-adds" if metric == "share" else COMPARABLE[metric].label


def number_text(value: Fraction | int, unit: str, like: str = "") -> str:
    """A number as people read it; bytes in powers of 1024 where `like`, the limit as written, has them."""
    if unit == "share":
        return percent(Fraction(value))
    if unit == "ratio":
        return ratio_text(Fraction(value))
    return bytes_text(int(value), "i" in like) if unit == "bytes" else short(int(value))


def bytes_text(value: int, binary: bool) -> str:
    """`28.0 MB`, `7.63 MiB`."""
    step, units = BYTE_STEPS[binary]
    size = Fraction(abs(value))
    index = 0
    while size >= step and index < len(units) - 1:
        size, index = size / step, index + 1
    digits = 0 if index == 0 else 2 if size < 10 else 1
    return f"{'-' if value < 0 else ''}{float(size):.{digits}f} {units[index]}"


def both(value: Fraction | int, limit: Fraction | int, unit: str, like: str) -> tuple[str, str]:
    """Two numbers in words; exactly where they would look the same and are not."""
    texts = number_text(value, unit, like), number_text(limit, unit, like)
    if texts[0] != texts[1] or value == limit:
        return texts
    if unit == "share":
        return f"{float(value * 100):.6f}%", f"{float(limit * 100):.6f}%"
    if unit == "ratio":
        return f"{float(value):.9f}", f"{float(limit):.9f}"
    return exact(int(value)), exact(int(limit))


def subject_of(judgement: Judgement) -> str:
    """`specs/googlenet.yaml row 4e`."""
    if judgement.part == "total" or not judgement.name:
        return judgement.spec
    between = " " if judgement.part == "compare" else f" {judgement.part} "
    return f"{judgement.spec}{between}{judgement.name}"


def what_of(judgement: Judgement) -> str:
    """The finding in one line, without id and place."""
    if judgement.problem is not None:
        of = f"{label_of(judgement.metric)} of {subject_of(judgement)} cannot be judged: " if judgement.metric else ""
        return of + judgement.problem.what
    if judgement.value is None:
        return f"{judgement.status}: {judgement.how}" if judgement.how else judgement.status
    label, unit, like = label_of(judgement.metric), judgement.unit, judgement.limit_text
    if judgement.metric in HELD:
        return f"{judgement.value} {label}, {judgement.limit} pinned: {judgement.how}"
    part = f"{judgement.part} {judgement.name}: " if judgement.part in ("row", "layer") else ""
    if judgement.limit is None:
        return f"{part}{number_text(judgement.value, unit, like)} {label}: {judgement.how}"
    value, limit = both(judgement.value, judgement.limit, unit, like)
    sign = ">" if judgement.value > judgement.limit else "<="
    relative = f" ({_relative(judgement.value, judgement.limit)})" if judgement.limit else ""
    allowed = f" (base {judgement.limit_text})" if judgement.section == "change" else relative
    least = "at least " if judgement.at_least else ""
    text = f"{part}{least}{value} {label} {sign} {limit}{allowed}"
    if judgement.status in ("was over already", "waived", "stale limit"):
        text += f": {judgement.status}"
    return text + (f", {judgement.how}" if judgement.how else "")


def _relative(value: Fraction | int, to: Fraction | int) -> str:
    return signed_percent(Fraction(value) / Fraction(to) - 1)


def detail_lines(judgement: Judgement) -> Iterator[str]:
    """The base, the layers that explain it, where the limit stands, what the author says, and the fix."""
    if judgement.base is not None and judgement.value is not None:
        base = number_text(judgement.base, judgement.unit, judgement.limit_text)
        rise = f" ({_relative(judgement.value, judgement.base)})" if judgement.base else ""
        yield f"base {judgement.base_name}: {base}{rise}"
    for where in judgement.where:
        place = f"   ({place_text(where)})" if where.location and where.location.line else ""
        yield f"{where.layer}  {amount_text(where, judgement)}   {why_text(where)}{place}"
        if where.follows:
            yield f"  follows: {follows_text(where, judgement)}"
    yield from _others(judgement)
    if judgement.proposal:
        yield f"{judgement.proposal} would do; `inception-calc check --tighten` writes it"
    if judgement.limit_location is not None and judgement.limit_location != judgement.location:
        limit = judgement.limit_location
        yield f"limit set at {limit.words}"
    if judgement.message:
        yield judgement.message
    if judgement.problem is not None and judgement.problem.fix:
        yield f"fix: {judgement.problem.fix}"


def amount_text(where: Where, judgement: Judgement) -> str:
    """`+96.3M`, or the cost where nothing is compared."""
    if where.amount is None:
        return ""
    if where.change is None and where.cause is None:
        unit = "count" if judgement.unit in ("share", "ratio") else judgement.unit
        return number_text(where.amount, unit, judgement.limit_text)
    return _signed(where.amount, judgement)


def place_text(where: Where) -> str:
    """`line 58`; of what is not there any more, where it was."""
    before = where.cause.edit.before_location if where.cause is not None else None
    if where.cause is not None and where.cause.edit.kind == "removed" and before is not None:
        return f"was line {before.line}"
    return f"line {where.location.line}" if where.location else ""


def follows_text(where: Where, judgement: Judgement) -> str:
    """`5a/1x1 +16.1M, 5a/3x3 reduce +10.0M and 3 more layers`."""
    return with_more([f"{layer} {_signed(amount, judgement)}" for layer, amount in where.follows])


def _others(judgement: Judgement) -> Iterator[str]:
    """What the edits that are told leave over."""
    others = judgement.others
    if others is not None and others.edits:
        yield f"{counted(others.edits, 'more edit')}  {_signed(others.amount, judgement)}"
    if others is not None and others.shared:
        yield f"{_signed(others.shared, judgement)}   {SHARED}"


def _signed(amount: int, judgement: Judgement) -> str:
    unit = "count" if judgement.unit in ("share", "ratio") else judgement.unit
    if unit == "count":
        return signed(amount)
    return f"{'+' if amount > 0 else ''}{number_text(amount, unit, judgement.limit_text)}"


def why_text(where: Where) -> str:
    """`3x3: 320 -> 384`, or the share of the whole."""
    if where.cause is not None:
        return cause_text(where.cause)
    if where.change is not None:
        return change_text(where.change)
    return "" if where.share is None else f"{percent(where.share)} of it"


def head_line(judgement: Judgement) -> str:
    """`specs/googlenet.yaml:58:5: error[over-budget]: googlenet-total: 1.71G multiply-adds > 1.60G (+6.9%)`."""
    place = judgement.location
    at = f"{place.words}: " if place else f"{judgement.spec}: " if judgement.spec else ""
    return f"{at}{WORDS[judgement.verdict]}[{code_of(judgement)}]: {judgement.id}: {what_of(judgement)}"


def told(report: Report) -> tuple[Judgement, ...]:
    """The judgements that need words: everything but a pass, and a pass that had nothing to compare with."""
    return tuple(j for j in report.judgements if j.verdict != PASS or j.status == "new")


def summary_line(report: Report) -> str:
    """`fail: 1 failed, 2 warnings, 20 passed; base main@3f2a91c (the default branch)`."""
    words = {FAIL: "failed", UNDECIDED: "undecided", WARN: "warned", PASS: "passed"}
    parts = [f"{len(found)} {word}" for verdict, word in words.items() if (found := report.of(verdict))]
    base = f"; base {report.base} ({report.base_why})" if report.base else ""
    return f"{report.verdict}: {', '.join(parts)}{base}"


def from_root(location: Location | None, root: str) -> Location | None:
    """The location with its file counted from another folder, as platforms want it; None where it is no file."""
    if location is None or not os.path.isfile(location.file):  # noqa: PTH113
        return None
    return location._replace(file=os.path.relpath(os.path.abspath(location.file), root).replace(os.sep, "/"))  # noqa: PTH100
