"""What is wrong with a step whatever enters it: a negative padding, no filters, a pool without a stride.

The walk that works out sizes does not judge what follows from a guess. So where it met a fault, every step of the
spec is judged once more without sizes, and each value of a step apart from the others.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Any

from inception_calc.dims import AXIS_SYMBOLS, Count, Scope, Shape, symbol
from inception_calc.graph.cells import columns_of, values_of
from inception_calc.graph.context import OF_ONE_VALUE, DefaultsChain
from inception_calc.graph.faults import FaultLog
from inception_calc.ops.model import fields_of
from inception_calc.ops.operator import Operator
from inception_calc.ops.padding_fields import PaddingText
from inception_calc.ops.per_axis_fields import PerAxisText, replaced
from inception_calc.ops.register import BODIES
from inception_calc.ops.step import LOST, BlockCall, LostStep, Step
from inception_calc.ops.window_fields import WindowText
from inception_calc.problems import Fault, Path
from inception_calc.spec import Spec
from inception_calc.spec.walk import walk_body, walk_steps

OF_WHAT_IS_FREE = ("free", "symbolic", "undecided", "later-row", LOST)
"""Beginnings of codes that say that something is not known, as nothing is here."""
MOST_STEPS = 20_000
MOST_VALUES = 24
"""Of a step that are told. No step of a network has as many; lists of bins may be as long as a file."""
ONE = Count("1")


def judge_without_sizes(spec: Spec, place: Callable[[Path], str]) -> None:
    """Raises what is wrong with single values of a spec whose symbols, defaults or input are not known."""
    log = FaultLog(spec, place)
    names = (*spec.symbols, *spec.built_in_symbols)
    scope = Scope({name: symbol(name) for name in names}, {}, symbol("input_channels"))
    Alone(spec, log, OF_ONE_VALUE).judge(scope, DefaultsChain(spec.defaults), heads=False)
    for name in spec.rows:
        log.row_behind(("rows", name))
    log.raise_all()


class Alone:
    """Judges every step of a spec without sizes; each block once for each set of column values."""

    def __init__(self, spec: Spec, log: FaultLog, codes: Collection[str] = ()) -> None:
        self.spec = spec
        self.log = log
        self.codes = codes
        """Those that are told; empty for all."""
        self.steps = 0
        self.known: dict[object, tuple[Fault, ...]] = {}

    def judge(self, scope: Scope, defaults: DefaultsChain, heads: bool) -> None:
        """Adds what is found to the log."""
        unknown = symbol("input_channels")
        scope = scope.entered(unknown)
        # which of several inputs enters, and whether a map or a row of tokens, is not known here
        several = len({len(x) for x in self.spec.entering.values()}) > 1 or changes_axes(self.spec)
        anything = Shape(unknown, *(symbol(AXIS_SYMBOLS[axis]) for axis in self.spec.input.axes))
        for kind, lines in (("rows", self.spec.rows), ("heads", self.spec.heads if heads else {})):
            for name, line in lines.items():
                for fault in self._step(line.step, scope, defaults, anything, (kind, name)):
                    if (self.codes and fault.code not in self.codes) or (fault.code == "wrong-rank" and several):
                        continue
                    self.log.add(fault, name, certain=True)

    def _step(self, step: Step, scope: Scope, defaults: DefaultsChain, x: Shape, path: Path) -> Iterator[Fault]:
        self.steps += 1
        if self.steps > MOST_STEPS:
            return
        if step.when is not None:
            try:
                if not step.when.holds(scope):
                    return
            except Fault:  # reported where the step is met
                return
        if step.repeat is not None:
            try:
                scope.count(step.repeat, "repeat", 0)
            except Fault as fault:
                yield fault.under(*path, "repeat")
        body = step.operator
        if isinstance(body, BlockCall):
            yield from self._called(body, scope, defaults, x)
        elif body.key in BODIES:
            yield from self._inside(body, scope, defaults, x, path)
        elif body.key not in ("output of", "input") and not isinstance(body, LostStep):
            try:
                read = defaults.read(body, scope)
            except Fault:  # a cell's word, which was complained about with the cells
                return
            for found in faults_of(read, scope, x):
                yield defaults.placed(found, body, path)
        for index, follower in enumerate(step.then):
            below: Path = (*path, "then", index) if len(step.then) > 1 else (*path, "then")
            yield from self._step(follower, scope, defaults, x, below)

    def _inside(self, body: Operator, scope: Scope, defaults: DefaultsChain, x: Shape, path: Path) -> Iterator[Fault]:
        for item in body.argument:  # type: ignore[attr-defined]
            below = (*path, body.key, item.key)
            for index, step in enumerate(item.steps):
                yield from self._step(step, scope, defaults, x, (*below, index) if item.listed else below)

    def _called(self, call: BlockCall, scope: Scope, defaults: DefaultsChain, x: Shape) -> tuple[Fault, ...]:
        block = self.spec.blocks[call.block]
        columns = columns_of(self.spec, call)
        inner = defaults.inside(call.block, block)
        key = (call.block, values_of(columns, scope), id(inner))
        if key not in self.known:
            bound = scope.bind(columns, scope.input_channels)
            if isinstance(block.body, LostStep):
                self.known[key] = ()
            else:
                self.known[key] = tuple(self._inside(block.body, bound, inner, x, ("blocks", call.block)))
        return self.known[key]


def changes_axes(spec: Spec) -> bool:
    """Whether any step gives a map other axes."""
    lines = [*(row.step for row in spec.rows.values()), *(head.step for head in spec.heads.values())]
    bodies = (block.body for block in spec.blocks.values() if not isinstance(block.body, LostStep))
    visits = (*(walk_steps(step) for step in lines), *(walk_body(body, ()) for body in bodies))
    return any(getattr(visited.step.operator, "changes_axes", False) for visit in visits for visited in visit)


def faults_of(body: Operator, scope: Scope, x: Shape) -> Iterator[Fault]:
    """What is wrong with an operator's own values. A faulty one gives way to a right one, and the rest is judged."""
    written = body
    for _ in range(MOST_VALUES):
        try:
            body.lower(scope, x)
            return
        except Fault as fault:
            if not fault.path:
                fault.path = (body.key,)
            if _is_smallest(body, written, str(fault.path[0])):
                return
            stand_in = _stand_in(body, fault)
            if not fault.code.startswith(OF_WHAT_IS_FREE) and (fault.code in OF_ONE_VALUE or body is written):
                yield fault
        if stand_in is None:
            return
        body = stand_in


