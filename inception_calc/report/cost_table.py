"""Analysis -> table: which columns there are, what stands in each cell, what the notes say."""

from collections.abc import Callable, Sequence
from fractions import Fraction

from inception_calc.analysis import CONVENTION, FLOPS_CONVENTION, Analysis, Group
from inception_calc.analysis.in_use import Dense, InUse
from inception_calc.analysis.measures import Measures
from inception_calc.analysis.metrics import METRICS, PEAK
from inception_calc.dims import Dim, Shape, factor_text, formula_text, is_number
from inception_calc.problems import counted, listed
from inception_calc.report.notes import known_facts, network_notes
from inception_calc.report.symbols import Names
from inception_calc.report.table import EMPTY, Cell, Column, Table
from inception_calc.report.text import exact, percent, quantity_text, ratio, short, size_text, with_variant
from inception_calc.report.view import BACKWARD, View, chosen_groups, default_columns, groups_of

LONGEST_FORMULA = 48
"""Characters of a formula that still stand in a cell."""


IMPORTANCE = {"params": 9, "multiply_adds": 9, "row": 9, "output": 7, "share": 8, "type": 4, "patch": 3, "depth": 5}


def cost_table(analysis: Analysis, view: View, in_use: InUse | None = None) -> Table:
    """The table of an analysis."""
    names = view.columns or default_columns(view.by, analysis.setting.training)
    if view.printed and "printed" not in names:
        names = (*names, "printed")
    asked = {*view.columns, "printed"}
    view = view._replace(columns=names)
    measures = Measures(analysis)
    groups = chosen_groups(measures, view)
    columns: list[Column] = []
    cells: list[list[Cell]] = [[] for _ in groups]
    total: list[Cell] = []
    maker = _Maker(measures, view, groups)
    for name in names:
        for column, column_cells, total_cell in maker.columns(name):
            columns.append(column._replace(is_asked=name in asked))
            for row, cell in zip(cells, column_cells, strict=True):
                row.append(cell)
            total.append(total_cell)
    label = next((index for index, column in enumerate(columns) if column.key == "row"), None)
    if label is not None:
        is_whole = analysis.graph.known is None or not analysis.graph.known.gaps
        total[label] = Cell("total" if is_whole else "at least", "total")
    return Table(
        title_of(analysis),
        tuple(columns),
        tuple(map(tuple, cells)),
        (tuple(total),),
        (*notes_of(analysis, view, len(groups)), *notes_beside(measures, view, in_use, asked)),
        (
            ("name", analysis.name),
            ("variant", analysis.variant),
            *facts_in_use(in_use),
            *known_facts([("", analysis.graph.known)]),
            ("convention", CONVENTION),
        ),
        choosable=True,
    )


def notes_beside(measures: Measures, view: View, in_use: InUse | None, asked: set[str]) -> list[str]:
    """What was asked for beside the table: blocks' columns, printed numbers, the peak, conventions, its cost in use."""
    notes = []
    if "cells" in asked and not measures.analysis.graph.columns:
        notes.append("cells: no row here calls a block that has columns")
    if "printed" in view.columns:
        notes += printed_notes(measures.analysis, view.by)
    if PEAK in view.columns:
        peak = measures.peak
        alive = listed((f"{name} ({short(size)})" for name, size in peak.alive), all_in="-f json")
        when = "at inference " if measures.analysis.setting.training else ""
        notes.append(f"{when}live activations peak at {peak.layer}, where {alive} elements are alive")
    if "flops" in view.columns or "arithmetic_intensity" in view.columns:
        notes.append(f"flops: {FLOPS_CONVENTION}")
    if any(METRICS[name].in_bytes for name in view.columns if name in METRICS):
        notes.append(f"bytes of {measures.analysis.dtype or 'each tensor in its own type'}")
    if measures.analysis.setting.training and not set(BACKWARD) & set(view.columns):
        gradients = measures.gradients(measures.analysis.whole)
        inputs, weights = short(gradients.inputs), short(gradients.weights)
        notes.append(f"backward pass: {inputs} multiply-adds for inputs and {weights} for weights")
    if in_use and in_use.test_time:
        time = in_use.test_time
        notes.append(
            f"test time: {counted(time.models, 'model')} x {counted(time.crops, 'crop')} = {time.passes} passes,"
            f" {short(time.multiply_adds)} multiply-adds for each image"
        )
    if in_use and in_use.dense:
        notes.append(_dense_note(in_use.dense, Names(measures.analysis, groups_of(measures.analysis, view))))
    return notes


