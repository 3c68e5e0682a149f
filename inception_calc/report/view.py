"""What a user wants to see of an analysis: which groups, in which order, with which numbers."""

from typing import NamedTuple

from inception_calc.analysis import Analysis, Group
from inception_calc.analysis.measures import Measures
from inception_calc.analysis.metrics import METRICS
from inception_calc.dims import is_number
from inception_calc.problems import InputError, Problem, listed, nearest


class View(NamedTuple):
    """What a user wants to see of an analysis."""

    by: str = "row"
    columns: tuple[str, ...] = ()
    sort: str = ""
    top: int | None = None
    units: str = "auto"
    printed: bool = False
    as_tool: str = ""
    """A tool of `conventions.TOOLS`, whose numbers stand beside ours."""
    depth: int | None = None
    """How many modules inside each other a line of modules names; None for as many as fill a page."""
    unfold: bool = False
    """Whether copies of a block are lines of their own."""


SIGHTS = ("receptive_field", "receptive_stride", "receptive_offset")
WORDS = ("row", "type", "patch", "output", "cells", "share", "printed", *SIGHTS)
"""Columns beside the metrics. `cells` stands for the columns of the blocks, `printed` for those of the source."""

DEFAULT_COLUMNS = {
    "row": ("row", "type", "patch", "output", "depth", "cells", "params", "multiply_adds", "share"),
    "module": ("row", "type", "patch", "output", "depth", "params", "multiply_adds", "share"),
    "layer": ("row", "type", "patch", "output", "params", "multiply_adds", "element_ops", "share"),
    "stage": ("row", "output", "layers", "depth", "params", "multiply_adds", "share"),
    "kind": ("row", "layers", "params", "multiply_adds", "element_ops", "share"),
}


LACKING = {
    "row": (),
    "module": ("cells",),
    "layer": ("cells",),
    "stage": ("patch", "cells", *SIGHTS),
    "kind": ("patch", "output", "cells", *SIGHTS),
}
"""Columns that would be empty on every line, whatever the network."""

BACKWARD = ("backward_inputs", "backward_weights")


def columns_named(text: str, by: str) -> tuple[str, ...]:
    """The columns of `layer, params`; what a line stands for (`layer` with `--by layer`) is a name of column `row`."""
    names = (name.strip() for name in text.split(","))
    return tuple("row" if name == by else name for name in names if name)


def default_columns(by: str, training: bool) -> tuple[str, ...]:
    """The columns where none are chosen; in training the backward pass stands after the forward one."""
    columns = DEFAULT_COLUMNS[by]
    place = columns.index("multiply_adds") + 1
    return (*columns[:place], *BACKWARD, *columns[place:]) if training else columns


ALL_COLUMNS = "`inception-calc table --help`"


def check_view(view: View) -> None:
    """Raises `InputError` for a column or an order that there is not."""
    known = [*WORDS, *METRICS]
    problems = [
        Problem(
            "unknown-column",
            f"there is no column '{name}'",
            None,
            nearest(name, known) or f"there are {listed(known, all_in=ALL_COLUMNS)}",
        )
        for name in view.columns
        if name not in known
    ]
    problems += [
        Problem(
            "unknown-column",
            f"a {view.by} has no '{name}': the column would be empty",
            None,
            f"leave '{name}' out, or write --by row",
        )
        for name in view.columns
        if name in LACKING[view.by]
    ]
    if view.sort and view.sort not in METRICS:
        problems.append(
            Problem(
                "unknown-column",
                f"cannot sort by '{view.sort}'",
                None,
                nearest(view.sort, METRICS) or f"there are {listed(METRICS, all_in=ALL_COLUMNS)}",
            )
        )
    if problems:
        raise InputError(*problems)


def groups_of(analysis: Analysis, view: View) -> tuple[Group, ...]:
    """The groups that `--by` asks for; raises `InputError` where the network has none of them."""
    by = view.by
    if by == "module" and view.depth is not None and not analysis.graph.says_modules:
        what = f"nothing in '{analysis.source}' says in which modules its layers stand"
        raise InputError(Problem("bad-usage", what, None, "leave --depth out"))
    if by == "stage" and analysis.graph.known is not None:
        what = f"'{analysis.source}' has no stages: its tensors have no height and width"
        raise InputError(Problem("bad-usage", what, None, "write --by row, layer or kind"))
    return {
        "row": lambda: analysis.rows,
        "module": lambda: analysis.modules(view.depth, not view.unfold),
        "layer": lambda: analysis.single_layers,
        "stage": lambda: analysis.stages,
        "kind": lambda: analysis.kinds,
    }[by]()


def chosen_groups(measures: Measures, view: View) -> tuple[Group, ...]:
    """The groups sorted and cut as asked; raises `InputError` where the order cannot be known."""
    analysis = measures.analysis
    groups = groups_of(analysis, view)
    if view.sort:
        values = {group.name: METRICS[view.sort].of_group(measures, group) for group in groups}
        loose = [name for name, value in values.items() if not is_number(value)]
        if loose:
            raise InputError(
                Problem(
                    "free-symbol",
                    f"cannot sort by {view.sort}: {listed(analysis.free)} is free",
                    None,
                    f"set it: --set {analysis.free[0]}=...",
                )
            )
        groups = tuple(sorted(groups, key=lambda group: -values[group.name]))
    return groups if view.top is None else groups[: view.top]
