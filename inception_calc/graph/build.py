"""Spec -> graph: blocks expanded, defaults looked up, names given, sizes worked out.

A fault leaves a guessed size behind and the walk goes on, so that branches and rows beside it are judged too;
what follows from a guess is not reported, but that other rows meet the same fault is counted.
"""

from collections.abc import Callable, Iterable
from typing import Any

from inception_calc.dims import Scaling, Scope, Shape, checked
from inception_calc.dims.quantity import LARGEST
from inception_calc.graph.bound import MOST_STEPS, Counter, too_many_steps
from inception_calc.graph.cells import ColumnUses, columns_of, with_cells
from inception_calc.graph.context import Context, DefaultsChain, Flow
from inception_calc.graph.faults import FaultLog
from inception_calc.graph.joins import DISAGREE, disagreement
from inception_calc.graph.layers import Layers
from inception_calc.graph.model import IMAGE, Graph, GraphRow, Layer
from inception_calc.graph.naming import NamingColumns, column_of, own_name
from inception_calc.graph.rows import block_of, cell_texts, label_of, merged_order, patch_of
from inception_calc.graph.setting import Setting
from inception_calc.graph.sharing import NO_HOLDERS, InOrder, Named, held
from inception_calc.ops.layer import LayerOp
from inception_calc.ops.operator import Operator
from inception_calc.ops.register import BODIES, activation_parts
from inception_calc.ops.step import BlockCall, NamedStep, Step
from inception_calc.problems import Fault, Path
from inception_calc.spec import Row, Spec


def build(spec: Spec, setting: Setting, place: Callable[[Path], str] = str) -> Graph:
    """The graph of a checked spec at a setting; raises `Faults`. `place` says in words where a path stands."""
    return _Builder(with_cells(spec, setting.cells), setting, place).graph()