def facts_in_use(in_use: InUse | None) -> list[tuple[str, str]]:
    """The notes on the cost in use, for formats that have no notes."""
    facts: list[tuple[str, Dim | None]] = []
    if in_use and (time := in_use.test_time):
        facts += [
            ("test_time_models", time.models),
            ("test_time_crops", time.crops),
            ("test_time_multiply_adds", time.multiply_adds),
        ]
    if in_use and (dense := in_use.dense):
        facts += [("sliding_crops", dense.crops), ("sliding_multiply_adds", dense.sliding_multiply_adds)]
    return [(name, "" if value is None else formula_text(value)) for name, value in facts]


def printed_notes(analysis: Analysis, by: str) -> list[str]:
    """What the source prints and no column says: of rows where lines are no rows, and what is no count."""
    notes = []
    of_rows = any(cell for row in analysis.graph.rows for cell in row.printed)
    if by != "row" and of_rows:
        notes.append(f"printed for rows: {listed(analysis.prints)}; --by row shows it")
    if others := [f"{name} {text}" for name, text in analysis.printed.items() if not is_counted(name)]:
        notes.append(f"printed too: {'; '.join(others)}")
    if not of_rows and not analysis.printed:
        notes.append("this spec has no numbers that its source prints")
    return notes


def is_counted(name: str) -> bool:
    """Whether what a source prints under this name is a count, an error rate for example is none."""
    from inception_calc.audit.auditor import is_counted  # where it is asked for

    return is_counted(name)


def _dense_note(dense: Dense, names: Names) -> str:
    """`fully convolutional: an output map of 8x8; 64 crops would take 990G multiply-adds, 14.3 times as many`."""
    crops, sliding = dense.crops, dense.sliding_multiply_adds
    if not dense.positions:
        return "fully convolutional: a vector has no positions, its linear layers stay what they are"
    note = f"fully convolutional: an output map of {names.size(dense.positions)}; "
    if crops is None or sliding is None:
        return f"{note}no number of crops sees as much"
    note += f"{names.text(crops)} {'crop' if crops == 1 else 'crops'} would take "
    note += f"{short(sliding) if isinstance(sliding, int) else names.text(sliding)} multiply-adds"
    return note if dense.ratio is None else f"{note}, {ratio(dense.ratio)} times as many"


def title_of(analysis: Analysis) -> str:
    """`GoogLeNet @naive, input 3x224x224, batch 8, training heads counted`."""
    setting = analysis.setting
    parts = [with_variant(analysis.name, analysis.variant), _inputs(analysis)]
    if setting.batch != 1 and is_number(setting.batch):
        parts.append(f"batch {formula_text(setting.batch)}")
    multiplier = setting.symbols.get("width_multiplier", 1)
    if multiplier != 1 and is_number(multiplier):
        parts.append(f"width multiplier {multiplier}")
    if setting.training:
        heads = any(row.is_head for row in analysis.graph.rows)
        parts.append("training heads counted" if heads else "training")
    return ", ".join(parts)


def _inputs(analysis: Analysis) -> str:
    """`input 3x224x224`; `inputs ids 1x64, mask 1x64`."""
    named, is_free = analysis.graph.inputs, bool(analysis.free)
    if len(named) > 1:
        sizes = (f"{name} {_sides(shape, is_free) or '(a number)'}" for name, shape in named.items())
        return f"inputs {listed(sizes, all_in='-f json')}"
    return f"input {_sides(analysis.graph.input, is_free)}"


def _sides(shape: Shape, is_free: bool) -> str:
    texts = [text if (text := formula_text(x)).replace("*", "").isalnum() else factor_text(x) for x in shape]
    return ("x" if all(text.isalnum() for text in texts) and not is_free else " x ").join(texts)


def notes_of(analysis: Analysis, view: View, shown: int) -> tuple[str, ...]:
    """What a reader must know beside the numbers."""
    notes = []
    totals = analysis.totals
    if view.by in ("row", "stage"):
        notes.append(f"depth {totals.depth}; with pooling layers {totals.depth_with_pools}")
    everything = len(groups_of(analysis, view))
    if shown < everything:
        notes.append(f"{shown} of {everything} {view.by}s shown; the total is of all")
    notes.extend(network_notes(analysis))
    if analysis.free:
        notes.extend(Names(analysis, groups_of(analysis, view)).notes())
    return tuple(notes)


