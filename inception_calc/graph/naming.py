"""What steps are called that nobody named: a column, a window, an operator or a block (language, rules 21 and 22)."""

from __future__ import annotations

from collections import Counter

from inception_calc.dims import Shape
from inception_calc.graph.context import Context
from inception_calc.ops.operator import Operator
from inception_calc.ops.step import BlockCall, Step
from inception_calc.problems import Fault
from inception_calc.spec import Spec
from inception_calc.spec.walk import walk_body


class NamingColumns:
    """The columns that are the whole count of exactly one layer of their block. Each block is looked at once."""

    def __init__(self, spec: Spec) -> None:
        self.spec = spec
        self._known: dict[str, frozenset[str]] = {}

    def of(self, name: str) -> frozenset[str]:
        """Those of the block called so."""
        if name not in self._known:
            block = self.spec.blocks[name]
            uses: Counter[str] = Counter()
            for _, step, repeated in walk_body(block.body, ()):
                count = step.operator.filter_count()
                if count is not None and count.text in block.columns:
                    uses[count.text] += 2 if repeated else 1
            self._known[name] = frozenset(column for column, times in uses.items() if times == 1)
        return self._known[name]


def column_of(step: Step, columns: frozenset[str]) -> str | None:
    """The one of some columns that names the layer of a step, where there is one."""
    if not columns or step.repeat is not None:
        return None
    count = step.operator.filter_count()
    return count.text if count is not None and count.text in columns else None


def own_name(body: Operator | BlockCall, context: Context, x: Shape) -> str:
    """The last part of a step's name on the map x: `3x3`, `max pool`, the block that it calls."""
    if isinstance(body, BlockCall):
        return body.block
    try:
        return context.defaults.read(body, context.scope).own_name(context.scope, x)
    except Fault:  # reported when the layer is made
        return body.key
