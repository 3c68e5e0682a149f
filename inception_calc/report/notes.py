"""What has to be said of an analysis beside its numbers: shared weights, linear layers that flatten."""

from collections.abc import Iterable
from fractions import Fraction

from inception_calc.analysis import Analysis
from inception_calc.analysis.metrics import METRICS
from inception_calc.dims import formula_text, sides_text
from inception_calc.graph import Choice, Known
from inception_calc.problems import counted, listed
from inception_calc.report.text import percent

MANY_POSITIONS = 100
"""No classifier on record flattens as many: VGG's has 7 x 7."""


def network_notes(analysis: Analysis) -> list[str]:
    """All notes of a network, in the order of a reader's questions."""
    if analysis.graph.known is not None:
        return [
            *known_notes(analysis.graph.known),
            *_few(sharing_notes(analysis), "rows whose weights count elsewhere"),
        ]
    sizes = size_notes(analysis) or flattening_notes(analysis)
    return [*sharing_notes(analysis), *frozen_notes(analysis), *sizes]


MOST_NOTES = 5
"""More assumptions and gaps of one kind are counted; JSON has all."""


def known_notes(known: Known | None) -> list[str]:
    """Of a file that others wrote: what is not known, so that the totals are too small, and what was assumed."""
    if known is None:
        return []
    notes = []
    if known.gaps:
        shares = [(len(known.gaps), known.nodes, "node"), (*known.tensors, "tensor")]
        unknown = [f"{part} of {counted(of, what)} ({percent(Fraction(part, of))})" for part, of, what in shares if of]
        notes.append(f"incomplete, all totals are at least so much: not known {listed(unknown)}")
        notes += _few([f"{place}: {what}" for place, what in known.gaps], "nodes that are not known")
    return notes + _few([f"assumed: {what}" for what in known.assumptions], "assumptions")


def known_facts(subjects: Iterable[tuple[str, Known | None]]) -> list[tuple[str, str]]:
    """The same in full for each line of spreadsheets, behind the name of each network where there are several."""
    named = [(f"{name}: " if name else "", known) for name, known in subjects if known is not None]
    gaps = [f"{name}{place}: {what}" for name, known in named for place, what in known.gaps]
    assumed = [f"{name}{what}" for name, known in named for what in known.assumptions]
    return [(key, "; ".join(words)) for key, words in (("incomplete", gaps), ("assumptions", assumed)) if words]


def _few(notes: list[str], what: str) -> list[str]:
    """The first of some notes, and how many more there are."""
    if len(notes) <= MOST_NOTES:
        return notes
    return [*notes[:MOST_NOTES], f"{len(notes) - MOST_NOTES} more {what}"]


def frozen_notes(analysis: Analysis) -> list[str]:
    """How many of the params are trained, where some are frozen."""
    trained = METRICS["trainable_params"].of(analysis)
    if not any(cost.layer.frozen and cost.params != 0 for cost in analysis.layers):
        return []
    return [f"{formula_text(trained)} of {formula_text(analysis.totals.params)} params are trained, the rest is frozen"]


def sharing_notes(analysis: Analysis) -> list[str]:
    """Which rows use weights that count in another one, or many times in their own."""
    layers = analysis.graph.layers
    rows = {layer.row: layers[holder].row for layer in layers for holder in layer.holders.values()}
    return [
        f"{row}: its layers share weights, which count once"
        if row == holder
        else f"{row}: its weights are those of {holder}, where they count"
        for row, holder in rows.items()
    ]


def flattening_notes(analysis: Analysis) -> list[str]:
    """That a linear layer flattens a map of many positions or a sequence, which is rarely meant."""
    notes = {}
    for cost in analysis.layers:
        op, x = cost.layer.op, cost.inputs[0]
        if op.op != "linear" or getattr(op, "over_channels", True):
            continue
        positions = x.positions
        is_sequence = positions != 1 and sum(side != 1 for side in x.sides) == 1
        if isinstance(positions, int) and (positions > MANY_POSITIONS or is_sequence):
            channels = "1 channel" if x.channels == 1 else f"{formula_text(x.channels)} channels"
            notes[cost.layer.row] = (
                f"{cost.layer.row}: the linear layer flattens {sides_text(x.sides)} positions of {channels}; "
                "one matrix for every position is {linear: ..., over: channels}"
            )
    return list(notes.values())


def size_notes(analysis: Analysis) -> list[str]:
    """That a linear layer's params follow the size of the map that it flattens, where the input was changed."""
    own = analysis.origin.setting(Choice()).entering
    if all(x.sides == own[name].sides for name, x in analysis.setting.entering.items()):
        return []
    affected = dict.fromkeys(
        cost.layer.row
        for cost in analysis.layers
        if cost.layer.op.op == "linear" and analysis.graph.map_of(cost.layer.inputs[0]).positions != 1
    )
    if not affected:
        return []
    layers = listed(affected, all_in="--by layer")
    return [f"params of {layers} depend on the input's size: a linear layer flattens the map that arrives"]