class _Maker:
    """Makes columns of a table by name."""

    def __init__(self, measures: Measures, view: View, groups: Sequence[Group]) -> None:
        self.measures = measures
        self.analysis = measures.analysis
        self.groups = groups
        self.write = exact if view.units == "exact" else short
        self.names = Names(self.analysis, groups_of(self.analysis, view))
        self.by = view.by

    def columns(self, name: str) -> list[tuple[Column, list[Cell], Cell]]:
        """One column, or as many as the name stands for."""
        if name in METRICS:
            metric = METRICS[name]
            cells = [self._number(name, metric.of_group(self.measures, group), group) for group in self.groups]
            total = self._number(name, metric.of_group(self.measures, self.analysis.whole), None)
            return [(Column(name, metric.label, True, IMPORTANCE.get(name, 6)), cells, total)]
        if name == "cells":
            return self._block_columns()
        if name == "printed":
            return self._printed_columns()
        if name == "share":
            return [self._share()]
        return [self._texts(name)]

    def _texts(self, name: str) -> tuple[Column, list[Cell], Cell]:
        """A column of words."""
        choices: dict[str, tuple[str, Callable[[Group], str]]] = {
            "row": (self.by, lambda group: group.name),
            "type": ("type", lambda group: group.label),
            "patch": ("patch size/stride", lambda group: group.patch),
            "output": ("output size", lambda group: size_text(group.output) if group.output else ""),
            "receptive_field": ("receptive field", lambda group: self._sight(group, "size")),
            "receptive_stride": ("receptive stride", lambda group: self._sight(group, "stride")),
            "receptive_offset": ("receptive offset", lambda group: self._sight(group, "offset")),
        }
        heading, text = choices[name]
        cells = [Cell(text(group), text(group)) for group in self.groups]
        if name == "output" and self.analysis.free:
            cells = [Cell(self._output(group), text(group)) for group in self.groups]
        return Column(name, heading, name not in ("row", "type"), IMPORTANCE.get(name, 6)), cells, EMPTY

    def _output(self, group: Group) -> str:
        """The output's size with names for what is rounded."""
        return self.names.size(group.output.in_print) if group.output else ""

    def _sight(self, group: Group, what: str) -> str:
        """`196x196`, of an offset `(-90, -90)`, height first; empty where the group has none."""
        field = self.measures.receptive_field(group)
        if field is None:
            return ""
        sides = [quantity_text(side) for side in getattr(field, what)]
        return f"({', '.join(sides)})" if what == "offset" else "x".join(sides)

    def _number(self, name: str, value: Dim | Fraction, group: Group | None) -> Cell:
        if isinstance(value, Fraction):
            return Cell(ratio(value), value)
        if value == 0 and group is not None and (name == PEAK or not _is_told(name, group)):
            return Cell("", value)  # as papers leave the cells of pools empty; a head is not alive at inference
        text = self.write(value) if isinstance(value, int) else self.names.text(value)
        return Cell(text if isinstance(value, int) or len(text) <= LONGEST_FORMULA else "...", value)

    def _block_columns(self) -> list[tuple[Column, list[Cell], Cell]]:
        made = []
        for name in self.analysis.graph.columns:
            values = [group.row.cells_read.get(name) if group.row else None for group in self.groups]
            cells = [
                EMPTY if value is None else Cell(value if isinstance(value, str) else self.names.text(value), value)
                for value in values
            ]
            heading = f"#{name}" if name[:1].isdigit() else name
            made.append((Column(name, heading, True, 2), cells, EMPTY))
        return made

    def _printed_columns(self) -> list[tuple[Column, list[Cell], Cell]]:
        """What the source prints, cell by cell; its counts of the whole in the total, also where it prints no others.

        A column is left out that would be empty on every line.
        """
        made = []
        prints, whole = self.analysis.prints, self.analysis.printed
        for name in dict.fromkeys((*prints, *filter(is_counted, whole))):
            texts = [""] * len(self.groups)
            if name in prints:
                index = prints.index(name)
                printed = (group.row.printed if group.row else () for group in self.groups)
                texts = [cells[index] if index < len(cells) else "" for cells in printed]
            total = Cell(whole[name], whole[name]) if name in whole else EMPTY
            if total.text or any(texts):
                column = Column(f"printed_{name.replace(' ', '_')}", f"printed {name}", True, 4)
                made.append((column, [Cell(text, text) for text in texts], total))
        return made

    def _share(self) -> tuple[Column, list[Cell], Cell]:
        whole = self.analysis.totals.multiply_adds
        cells = []
        for group in self.groups:
            part = group.totals.multiply_adds
            if not isinstance(part, int) or not isinstance(whole, int) or not whole or not part:
                cells.append(EMPTY)
            else:
                share = Fraction(part, whole)
                cells.append(Cell(percent(share), share, share))
        return Column("share", "share", True, IMPORTANCE["share"]), cells, EMPTY


def _is_told(name: str, group: Group) -> bool:
    """Whether a zero is shown rather than an empty cell: of depths always, of costs where there are weights."""
    return METRICS[name].is_structural or any(cost.used.weights != 0 for cost in group.layers)