class _Builder:
    def __init__(self, spec: Spec, setting: Setting, place: Callable[[Path], str]) -> None:
        self.spec = spec
        self.setting = setting
        self.layers = Layers(tuple(setting.entering.values()), place)
        self.faults = FaultLog(spec, place)
        self.row = ""
        self.ends: dict[str, Flow] = {}  # each finished row's output
        self.maps: dict[str, Shape] = {}  # the same without where it comes from, for those who take its size
        self.first_calls: dict[str, range] = {}  # of blocks whose calls share their weights
        self.steps = 0
        self.naming = NamingColumns(spec)
        self.uses = ColumnUses(spec)

    def graph(self) -> Graph:
        setting, spec = self.setting, self.spec
        symbols: dict[str, Any] = {**setting.symbols, "batch": setting.batch, **setting.size_symbols}
        scaling = Scaling(symbols["width_multiplier"], setting.round_to)
        scope = Scope(symbols, {}, setting.input.channels, scaling, self.maps)
        context = Context(scope, DefaultsChain(spec.defaults), ())
        Counter(spec).check(scope)
        rows: list[GraphRow] = []
        flow = Flow(IMAGE, setting.input)
        for name, row in spec.rows.items():
            flow = self._row(name, row, flow, context.at("rows", name), rows)
            self.ends[name], self.maps[name] = flow, flow.map
        if setting.training:
            for name, head in spec.heads.items():
                row = Row(step=head.step)
                self._row(name, row, self.ends[head.after], context.at("heads", name), rows, is_head=True)
        if not self.faults.complete:
            from inception_calc.graph.alone import Alone

            Alone(spec, self.faults).judge(scope, context.defaults, setting.training)
        self.faults.raise_all()
        read = frozenset[str]().union(*(row.columns_read for row in rows if not row.is_head))
        columns = tuple(filter(read.__contains__, merged_order([tuple(row.cells) for row in rows if not row.is_head])))
        layers = tuple(self.layers.made)
        return Graph(str(spec.name), setting.input, setting.batch, layers, tuple(rows), columns, setting.inputs)

    # -- rows ----------------------------------------------------------------------------------------------------------

    def _row(
        self, name: str, row: Row, flow: Flow, context: Context, rows: list[GraphRow], is_head: bool = False
    ) -> Flow:
        self.row = name
        if not flow.certain:
            self.faults.row_behind(context.path)
        start = len(self.layers)
        context = context._replace(scope=context.scope.entered(flow.map.channels), row_prefix=name)
        result = self._step(row.step, flow, context, name, "")
        body, block = row.step.operator, block_of(self.spec, row)
        rows.append(
            GraphRow(
                name,
                label_of(row, block, context.scope).replace("{name}", name),
                body.block if isinstance(body, BlockCall) else body.key,
                patch_of(row, block, self.layers.patch(start)),
                cell_texts(self.spec, row, context.scope, self.uses),
                self.uses.read(body.block) if isinstance(body, BlockCall) else frozenset(),
                row.printed,
                range(start, len(self.layers)),
                flow.layer,
                result.layer,
                result.map,
                is_head,
            )
        )
        return result

    # -- steps ---------------------------------------------------------------------------------------------------------

    def _step(self, step: Step, flow: Flow, context: Context, prefix: str, own: str) -> Flow:
        """Runs a step. `own` is the last name of an unnamed step; empty where branch, step or row name it."""
        if not self._is_there(step, context):
            return flow
        here = context
        if step.frozen or step.dtype:
            here = context._replace(frozen=context.frozen or step.frozen, dtype=step.dtype or context.dtype)
        if step.weights_of is not None:
            flow = self._borrowing(step, step.weights_of, flow, here, prefix, own)
        else:
            flow = self._repeated(step, flow, here, prefix, own)
        if step.then:
            under = f"{prefix}/{own}" if own else prefix
            alone = len(step.then) == 1
            keys: list[Path] = [("then",)] if alone else [("then", index) for index in range(len(step.then))]
            flow = self._list(zip(keys, step.then, strict=True), flow, context._replace(columns=frozenset()), under)
        return flow

    def _is_there(self, step: Step, context: Context) -> bool:
        """Whether a step is there: what its `when` says."""
        if step.when is None:
            return True
        try:
            return step.when.holds(context.scope)
        except Fault as fault:
            self.faults.add(fault.under(*context.path, "when"), self.row, True)
            return True

    def _borrowing(self, step: Step, text: str, flow: Flow, context: Context, prefix: str, own: str) -> Flow:
        """A step that uses the weights of another one."""
        path = (*context.path, "weights of")
        name = f"{prefix}/{own}" if own and step.repeat is None else prefix
        start = len(self.layers)
        flow = self._repeated(step, flow, context._replace(sharing=Named(path, text, name)), prefix, own)
        if flow.certain and not self.layers.have_arrays(start):
            what, fix = f"'{name}' has no weights that it could share", "leave 'weights of' out"
            fault = Fault("no-weights", what, path=path, at_key=True, fix=fix)
            self.faults.add(fault, self.row, True)
        return flow

    def _repeated(self, step: Step, flow: Flow, context: Context, prefix: str, own: str) -> Flow:
        """A step without what follows it, as often as it says."""
        if step.repeat is None:
            return self._body(step.operator, flow, context, prefix, own)
        first, count = range(0), self._repetitions(step, context)
        for number in range(1, (1 if count is None else count) + 1):
            entered = context._replace(scope=context.scope.entered(flow.map.channels))
            if context.row_prefix == prefix:
                entered = entered._replace(row_prefix=f"{prefix}/{number}")
            start = len(self.layers)
            if step.shared and number > 1:
                entered = entered._replace(sharing=InOrder((*context.path, "shared"), first, start))
            flow = self._body(step.operator, flow, entered, f"{prefix}/{number}", own)
            first = first or range(start, len(self.layers))
        return flow._replace(certain=False) if count is None else flow

    def _repetitions(self, step: Step, context: Context) -> int | None:
        """How often a step runs; None where that cannot be said."""
        assert step.repeat is not None
        try:
            count = context.scope.count(step.repeat, "repeat", 0)
            if not isinstance(count, int):
                what = f"repeat must be a number, '{step.repeat.text}' is not known"
                raise Fault("symbolic-repeat", what, fix="give the symbol a value")
        except Fault as fault:
            self.faults.add(fault.under(*context.path, "repeat"), self.row, True)
            return None
        return count

    def _body(self, body: Operator | BlockCall, flow: Flow, context: Context, prefix: str, own: str) -> Flow:
        if isinstance(body, BlockCall):
            return self._call(body, flow, context, f"{prefix}/{own}" if own else prefix)
        if body.key == "output of":
            return self._earlier(body.argument, flow, context)  # type: ignore[attr-defined]
        if body.key == "input":
            place = list(self.setting.inputs).index(body.argument)  # type: ignore[attr-defined]
            return Flow(IMAGE - place, self.layers.entering[place])
        if body.key == "sequence":
            return self._items(body.argument, flow, context, prefix)  # type: ignore[attr-defined]
        if body.key in BODIES:
            return self._join(context.defaults.read(body, context.scope), flow, context, prefix, own)
        return self._leaf(body, flow, context, f"{prefix}/{own}" if own else prefix)

    def _earlier(self, row: str, flow: Flow, context: Context, key: str = "output of") -> Flow:
        """The output of a row that is finished already, which stands under a key."""
        if row in self.ends:
            return self.ends[row]
        fix = f"take a row above '{self.row}'"
        fault = Fault("later-row", f"the row '{row}' does not stand before '{self.row}'", fix=fix)
        self.faults.add(fault.under(*context.path, key), self.row, True)
        return flow._replace(certain=False)

    def _leaf(self, body: Operator, flow: Flow, context: Context, name: str) -> Flow:
        self.steps += 1
        if self.steps > MOST_STEPS:  # a repeat that follows the map's channels is not known beforehand
            raise too_many_steps(context.path)
        try:
            applied = context.defaults.read(body, context.scope)
            own_bias = "bias" in applied.model_fields_set
            entering = self._entering(applied, flow, context)
            made: list[Flow] = []
            maps = [entry.map for entry in entering]
            lower = applied.lower if len(maps) == 1 else applied.lower_beside
            for part in lower(context.scope, *maps):
                full = f"{name}/{part.name}" if part.name else name
                pool = part.op.is_pool and not context.inside
                flows = (flow,) if part.inputs is None else tuple(_of(made, entering, part.inputs))
                op = self._dense(full, part.op, flows[0].map)
                flow = flows[0]
                if op is not None:
                    here = context.of_layer(op.op, body.key, body.family)
                    flow = self._layer(full, op, flows, here, part.depth, int(pool), own_bias)
                made.append(flow)
        except Fault as fault:
            if not fault.path:  # a size that does not come out: the window or count is to blame
                fault.path = (body.key,)
            self.faults.add(context.defaults.placed(fault, body, context.path), self.row, flow.certain)
            return flow if body.keeps_map else flow._replace(certain=False)
        return flow

    def _entering(self, applied: Operator, flow: Flow, context: Context) -> tuple[Flow, ...]:
        """What enters a step: what comes before it, and the output of the row that it names."""
        other = applied.other_row()
        if other is None:
            return (flow,)
        setting, row = other
        return flow, self._earlier(row, flow, context, setting)

    def _dense(self, name: str, op: LayerOp, x: Shape) -> LayerOp | None:
        """The layer as it is, or read as fully convolutional."""
        made_for = self.setting.made_for
        return op if made_for is None else op.fully_convolutional(made_for.get(name, x))

    def _layer(
        self,
        name: str,
        op: LayerOp,
        flows: tuple[Flow, ...],
        context: Context,
        depth: int = 0,
        pool_depth: int = 0,
        own_bias: bool = False,
    ) -> Flow:
        """Adds one layer; a `Fault` where its inputs do not fit or its name is taken."""
        certain = all(flow.certain for flow in flows)
        maps = tuple(flow.map for flow in flows)
        output = op.shape(maps)
        for place, value in enumerate(output):
            if isinstance(value, int) and not 1 <= value <= LARGEST:  # most are fine: no words are made for them
                checked(value, f"the output's {output.names[place]}")
        self.layers.must_be_new(name)
        holders = NO_HOLDERS
        if context.sharing is not None and any(held(op, maps)):
            try:
                op, holders = self.layers.borrowed(name, op, maps, context.sharing, own_bias)
            except Fault as fault:  # it goes on with weights of its own
                self.faults.add(fault, self.row, certain)
        inputs = tuple([flow.layer for flow in flows])
        places = self.row, context.block, context.branch, context.path
        frozen = context.frozen and any(held(op, maps))
        layer = Layer(name, op, inputs, output, *places, depth, pool_depth, holders)
        index = self.layers.add(layer._replace(frozen=frozen, dtype=context.dtype))
        return Flow(index, output, certain)

    # -- composites ----------------------------------------------------------------------------------------------------

    def _call(self, call: BlockCall, flow: Flow, context: Context, prefix: str) -> Flow:
        block = self.spec.blocks[call.block]
        inner = Context(
            scope=context.scope.bind(columns_of(self.spec, call), flow.map.channels),
            defaults=context.defaults.inside(call.block, block),
            path=("blocks", call.block),
            block=call.block,
            branch=context.branch,
            columns=self.naming.of(call.block) if context.row_prefix == prefix and not context.block else frozenset(),
            row_prefix=context.row_prefix,
            sharing=context.sharing,
            frozen=context.frozen or block.frozen,
            dtype=context.dtype,
            inside=True,
        )
        if not block.shared:
            return self._body(block.body, flow, inner, prefix, "")
        start = len(self.layers)
        if call.block in self.first_calls:
            sharing = InOrder(("blocks", call.block, "shared"), self.first_calls[call.block], start)
            inner = inner._replace(sharing=sharing)
        flow = self._body(block.body, flow, inner, prefix, "")
        self.first_calls.setdefault(call.block, range(start, len(self.layers)))
        return flow

    def _items(self, items: tuple[NamedStep, ...], flow: Flow, context: Context, prefix: str) -> Flow:
        """The steps of a sequence."""
        context = context._replace(path=(*context.path, "sequence"))
        if items[0].name is None:
            return self._list((((item.key,), item.steps[0]) for item in items), flow, context, prefix)
        for item in items:
            here = context._replace(path=(*context.path, item.key))
            flow = self._step(item.steps[0], flow, here, f"{prefix}/{item.name}", "")
        return flow

    def _list(self, steps: Iterable[tuple[Path, Step]], flow: Flow, context: Context, prefix: str) -> Flow:
        """Unnamed steps one after the other: equal automatic names get 2, 3 (rule 21)."""
        seen: dict[str, int] = {}
        for keys, step in steps:
            here = context._replace(path=context.path + keys)
            column = column_of(step, context.columns)
            if column is not None:
                flow = self._step(step, flow, here, f"{context.row_prefix}/{column}", "")
                continue
            own = own_name(step.operator, here, flow.map)
            seen[own] = seen.get(own, 0) + 1
            flow = self._step(step, flow, here, prefix, own if seen[own] == 1 else f"{own} {seen[own]}")
        return flow

    def _join(self, body: Operator, flow: Flow, context: Context, prefix: str, own: str) -> Flow:
        """The branches of a concatenation or sum, and the join itself."""
        branches = self._branches_there(body, context)
        if not branches:
            return flow
        ends = tuple([self._branch(branch, flow, context.at(body.key), prefix) for branch in branches])
        try:
            left_out = len(body.argument) - len(ends)  # type: ignore[attr-defined]
            return self._joined(f"{prefix}/{own or body.key}", body, ends, context, bool(left_out))
        except Fault as fault:
            certain = flow.certain
            if fault.code in DISAGREE:
                maps = [(str(branch.name), end.map) for branch, end in zip(branches, ends, strict=True)]
                fault = disagreement(fault, body.key, maps, flow.map.printed_order)
                certain = all(end.certain for end in ends)
            self.faults.add(fault.under(*context.path), self.row, certain)
            return Flow(ends[0].layer, ends[0].map, False)

    def _branches_there(self, body: Operator, context: Context) -> list[NamedStep]:
        """The branches of a join without those that have no step here."""
        branches: tuple[NamedStep, ...] = body.argument  # type: ignore[attr-defined]
        there = []
        for branch in branches:
            at = context.at(body.key, branch.key)
            if any(self._is_there(step, at.at(n) if branch.listed else at) for n, step in enumerate(branch.steps)):
                there.append(branch)
        return there

    def _branch(self, branch: NamedStep, flow: Flow, context: Context, prefix: str) -> Flow:
        """One branch of a join at the context's path."""
        here = context.at(branch.key)._replace(branch=str(branch.name), inside=True)
        under = f"{prefix}/{branch.name}"
        if len(branch.steps) > 1:
            return self._list((((index,), step) for index, step in enumerate(branch.steps)), flow, here, under)
        (step,) = branch.steps
        column = column_of(step, here.columns)
        if column is not None:
            under = f"{context.row_prefix}/{column}"
        return self._step(step, flow, here.at(0) if branch.listed else here, under, "")

    def _joined(self, name: str, body: Operator, ends: tuple[Flow, ...], context: Context, left_out: bool) -> Flow:
        """The layer that joins branches, and the activation after it; a `Fault` where they do not fit."""
        assert body.join is not None
        joined = self._layer(name, body.join(), ends, context) if len(ends) > 1 or not left_out else ends[0]
        for part in activation_parts(getattr(body, "activation", "none")):
            joined = self._layer(f"{name}/{part.name}", part.op, (joined,), context)
        return joined


def _of(made: list[Flow], entering: tuple[Flow, ...], inputs: tuple[int, ...]) -> Iterable[Flow]:
    """The flows that a part of a step names: earlier parts, or what enters the step, counted down from -1."""
    return (made[index] if index >= 0 else entering[-1 - index] for index in inputs)
