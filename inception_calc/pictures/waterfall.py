"""Differences as a waterfall: from the reference's total to the other's, row by row or cause by cause."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from inception_calc.analysis import Analysis
from inception_calc.analysis.spec_source import spec_behind
from inception_calc.comparison.match import match_rows
from inception_calc.comparison.model import Subject
from inception_calc.pictures.numbers import counts, said, shown
from inception_calc.pictures.theme import BYTE_LABEL, COUNT_LABEL, axis, mark, picture, signal, text
from inception_calc.pictures.vega import Spec
from inception_calc.report.text import with_variant

STEP = 20
"""Pixels of a bar with its gap."""
BESIDE = 60
"""Pixels of the axis and its title."""
BROKEN = "; the axis does not begin at zero"


def spec() -> Spec:
    """`bars`: place, name, start, stop, kind (total, rise or fall), said, tip, row. The height follows their number.

    Signal `low`: where the axis begins.
    """
    plain, closer = "'.3~s'", "(low ? '.5~s' : '.3~s')"
    number = signal(f"bytes ? ({BYTE_LABEL}) : ({COUNT_LABEL})".replace(plain, closer))
    return picture(
        "Differences from one network to another, as a waterfall",
        (820, 400),
        ["bars"],
        [
            mark(
                "rect",
                "bars",
                {
                    "x": signal("scale('x', max(low, datum.start))"),
                    "x2": {"scale": "x", "field": "stop"},
                    "y": {"scale": "y", "field": "place"},
                    "height": {"scale": "y", "band": 1},
                    "fill": signal("datum.kind == 'total' ? soft : datum.kind == 'rise' ? alarm : accent"),
                    "tooltip": {"field": "tip"},
                    "cursor": {"value": "pointer"},
                },
            ),
            text(
                "bars",
                {
                    "x": signal("max(scale('x', datum.start), scale('x', datum.stop)) + 5"),
                    "y": {"scale": "y", "field": "place", "band": 0.5},
                    "text": {"field": "said"},
                    "fontSize": {"value": 10},
                },
            ),
            text(
                "bars",
                {
                    "x": {"value": -8},
                    "y": {"scale": "y", "field": "place", "band": 0.5},
                    "align": {"value": "right"},
                    "limit": {"value": 170},
                    "text": {"field": "name"},
                },
            ),
        ],
        scales=[
            {
                "name": "x",
                "domain": {"data": "bars", "fields": ["start", "stop"]},
                "domainMin": signal("low"),
                "range": signal("[0, width - 60]"),
                "zero": False,
            },
            {
                "name": "y",
                "type": "band",
                "domain": {"data": "bars", "field": "place"},
                "range": "height",
                "padding": 0.25,
            },
        ],
        axes=[axis("bottom", "x", "across", encode={"labels": {"update": {"text": number}}})],
        signals={"bytes": False, "low": 0},
    )


def tables(before: Analysis, after: Analysis, metric: str) -> dict[str, list[dict[str, Any]]]:
    """From the first network's total to the second's, row by row; rows that cost the same are left out."""
    old, new = (_by_row(analysis, metric) for analysis in (before, after))
    steps = []
    for first, second in pairs_of_rows(before, after):
        name = before.graph.rows[first].name if first is not None else after.graph.rows[second or 0].name
        change = (0 if second is None else new[second]) - (0 if first is None else old[first])
        if change:
            steps.append((name, change))
    return {"bars": bars((_name(before), sum(old)), steps, (_name(after), sum(new)), metric)}


def _name(analysis: Analysis) -> str:
    return shown(with_variant(analysis.name, analysis.variant))


def _by_row(analysis: Analysis, metric: str) -> list[int]:
    values = counts(analysis, metric)
    return [sum(values[index] for index in row.layers) for row in analysis.graph.rows]


def bars(
    first: tuple[str, int], steps: Iterable[tuple[str, int]], last: tuple[str, int], metric: str
) -> list[dict[str, Any]]:
    """A bar for each total, and one for each step between them."""
    made = [{"name": first[0], "start": 0, "stop": first[1], "kind": "total", "said": said(first[1], metric)}]
    at = first[1]
    for name, change in steps:
        sign = "+" if change > 0 else "-"
        text = f"{sign}{said(abs(change), metric)}"
        kind = "rise" if change > 0 else "fall"
        made.append({"name": shown(name), "start": at, "stop": at + change, "kind": kind, "said": text})
        at += change
    made.append({"name": last[0], "start": 0, "stop": last[1], "kind": "total", "said": said(last[1], metric)})
    return [{**bar, "place": place} for place, bar in enumerate(made)]


def beginning(made: Iterable[Mapping[str, Any]]) -> int:
    """Where the axis begins: at zero, unless the steps would be too small to be seen beside the totals."""
    values = [bar["stop"] for bar in made]
    low, high = min(values), max(values)
    begins = 2 * low - high
    return begins if 3 * begins > high else 0


def subjects_of(analyses: Sequence[Analysis], setting: Mapping[str, Any]) -> list[Subject]:
    """The networks as `compare` takes them."""
    return [
        Subject(
            analysis.source,
            analysis,
            spec_behind(analysis.origin),
            setting={**setting, **({"dtype": analysis.dtype} if analysis.graph.known is None else {})},
        )
        for analysis in analyses
    ]


def pairs_of_rows(before: Analysis, after: Analysis) -> list[tuple[int | None, int | None]]:
    """Places of rows that are the same one, and of those that only one of two networks has."""
    names = match_rows(before.graph.rows, after.graph.rows)
    old = {row.name: place for place, row in enumerate(before.graph.rows)}
    partner = {old[names[row.name]]: place for place, row in enumerate(after.graph.rows) if row.name in names}
    pairs: list[tuple[int | None, int | None]] = [(place, partner.get(place)) for place in old.values()]
    new = [place for place, row in enumerate(after.graph.rows) if row.name not in names]
    return [*pairs, *((None, place) for place in new)]
