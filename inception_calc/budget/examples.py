"""The examples in a new budget file, as comments: each holds as it stands when its marks are taken away."""

import datetime
from collections import Counter
from collections.abc import Iterator, Mapping
from fractions import Fraction

from inception_calc.analysis import Analysis, Group
from inception_calc.analysis.spec_source import spec_of
from inception_calc.budget.numbers import COUNT, RATIO, SHARE, Limit, tightened

ROOM = Fraction(105, 100)
"""A first limit is the present cost times this."""


def examples(
    specs: Mapping[str, Analysis], variants: Mapping[str, Analysis], ids: Mapping[str, str], until: datetime.date
) -> Iterator[str]:
    """Lines for other kinds of budgets, from the first spec that has what each is about, and for a waiver.

    `variants` holds for each spec a variant that costs more, where there is one; `ids` the id of its first budget;
    `until` is the waiver's last day.
    """
    rows = (of_rows(path, analysis, ids[path]) for path, analysis in specs.items() if not modules(analysis))
    kinds = [*next(filter(None, rows), []), *_of_variants(specs, variants, ids)]
    if kinds:
        yield "  # More kinds of budgets (docs/check.md); without the marks in front they hold:"
        yield from (f"  # {line}" for line in kinds)
        yield ""
    yield "# A budget may be broken in one place until a day, at most a year from now (docs/check.md):"
    yield f"# waivers: [{{budget: {next(iter(ids.values()))}, until: {until}, reason: WHY}}]"


def input_text(analysis: Analysis) -> str:
    """The input as a budget says it: `3x224x224`, or `{ids: 1x64, mask: 1x64}`."""
    sizes = {name: "x".join(map(str, size)) for name, size in analysis.setting.entering.items()}
    if len(sizes) == 1:
        return next(iter(sizes.values()))
    return f"{{{', '.join(f'{quoted(name)}: {size}' for name, size in sizes.items())}}}"


def modules(analysis: Analysis) -> str:
    """The block that most rows call, where several do; empty for a network without modules, and for a model."""
    if analysis.graph.known is not None:
        return ""
    kind, rows = _most_frequent(analysis)
    return kind if kind in spec_of(analysis.origin).spec.blocks and len(rows) > 1 else ""


def of_rows(path: str, analysis: Analysis, identity: str) -> list[str]:
    """The lines of a budget for each row of the most frequent type; none where there are not two of any."""
    kind, rows = _most_frequent(analysis)
    whole = analysis.totals.multiply_adds
    costs = [cost for group in rows if isinstance(cost := group.totals.multiply_adds, int)]
    if len(rows) < 2 or len(costs) < len(rows) or not isinstance(whole, int) or not whole:
        return []
    dearest = max(costs)
    limit = tightened(Limit(Fraction(0), "", COUNT), Fraction(int(dearest * ROOM) + 1))
    share = Fraction(dearest, whole) * ROOM
    most = f", share: {tightened(Limit(Fraction(0), '', SHARE), share)}" if share < 1 else ""
    return [
        f"- {f'id: {identity}-rows':<34} # each row of a type; count pins how many there are",
        f"  match: {quoted(path)}",
        f"  rows: {{type: {quoted(kind)}, count: {len(rows)}}}",
        f"  input: {input_text(analysis)}",
        f"  max: {{multiply_adds: {limit}{most}}}",
    ]


def _most_frequent(analysis: Analysis) -> tuple[str, list[Group]]:
    """The type of row that most rows with multiply-adds have, and these rows: all of its type."""
    types = Counter(group.type for group in analysis.rows if group.totals.multiply_adds)
    kind = types.most_common(1)[0][0] if types else ""
    return kind, [group for group in analysis.rows if group.type == kind]


def _of_variants(
    specs: Mapping[str, Analysis], variants: Mapping[str, Analysis], ids: Mapping[str, str]
) -> Iterator[str]:
    for path, other in variants.items():
        cost, more = specs[path].totals.multiply_adds, other.totals.multiply_adds
        if not isinstance(cost, int) or not isinstance(more, int) or not more:
            continue
        ratio = tightened(Limit(Fraction(0), "", RATIO), Fraction(cost, more) * ROOM)
        yield f"- {f'id: {ids[path]}-pays':<34} # one variant against another"
        yield f"  match: {quoted(path)}"
        yield f"  compare: {{variant: default, to: {quoted(other.variant)}}}"
        yield f"  max: {{multiply_adds_ratio: {ratio}}}"
        return


def quoted(text: str) -> str:
    """A text as YAML has it: in quotes where it could be read as anything else, inside of braces too."""
    plain = text.replace("/", "").replace("_", "").replace(".", "").replace("-", "").replace(" ", "")
    if plain.isalnum() and text == text.strip():
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
