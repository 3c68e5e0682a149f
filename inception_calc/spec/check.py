"""Checks of names across a spec: blocks, columns, symbols, rows, printed cells, formulas.

They need no sizes, so they find every misspelt name of a file in one go, each once, where it stands.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import islice

from inception_calc.dims import Decimal, free_symbols, parse, read_decimal, unknown_name
from inception_calc.dims.expression import Name, names
from inception_calc.dims.formula import read_formula
from inception_calc.ops.fields import InColumn
from inception_calc.ops.model import fields_of
from inception_calc.ops.operator import Operator
from inception_calc.ops.output_of import OutputOf
from inception_calc.ops.padding_fields import PADDING_WORDS
from inception_calc.ops.register import BODIES
from inception_calc.ops.step import LOST, BlockCall, LostStep, Step, unknown_operator
from inception_calc.ops.window_fields import LOOKS_LIKE_WINDOW, WindowText, other_window
from inception_calc.problems import MOST_FAULTS, Fault, Path, are, counted, listed, nearest
from inception_calc.spec.column_words import ColumnWords
from inception_calc.spec.models import SAYS, Block, Spec
from inception_calc.spec.walk import columns_read, numbers_in, walk_body, walk_steps


def check(spec: Spec, keeps_columns: Collection[str] = (), keeps_inputs: bool = False) -> list[Fault]:
    """Every fault of names, as many as anybody reads.

    Blocks in `keeps_columns` may leave columns unread (rule 20), a spec that `keeps_inputs` inputs.
    """
    return list(islice(_faults(spec, keeps_columns, keeps_inputs), MOST_FAULTS))


def _faults(spec: Spec, keeps_columns: Collection[str], keeps_inputs: bool) -> Iterator[Fault]:
    if not spec.rows:
        yield Fault("no-rows", "a spec needs at least one row", path=("rows",), at_key=True, fix="add 'name: step'")
    words = ColumnWords(spec)
    for name, block in spec.blocks.items():
        yield from _block(words, name, block, name in keeps_columns)
    right: set[int] = set()  # steps of rows that were written alike before, which are one object
    for name, row in spec.rows.items():
        if id(row.step) not in right:
            faults = [
                fault
                for path, step, _ in walk_steps(row.step, ("rows", name))
                for fault in _step(words, step, path, frozenset())
            ]
            yield from faults
            if not faults:
                right.add(id(row.step))
        if len(row.printed) > len(spec.source.prints):
            prints = (
                f"{counted(len(spec.source.prints), 'cell')} ({listed(spec.source.prints, all_in='source.prints')})"
                if spec.source.prints
                else "none"
            )
            yield Fault(
                "too-many-cells",
                f"{counted(len(row.printed), 'printed cell')}, but the source prints {prints}",
                path=("rows", name, "printed"),
                at_key=True,
                fix="name the cells in source.prints; a number with commas stands in quotes",
            )
    for name, head in spec.heads.items():
        for path, step, _ in walk_steps(head.step, ("heads", name)):
            yield from _step(words, step, path, frozenset())
        if head.after not in spec.rows:
            yield Fault(
                "unknown-row",
                f"there is no row '{head.after}' for the head to hang on",
                path=("heads", name, "after"),
                fix=nearest(head.after, spec.rows) or f"the rows are {listed(spec.rows, all_in='rows of the spec')}",
            )
        if name in spec.rows:
            yield Fault("twice", f"'{name}' is a row already", path=("heads", name), at_key=True, fix="rename the head")
    if spec.inputs:
        yield from _inputs(spec, keeps_inputs)
    yield from _block_circles(spec)
    yield from _reasons_and_claims(spec)


def _inputs(spec: Spec, keeps_inputs: bool) -> Iterator[Fault]:
    """What is wrong with the names of inputs, and inputs that nobody reads; a variant may leave one unread."""
    for name in spec.inputs:
        for what, known in (("symbol", spec.symbols), ("row", spec.rows), ("head", spec.heads)):
            if name in known:
                fault = f"'{name}' is a {what} already"
                yield Fault("twice", fault, path=("input", name), at_key=True, fix="rename the input")
    for name in spec.symbols:
        if name in spec.built_in_symbols:
            what = f"'{name}' says how large an input is, and cannot be declared"
            yield Fault("reserved-name", what, path=("symbols", name), at_key=True, fix="choose another name")
    words = [*spec.input.size_symbols, *spec.symbols]
    for name, x in spec.inputs.items():
        for place, size in enumerate(x):
            for word in sorted(free_symbols(size).difference(words)):
                fix = nearest(word, words) or f"it may follow from {listed(words)}"
                yield Fault("unknown-symbol", f"there is no '{word}' here", path=("input", name, place), fix=fix)
    read = spec.inputs.keys() if keeps_inputs else _inputs_read(spec)
    for name in spec.inputs:
        if name not in read:
            fix = f"leave it out, or take it: {{input: {name}}}"
            yield Fault("unused-input", f"no step reads the input '{name}'", path=("input", name), at_key=True, fix=fix)


def _inputs_read(spec: Spec) -> Collection[str]:
    """The inputs that a step takes by name, and the first, which enters the first row; all where a step is lost."""
    starts = [*(row.step for row in spec.rows.values()), *(head.step for head in spec.heads.values())]
    steps = [step.operator for start in starts for _, step, _ in walk_steps(start)]
    steps += [step.operator for block in spec.blocks.values() for _, step, _ in walk_body(block.body, ())]
    named = [step.argument for step in steps if not isinstance(step, BlockCall) and step.key == "input"]  # type: ignore[attr-defined]
    if any(isinstance(step, LostStep) for step in steps) or any(name not in spec.inputs for name in named):
        return spec.inputs.keys()
    first = next((row.step.operator for row in spec.rows.values()), None)
    leads = isinstance(first, BlockCall) or first is None or first.key != "input"
    return {*named, *(list(spec.inputs)[:1] if leads else ())}


def _block(words: ColumnWords, name: str, block: Block, keeps_columns: bool) -> Iterator[Fault]:
    path: Path = ("blocks", name)
    columns = frozenset(block.columns)
    faults: list[Fault] = []
    for below, step, _ in walk_body(block.body, path):
        faults += _step(words, step, below, columns)
    yield from faults
    if keeps_columns or faults or any(isinstance(step.operator, LostStep) for _, step, _ in walk_body(block.body, ())):
        return
    used = columns_read(block)
    for index, column in enumerate(block.columns):
        if column not in used:
            yield Fault(
                "unused-column",
                f"no layer of the block '{name}' reads the column '{column}'",
                path=(*path, "columns", index),
                fix="leave it out, or use it as a count",
            )


def _step(words: ColumnWords, step: Step, path: Path, columns: frozenset[str]) -> Iterator[Fault]:
    spec, body = words.spec, step.operator
    decimals: set[Path] = set()
    if isinstance(body, BlockCall):
        if body.block not in spec.blocks:
            yield unknown_operator(body.block, spec.blocks).under(*path)
        else:
            yield from _arguments(body, spec.blocks[body.block], path)
        decimals = {(body.block, key) for key in _keys(body)}
    elif (named := _row_named(body)) is not None:
        key, row = named
        if row not in spec.rows:
            fix = nearest(row, spec.rows) or f"the rows are {listed(spec.rows, all_in='rows of the spec')}"
            yield Fault("unknown-row", f"there is no row '{row}'", fix=fix, path=(*path, key))
    elif not isinstance(body, BlockCall) and body.key == "input":
        yield from _input_step(spec, body.argument, path)  # type: ignore[attr-defined]
    if not isinstance(body, BlockCall) and body.key not in BODIES:
        decimals = {below for below, value, _ in body.numbers() if isinstance(value, Decimal)}
    if not isinstance(body, BlockCall):
        yield from _words(body, path, columns)
    for below, text, offset in numbers_in(step):
        try:
            if isinstance(body, BlockCall) and _is_settled(words, body, below, text, columns):
                continue
            if below in decimals and text not in columns and text[:1].isdigit() and "." in text:
                read_decimal(text)
            else:
                _expression(spec, text, columns)
        except Fault as fault:
            start, width = fault.span or (0, len(text))
            fault.span = (start + offset, width)
            if fault.code == "unknown-symbol":
                fault = _no_name(fault, body, below, text, {*columns, *spec.symbols})
            yield fault.under(*path, *below)


def _row_named(body: Operator) -> tuple[str, str] | None:
    """The key of an operator under which it names a row, and the name."""
    if isinstance(body, OutputOf):
        return body.key, body.argument
    row: str | None = getattr(body, "like_row", None)
    return None if row is None else ("as", row)


def _words(body: Operator, path: Path, columns: frozenset[str]) -> Iterator[Fault]:
    """Words and flags that stand in a column that there is not."""
    keys = {field.name: key for key, field in fields_of(type(body)).items()}
    for name in body.in_columns():
        value = getattr(body, name)
        if isinstance(value, InColumn) and value.column not in columns:
            fix = nearest(value.column, columns) or value.fault.fix
            yield Fault(value.fault.code, value.fault.what, fix=fix, path=(*path, keys[name]))


def _is_settled(words: ColumnWords, call: BlockCall, below: Path, text: str, columns: frozenset[str]) -> bool:
    """Whether a cell of a call holds a word, a flag or a window that its column is for."""
    if below[:1] != (call.block,) or call.block not in words.spec.blocks or text in columns:
        return False
    names = words.spec.blocks[call.block].columns
    place = below[1]
    column = place if isinstance(place, str) else names[place] if place < len(names) else ""
    return words.is_settled(call.block, column, text)


def _input_step(spec: Spec, name: str, path: Path) -> Iterator[Fault]:
    """What is wrong with a step that takes an input by its name."""
    if name in spec.inputs:
        return
    fix = nearest(name, spec.inputs) or f"the inputs are {listed(spec.inputs)}"
    if not spec.inputs:
        size = "x".join(map(str, spec.input))
        fix = f"name the inputs: 'input: {{image: {size}, {name}: 77}}'; the first one enters the first row"
    yield Fault("unknown-input", f"there is no input '{name}'", path=(*path, "input"), fix=fix)


def _no_name(fault: Fault, body: Operator | BlockCall, below: Path, text: str, known: Collection[str]) -> Fault:
    """The fault of an unknown name, in the words of a padding or a window where one of those was meant."""
    if below[:1] == ("padding",) and fault.span == (0, len(text)):
        return Fault("bad-padding", f"'{text}' is no padding", fix=f"write {listed(PADDING_WORDS, 'or')}, or a number")
    window = None if isinstance(body, BlockCall) else getattr(body, "argument", None)
    if isinstance(window, WindowText) and below == (body.key,) and (fix := other_window(window.text, known)):  # type: ignore[union-attr]
        return Fault("bad-window", f"'{window.text}' is no window here", fix=fix)
    return fault


def _keys(call: BlockCall) -> Iterator[str | int]:
    yield from call.arguments if isinstance(call.arguments, dict) else range(len(call.arguments))


def _arguments(call: BlockCall, block: Block, path: Path) -> Iterator[Fault]:
    columns = block.columns
    where = (*path, call.block)
    if isinstance(block.body, LostStep):
        yield Fault(LOST, "this block could not be read", path=where)
        return
    if isinstance(call.arguments, dict):
        for name in call.arguments:
            if name not in columns:
                yield Fault(
                    "unknown-column",
                    f"'{name}' is no column of '{call.block}'",
                    path=(*where, name),
                    at_key=True,
                    fix=nearest(name, columns) or _columns_text(columns),
                )
        missing = [name for name in columns if name not in call.arguments]
        if missing:
            yield Fault(
                "missing-column",
                f"'{call.block}' needs {listed(missing, all_in='columns of the block')}",
                path=where,
                at_key=True,
                fix=_columns_text(columns),
            )
    elif len(call.arguments) != len(columns):
        yield Fault(
            "wrong-columns",
            f"'{call.block}' has {counted(len(columns), 'column')}, here {are(len(call.arguments), 'value')}",
            path=where,
            at_key=not call.arguments,
            fix=_columns_text(columns),
        )


def _columns_text(columns: Collection[str]) -> str:
    return f"the columns are [{', '.join(columns)}]" if columns else "it takes no columns; leave the value empty"


def _expression(spec: Spec, text: str, columns: frozenset[str]) -> None:
    """Raises the fault of a count that cannot be read or names something unknown."""
    if text in columns:
        return
    known = {*columns, *spec.symbols, *spec.built_in_symbols, "input_channels"}
    try:
        tree = parse(text)
    except Fault as fault:
        hint = nearest(text, columns)
        if not hint and LOOKS_LIKE_WINDOW.fullmatch(text):
            hint = _columns_text(sorted(columns)) if columns else "columns are declared by the block around the step"
        if fault.code == "bad-expression" and hint:
            raise Fault("unknown-symbol", f"'{text}' is no column here", fix=hint, span=(0, len(text))) from None
        raise Fault(fault.code, fault.what, fix=fault.fix, span=fault.span) from None  # the cached one stays as it is
    for name in names(tree):
        if name.text not in (columns if name.quoted else known):
            raise unknown_name(Name(name.text, name.offset, name.quoted), sorted(known))


def _block_circles(spec: Spec) -> Iterator[Fault]:
    """Blocks that call each other in a circle, each circle once."""
    calls = {
        name: {
            step.operator.block: path
            for path, step, _ in walk_body(block.body, ("blocks", name))
            if isinstance(step.operator, BlockCall) and step.operator.block in spec.blocks
        }
        for name, block in spec.blocks.items()
    }
    done: set[str] = set()
    for start in spec.blocks:
        trail: list[str] = []
        stack: list[Iterator[str]] = [iter([start])]
        while stack:  # depth first without recursion: blocks may be nested as deep as a file is long
            name = next(stack[-1], None)
            if name is None:
                stack.pop()
                if trail:
                    done.add(trail.pop())
            elif name in trail:
                circle = " -> ".join([*trail[trail.index(name) :], name])
                yield Fault(
                    "cycle",
                    f"blocks call each other in a circle: {circle}",
                    path=(*calls[trail[-1]][name], name),
                    at_key=True,
                    fix="leave one call out",
                )
            elif name not in done:
                trail.append(name)
                stack.append(iter(calls[name]))


def _reasons_and_claims(spec: Spec) -> Iterator[Fault]:
    for index, reason in enumerate(spec.reasons):
        path: Path = ("reasons", index)
        for row, cells in reason.cells.items():
            if row not in spec.rows and row != "total":
                yield Fault(
                    "unknown-row",
                    f"there is no row '{row}'",
                    path=(*path, "cells", row),
                    at_key=True,
                    fix=nearest(row, spec.rows) or f"the rows are {listed(spec.rows, all_in='rows of the spec')}",
                )
                continue
            known = spec.printed if row == "total" else spec.source.prints
            for cell in cells:
                if cell not in known:
                    yield Fault(
                        "unknown-cell",
                        f"the source prints no '{cell}' for {row}",
                        path=(*path, "cells", row),
                        fix=nearest(cell, known)
                        or (f"it prints {listed(known, all_in='the spec')}" if known else "name what it prints first"),
                    )
        if reason.variant is not None and reason.variant not in (*spec.variants, "default"):
            yield Fault(
                "unknown-variant",
                f"there is no variant '{reason.variant}'",
                path=(*path, "variant"),
                fix=nearest(reason.variant, spec.variants) or "leave it out, or declare it",
            )
        named = {cell for cells in reason.cells.values() for cell in cells}
        for cell, text in reason.formula.items():
            if cell not in named:
                yield Fault(
                    "unknown-cell",
                    f"the reason is not for a cell '{cell}'",
                    path=(*path, "formula", cell),
                    at_key=True,
                    fix=nearest(cell, named) or f"its cells are {listed(sorted(named), all_in='cells of the reason')}",
                )
            yield from _formula(text, (*path, "formula", cell))
    ids: set[str] = set()
    for index, claim in enumerate(spec.claims):
        if claim.id is not None and claim.id in ids:
            what = f"another claim is called '{claim.id}' already"
            yield Fault("twice", what, path=("claims", index, "id"), fix="give it a name of its own")
        ids.add(claim.id or "")
        if claim.formula is not None:
            yield from _formula(claim.formula, ("claims", index, "formula"))
        if claim.printed is not None:
            yield from _says(claim.printed.says, ("claims", index, "printed", "says"))
    for what, number in spec.printed.items():
        yield from _says(number.says, ("printed", what, "says"))


def _formula(text: str, path: Path) -> Iterator[Fault]:
    try:
        read_formula(text)
    except Fault as fault:
        yield fault.under(*path)


def _says(says: str | None, path: Path) -> Iterator[Fault]:
    if says is not None and says not in SAYS:
        hint = nearest(says, SAYS) or f"it says {listed(SAYS, 'or')}"
        yield Fault("unknown-word", f"'{says}' is no comparison", fix=hint, path=path)