def _is_smallest(body: Operator, written: Operator, key: str) -> bool:
    """Whether the value under this key is a stand-in, perhaps of another rank: nobody wrote what is wrong with it."""
    field = fields_of(type(body)).get(key)
    if field is None or key not in body.smallest:
        return False
    now: Any = getattr(body, field.name)
    return bool(now != getattr(written, field.name) and now == field.read(body.smallest[key]))


def _stand_in(body: Operator, fault: Fault) -> Operator | None:
    """The operator with a right value where the fault points; None where none is known."""
    model, key = type(body), str(fault.path[0])
    field = fields_of(model).get(key)
    if field is None:
        return None
    value: Any = _with_one(getattr(body, field.name), fault) if fault.code in OF_ONE_VALUE else None
    if value is None:
        value = field.read(model.smallest[key]) if key in model.smallest else model.model_fields[field.name].default
    return None if value == getattr(body, field.name) else body.model_copy(update={field.name: value})


def _with_one(held: object, fault: Fault) -> object:
    """A value of several numbers with a 1 for the one that the fault points at; None where it points at none."""
    below = fault.path[1:]
    if isinstance(held, WindowText):
        return held.with_number(ONE, fault.span[0]) if fault.span else None
    if isinstance(held, (PaddingText, PerAxisText)):
        return held.with_number(ONE, below) if below else None
    if isinstance(held, tuple) and below and isinstance(held[0], Count):
        return replaced(held, int(below[0]), ONE)
    return None
