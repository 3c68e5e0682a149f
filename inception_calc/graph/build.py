"""Spec -> graph: blocks expanded, defaults looked up, names given, sizes worked out.

A fault leaves a guessed size behind and the walk goes on, so that branches and rows beside it are judged too;
what follows from a guess is not reported, but that other rows meet the same fault is counted.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from inception_calc.dims import FeatureMap, Scaling, Scope, checked, factor_text, sides_text
from inception_calc.graph.bound import Counter
from inception_calc.graph.cells import ColumnUses, columns_of, with_cells
from inception_calc.graph.context import Context, DefaultsChain, Flow
from inception_calc.graph.faults import FaultLog
from inception_calc.graph.model import IMAGE, Graph, GraphRow, Layer
from inception_calc.graph.rows import block_of, cell_texts, label_of, merged_order, patch_of
from inception_calc.graph.setting import Setting
from inception_calc.graph.sharing import NO_HOLDERS, Holder, InOrder, Named, Sharing, held, taken
from inception_calc.ops.layer import LayerOp
from inception_calc.ops.operator import Operator
from inception_calc.ops.register import BODIES, operator
from inception_calc.ops.step import BlockCall, NamedStep, Step
from inception_calc.problems import Fault, Faults, Path
from inception_calc.spec import Row, Spec
from inception_calc.spec.walk import walk_body

MOST_STEPS = 150_000
"""Steps after expansion."""
DEEPEST = 60
"""Blocks, joins and sequences inside each other."""
MOST_NAME_CHARACTERS = 40_000_000
"""Of all layers' names together: names grow with the nesting, so that few steps can hold much text."""


def build(spec: Spec, setting: Setting, place: Callable[[Path], str] = str) -> Graph:
    """The graph of a checked spec at a setting; raises `Faults`. `place` says in words where a path stands."""
    return _Builder(with_cells(spec, setting.cells), setting, place).graph()


