"""What a verdict rests on, in words: short for a table's cell, with the spec's own reason where there is room."""

from fractions import Fraction
from math import ceil, floor

from inception_calc.audit.contradictions import Chain, ColumnSum, Concatenation, CostPerWeight, Evidence, Grid
from inception_calc.audit.single_changes import Change
from inception_calc.audit.verdicts import Compared, Contradicted, Explained, Finding, Reproduced, Unexplained, Value
from inception_calc.dims import Shape, sides_text
from inception_calc.problems import listed
from inception_calc.report.text import exact, size_text

QUANTITIES = {
    ("params",): "with biases",
    ("weights",): "weights alone",
    ("params", "weights"): "with or without biases: neither is proven",
}

RECALLED = "recalled, not read again"
"""What `unverified: true` says of a printed number."""


def value_text(value: Value | None) -> str:
    """A count with all its digits, a ratio with four decimals or digits, a size as papers print it."""
    if value is None:
        return ""
    if isinstance(value, Shape):
        return size_text(value)
    if value == int(value):
        return exact(int(value))
    if -0.01 < value < 0.01:
        return f"{float(value):.4g}"
    return f"{float(value):,.4f}".rstrip("0").rstrip(".")


def json_value(value: Value | None) -> int | float | str | None:
    """An int, the nearest double of a ratio, or a size as papers print it."""
    if value is None or isinstance(value, Shape):
        return None if value is None else value_text(value)
    return int(value) if value == int(value) else float(value)


def short_how(finding: Finding, printed: str, computed: Value | None) -> str:
    """What the verdict rests on, without the spec's reason."""
    if isinstance(finding, Reproduced):
        return reproduction_text(finding)
    if isinstance(finding, Compared):
        return f"{finding.says} {printed}"
    if isinstance(finding, Explained):
        ways = [finding, *finding.others]
        text = "; or ".join(map(explanation_text, ways))
        return text if len(ways) == 1 else f"{text}; {len(ways)} reasons fit equally, none is proven"
    if isinstance(finding, Contradicted):
        return evidence_text(finding.evidence) if finding.evidence else f"it comes to {value_text(computed)}"
    if finding.changes:
        count = sum(len(change.values) for change in finding.changes)
        return (
            f"{count} single changes fit, none is proven"
            if count > 1
            else "one single change fits, nothing confirms it"
        )
    if finding.guess is not None:
        return f"{value_text(finding.guess)} would give it, nothing confirms it"
    return "nothing gives it" if finding.is_marked else "nothing gives it, and the spec gives no reason that does"


def explanation_text(finding: Explained) -> str:
    """`@separable_conv1 gives 2,776: K = 1024, truncated, with biases`."""
    source = f"@{finding.variant} gives" if finding.variant else f"{finding.formula} ="
    return f"{source} {value_text(finding.value)}: {reproduction_text(finding.by)}"


def changes_text(changes: tuple[Change, ...]) -> str:
    """`Its counts fit with 3x3 204 for 208; or 5x5 40 for 48.`"""
    ways = [f"{change.what} {listed(change.values, 'or')} for {change.now}" for change in changes]
    return f"Its counts fit with {'; or '.join(ways)}."


def why_of(finding: Finding) -> str:
    """The reason that the spec writes, and the changes that would fit; empty where nothing is to be said."""
    if isinstance(finding, Reproduced | Compared):
        return finding.why if isinstance(finding, Reproduced) else ""
    if isinstance(finding, Explained):
        return " ".join(each.why for each in (finding, *finding.others))
    changes = changes_text(finding.changes) if isinstance(finding, Unexplained) and finding.changes else ""
    return " ".join(filter(None, (finding.why, changes)))


def long_how(finding: Finding, printed: str, computed: Value | None, unverified: bool = False) -> str:
    """What the verdict rests on, with the spec's reason, and whether the printed number itself is only recalled."""
    said = [why_of(finding), f"The printed number is {RECALLED}." if unverified else ""]
    rest = " ".join(filter(None, said))
    short = short_how(finding, printed, computed)
    return f"{short}. {rest}" if rest else short


def reproduction_text(how: Reproduced) -> str:
    """`K = 1024, truncated, with biases`."""
    parts = [listed([unit_text(how.suffix, unit) for unit in (how.unit, *how.other_units)], "or")] if how.suffix else []
    if how.other_units:
        parts[0] += " (no unit is proven)"
    parts.append(" or ".join(how.roundings) + (" to one digit" if how.says_little else ""))
    if how.quantities in QUANTITIES:
        parts.append(QUANTITIES[how.quantities])
    text = ", ".join(parts)
    return f"{text}; not the column's rule" if how.is_exception else text


def unit_text(suffix: str, unit: int) -> str:
    """`K = 1024`, `M = 10^6`."""
    power = len(str(unit)) - 1
    return f"{suffix} = {unit}" if unit != 10**power or power < 4 else f"{suffix} = 10^{power}"


def evidence_text(evidence: Evidence) -> str:
    """What in the source's own table disagrees."""
    if isinstance(evidence, CostPerWeight):
        cost, size = between(evidence.low, evidence.high), sides_text(evidence.sides)
        return f"{evidence.params} weights cost {cost} at {size}, its ops cell: {evidence.ops}"
    if isinstance(evidence, Concatenation):
        return f"its branches are {' + '.join(map(str, evidence.depths))} = {sum(evidence.depths)} deep"
    if isinstance(evidence, Grid):
        before, most = sides_text(evidence.before), sides_text(evidence.highest)
        if evidence.lowest == evidence.highest:
            return f"from {before} nothing but {most} can come out"
        by = f"a stride of {listed(evidence.strides)}" if evidence.strides else "a window without a stride"
        if any(side < low for side, low in zip(evidence.printed, evidence.lowest, strict=True)):
            least = sides_text(evidence.lowest)
            return f"{by} on {before} leaves at least {least}, whatever the padding"
        return f"{by} on {before} leaves at most {most}, whatever the padding"
    if isinstance(evidence, Chain):
        return f"its cells {listed(evidence.columns)} are {len(evidence.columns)} layers, one after the other"
    assert isinstance(evidence, ColumnSum)
    return f"the column's cells sum to {between(evidence.low, evidence.high)}"


def between(low: Fraction, high: Fraction) -> str:
    """`92.6M to 93.2M`: both ends outwards, so that no digit is shown that is not known."""
    size, unit = next(((s, u) for s, u in ((10**9, "G"), (10**6, "M"), (10**3, "K")) if high >= s), (1, ""))
    down, up = floor(low * 10 / size), ceil(high * 10 / size)
    return f"{down // 10}.{down % 10}{unit} to {up // 10}.{up % 10}{unit}"
