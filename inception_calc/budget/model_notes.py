"""What a report has to say of models beside the verdicts: what was assumed, and what is not known."""

from collections.abc import Iterable, Iterator

from inception_calc.analysis import Analysis

MOST_SAID = 5
"""Of one kind and one model; JSON has all under `specs`."""


def notes_on_models(counted: Iterable[tuple[str, Analysis]]) -> Iterator[str]:
    """One note for each assumption and each node that is not known, of every model that was counted."""
    for name, analysis in counted:
        known = analysis.graph.known
        if known is None:
            continue
        yield from _few([f"{name}: not known: {place}: {what}" for place, what in known.gaps], f"{name}: nodes")
        yield from _few([f"{name}: assumed: {what}" for what in known.assumptions], f"{name}: assumptions")


def _few(notes: list[str], what: str) -> list[str]:
    more = len(notes) - MOST_SAID
    return [*notes[:MOST_SAID], f"{what}: {more} more (all: -f json)"] if more > 0 else notes