class _Builder:
    def __init__(self, spec: Spec, setting: Setting, place: Callable[[Path], str]) -> None:
        self.spec = spec
        self.setting = setting
        self.place = place
        self.layers: list[Layer] = []
        self.names: dict[str, int] = {}
        self.name_characters = 0
        self.faults = FaultLog(spec, place)
        self.row = ""
        self.ends: dict[str, Flow] = {}  # each finished row's output
        self.first_calls: dict[str, range] = {}  # of blocks whose calls share their weights
        self.steps = 0
        self.column_names: dict[str, frozenset[str]] = {}
        self.uses = ColumnUses(spec)

    def graph(self) -> Graph:
        setting, spec = self.setting, self.spec
        symbols: dict[str, Any] = {**setting.symbols, "batch": setting.batch, **setting.input.symbols}
        scaling = Scaling(symbols["width_multiplier"], setting.round_to)
        scope = Scope(symbols, {}, setting.input.channels, scaling)
        context = Context(scope, DefaultsChain(spec.defaults), ())
        Counter(spec, MOST_STEPS, DEEPEST).check(scope)
        rows: list[GraphRow] = []
        flow = Flow(IMAGE, setting.input)
        for name, row in spec.rows.items():
            flow = self._row(name, row, flow, context.at("rows", name), rows)
            self.ends[name] = flow
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
        return Graph(str(spec.name), setting.input, setting.batch, tuple(self.layers), tuple(rows), columns)

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
                patch_of(row, block, self._patch(start)),
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

    def _patch(self, index: int) -> str:
        """The patch of a row's first layer; empty where the row has none."""
        if index == len(self.layers):
            return ""
        layer = self.layers[index]
        return layer.op.patch(self._maps_of(layer.inputs)[0])

    def _maps_of(self, inputs: tuple[int, ...]) -> tuple[FeatureMap, ...]:
        """The maps that some layers give, or the image."""
        return tuple(self.setting.input if source == IMAGE else self.layers[source].output for source in inputs)

    # -- steps ---------------------------------------------------------------------------------------------------------

    def _step(self, step: Step, flow: Flow, context: Context, prefix: str, own: str) -> Flow:
        """Runs a step. `own` is the last name of an unnamed step; empty where branch, step or row name it."""
        if step.weights_of is not None:
            flow = self._borrowing(step, step.weights_of, flow, context, prefix, own)
        else:
            flow = self._repeated(step, flow, context, prefix, own)
        if step.then:
            under = f"{prefix}/{own}" if own else prefix
            alone = len(step.then) == 1
            keys: list[Path] = [("then",)] if alone else [("then", index) for index in range(len(step.then))]
            flow = self._list(zip(keys, step.then, strict=True), flow, context._replace(columns=frozenset()), under)
        return flow

    def _borrowing(self, step: Step, text: str, flow: Flow, context: Context, prefix: str, own: str) -> Flow:
        """A step that uses the weights of another one."""
        path = (*context.path, "weights of")
        name = f"{prefix}/{own}" if own and step.repeat is None else prefix
        start = len(self.layers)
        flow = self._repeated(step, flow, context._replace(sharing=Named(path, text, name)), prefix, own)
        if flow.certain and not any(any(held(one.op, self._maps_of(one.inputs))) for one in self.layers[start:]):
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
        if body.key == "sequence":
            return self._items(body.argument, flow, context, prefix)  # type: ignore[attr-defined]
        if body.key in BODIES:
            return self._join(context.defaults.applied(body), flow, context, prefix, own)
        return self._leaf(body, flow, context, f"{prefix}/{own}" if own else prefix)

    def _earlier(self, row: str, flow: Flow, context: Context) -> Flow:
        """The output of a row that is finished already."""
        if row in self.ends:
            return self.ends[row]
        fix = f"take a row above '{self.row}'"
        fault = Fault("later-row", f"the row '{row}' does not stand before '{self.row}'", fix=fix)
        self.faults.add(fault.under(*context.path, "output of"), self.row, True)
        return flow._replace(certain=False)

    def _leaf(self, body: Operator, flow: Flow, context: Context, name: str) -> Flow:
        self.steps += 1
        if self.steps > MOST_STEPS:  # a repeat that follows the map's channels is not known beforehand
            what = f"the spec expands to more than {MOST_STEPS:,} steps"
            raise Faults([Fault("too-many-layers", what, path=context.path, fix="repeat less")])
        try:
            applied = context.defaults.applied(body)
            own_bias = "bias" in applied.model_fields_set
            parts = applied.lower(context.scope, flow.map)
            for part in parts:
                full = f"{name}/{part.name}" if part.name else name
                pool = part.op.is_pool and not context.inside
                op = self._dense(full, part.op, flow.map)
                if op is not None:
                    flow = self._layer(full, op, (flow,), context, part.depth, int(pool), own_bias)
        except Fault as fault:
            if not fault.path:  # a size that does not come out: the window or count is to blame
                fault.path = (body.key,)
            self.faults.add(context.defaults.placed(fault, body, context.path), self.row, flow.certain)
            return flow if body.keeps_map else flow._replace(certain=False)
        return flow

    def _dense(self, name: str, op: LayerOp, x: FeatureMap) -> LayerOp | None:
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
        for side, value in zip(output.names, output, strict=True):
            checked(value, f"the output's {side}")
        if name in self.names:
            raise Fault(
                "same-name",
                f"two layers are called '{name}'",
                fix="name the steps: {sequence: {name: step}}",
                notes=(f"the other one stands in {self.place(self.layers[self.names[name]].path)}",),
            )
        holders = NO_HOLDERS
        if context.sharing is not None and any(held(op, maps)):
            op, holders = self._shared(name, op, maps, context.sharing, own_bias, certain)
        self.names[name] = len(self.layers)
        self.name_characters += len(name)
        if self.name_characters > MOST_NAME_CHARACTERS:
            what = "the names of all layers are too long together"
            raise Faults([Fault("too-large", what, path=context.path, fix="repeat less")])
        inputs = tuple([flow.layer for flow in flows])
        self.layers.append(
            Layer(
                name,
                op,
                inputs,
                output,
                self.row,
                context.block,
                context.branch,
                context.path,
                depth,
                pool_depth,
                holders,
            )
        )
        return Flow(len(self.layers) - 1, output, certain)

    def _shared(
        self, name: str, op: LayerOp, maps: tuple[FeatureMap, ...], sharing: Sharing, own_bias: bool, certain: bool
    ) -> tuple[LayerOp, Mapping[str, int]]:
        """The layer with the weights of another one; as it is where these do not fit, which is a fault."""
        try:
            lender = sharing.lender(name, len(self.layers), self.names)
            return taken(name, op, maps, lender, self._held_by, own_bias)
        except Fault as fault:
            fault.path = sharing.path
            self.faults.add(fault, self.row, certain)
            return op, NO_HOLDERS

    def _held_by(self, index: int) -> Holder:
        """A layer's name, and the arrays that it uses with the layers that hold them."""
        layer = self.layers[index]
        return Holder(layer.name, index, layer.holders, tuple(held(layer.op, self._maps_of(layer.inputs))))

    # -- composites ----------------------------------------------------------------------------------------------------

    def _deeper(self, context: Context) -> int:
        if context.depth >= DEEPEST:
            what = f"blocks are nested deeper than {DEEPEST}"
            raise Faults([Fault("too-deep", what, path=context.path, fix="flatten them")])
        return context.depth + 1

    def _call(self, call: BlockCall, flow: Flow, context: Context, prefix: str) -> Flow:
        block = self.spec.blocks[call.block]
        inner = Context(
            scope=context.scope.bind(columns_of(self.spec, call), flow.map.channels),
            defaults=context.defaults.inside(call.block, block),
            path=("blocks", call.block),
            block=call.block,
            branch=context.branch,
            depth=self._deeper(context),
            columns=self._naming_columns(call.block)
            if context.row_prefix == prefix and not context.block
            else frozenset(),
            row_prefix=context.row_prefix,
            sharing=context.sharing,
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

    def _naming_columns(self, name: str) -> frozenset[str]:
        """The columns that are the whole count of exactly one layer of the block."""
        if name not in self.column_names:
            block = self.spec.blocks[name]
            uses: dict[str, int] = {}
            for _, step, repeated in walk_body(block.body, ()):
                count = step.operator.filter_count()
                if count is not None and count.text in block.columns:
                    uses[count.text] = uses.get(count.text, 0) + (2 if repeated else 1)
            self.column_names[name] = frozenset(column for column, times in uses.items() if times == 1)
        return self.column_names[name]

    def _items(self, items: tuple[NamedStep, ...], flow: Flow, context: Context, prefix: str) -> Flow:
        """The steps of a sequence."""
        context = context._replace(path=(*context.path, "sequence"), depth=self._deeper(context))
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
            column = self._column_name(step, context)
            if column is not None:
                flow = self._step(step, flow, here, f"{context.row_prefix}/{column}", "")
                continue
            own = self._own_name(step.operator, here, flow.map)
            seen[own] = seen.get(own, 0) + 1
            flow = self._step(step, flow, here, prefix, own if seen[own] == 1 else f"{own} {seen[own]}")
        return flow

    def _column_name(self, step: Step, context: Context) -> str | None:
        """The column that names this layer, where there is one."""
        if not context.columns or step.repeat is not None:
            return None
        count = step.operator.filter_count()
        return count.text if count is not None and count.text in context.columns else None

    def _own_name(self, body: Operator | BlockCall, context: Context, x: FeatureMap) -> str:
        if isinstance(body, BlockCall):
            return body.block
        try:
            return body.own_name(context.scope, x)
        except Fault:  # reported when the layer is made
            return body.key

    def _join(self, body: Operator, flow: Flow, context: Context, prefix: str, own: str) -> Flow:
        """The branches of a concatenation or sum, and the join itself."""
        depth = self._deeper(context)
        ends: list[Flow] = []
        branches: tuple[NamedStep, ...] = body.argument  # type: ignore[attr-defined]
        for branch in branches:
            name = str(branch.name)
            path = (*context.path, body.key, branch.key)
            here = context._replace(path=path, branch=name, depth=depth, inside=True)
            if branch.listed:
                steps = [((index,), step) for index, step in enumerate(branch.steps)]
                if len(steps) > 1:
                    ends.append(self._list(steps, flow, here, f"{prefix}/{name}"))
                    continue
                here = here._replace(path=(*path, 0))
            step = branch.steps[0]
            column = self._column_name(step, here)
            under = f"{prefix}/{name}" if column is None else f"{context.row_prefix}/{column}"
            ends.append(self._step(step, flow, here, under, ""))
        full = f"{prefix}/{own or body.key}"
        try:
            assert body.join is not None
            joined = self._layer(full, body.join(), tuple(ends), context)
            if getattr(body, "activation", "none") != "none":
                (part,) = operator(body.activation)(**{body.activation: ""}).lower(context.scope, joined.map)  # type: ignore[attr-defined]
                joined = self._layer(f"{full}/{body.activation}", part.op, (joined,), context)  # type: ignore[attr-defined]
        except Fault as fault:
            if fault.code in ("branches-differ", "undecided-join"):
                shapes = [f"{branch.name} {_shape(end.map)}" for branch, end in zip(branches, ends, strict=True)]
                fault = Fault(
                    fault.code,
                    f"{fault.what}: {', '.join(shapes)} ({flow.map.printed_order})",
                    path=(body.key,),
                    at_key=True,
                    fix=_joining(fault.code, body.key),
                )
                certain = all(end.certain for end in ends)
            else:
                certain = flow.certain
            self.faults.add(fault.under(*context.path), self.row, certain)
            return Flow(ends[0].layer, ends[0].map, False)
        return joined


def _joining(code: str, key: str) -> str:
    """How branches come to agree."""
    if code == "undecided-join":
        return "give the symbol a value, or a remainder: formula --assume 'size % 32 == 0'"
    return f"give every branch the same {'' if key == 'concat' else 'filters, '}stride and padding"


def _shape(x: FeatureMap) -> str:
    """As papers print it, formulas in parentheses."""
    return sides_text(map(factor_text, (*x.sides, x.channels)))
