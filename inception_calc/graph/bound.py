"""How many steps a spec expands to, found without expanding it (language, rule 25)."""

from __future__ import annotations

from inception_calc.dims import Scope
from inception_calc.graph.cells import columns_of, values_of
from inception_calc.ops.operator import Operator
from inception_calc.ops.register import BODIES
from inception_calc.ops.step import BlockCall, Step
from inception_calc.problems import Fault, Faults, Path
from inception_calc.spec import Spec

MOST_STEPS = 150_000
"""Steps after expansion."""
DEEPEST = 60
"""Blocks, joins and sequences inside each other."""


class Counter:
    """Counts steps, each block once for each set of column values."""

    def __init__(self, spec: Spec, most: int = MOST_STEPS) -> None:
        self.spec = spec
        self.most = most
        self.known: dict[tuple[str, tuple[object, ...]], int] = {}

    def check(self, scope: Scope) -> None:
        """Raises `Faults` at the row with which the spec grows too large."""
        total = 0
        for kind, steps in (("rows", self.spec.rows), ("heads", self.spec.heads)):
            for name, row in steps.items():
                total += self._step(row.step, scope, 0, (kind, name))
                if total > self.most:
                    raise too_many_steps((kind, name), self.most, at_key=True)

    def _step(self, step: Step, scope: Scope, depth: int, path: Path) -> int:
        inner = self._body(step.operator, scope, depth, path)
        if step.repeat is not None:
            try:
                times = scope.count(step.repeat, "repeat", 0)
            except Fault:
                times = 1  # reported when the step is expanded
            if isinstance(times, int):
                inner = max(inner, 1) * times
            if inner > self.most:
                raise too_many_steps((*path, "repeat"), self.most)
        return inner + sum(self._step(follower, scope, depth, (*path, "then")) for follower in step.then)

    def _body(self, body: Operator | BlockCall, scope: Scope, depth: int, path: Path) -> int:
        if depth > DEEPEST:
            raise Faults([Fault("too-deep", f"blocks are nested deeper than {DEEPEST}", path=path, fix="flatten them")])
        if isinstance(body, BlockCall):
            return self._call(body, scope, depth, path)
        if body.key not in BODIES:
            return 1
        total = 1
        for item in body.argument:  # type: ignore[attr-defined]
            for index, step in enumerate(item.steps):
                below: Path = (*path, body.key, item.key, index) if item.listed else (*path, body.key, item.key)
                total += self._step(step, scope, depth + 1, below)
        return total

    def _call(self, call: BlockCall, scope: Scope, depth: int, path: Path) -> int:
        block = self.spec.blocks[call.block]
        columns = columns_of(self.spec, call)
        key = (call.block, (*values_of(columns, scope), depth))
        if key not in self.known:
            self.known[key] = self._body(
                block.body, scope.bind(columns, scope.input_channels), depth + 1, ("blocks", call.block)
            )
        return self.known[key]


def too_many_steps(path: Path, most: int = MOST_STEPS, at_key: bool = False) -> Faults:
    """The fault of a spec that grows too large at a path."""
    what = f"the spec expands to more than {most:,} steps"
    return Faults([Fault("too-many-layers", what, path=path, at_key=at_key, fix="repeat less")])
