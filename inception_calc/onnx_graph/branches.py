"""If: both branches are walked, for their params; the one that is taken counts, or the larger one, which is said."""

from __future__ import annotations

from typing import NamedTuple

from inception_calc.dims import Dim, at_most, total
from inception_calc.onnx_graph.body import Body, body_of, scalar_of
from inception_calc.onnx_graph.env import Env
from inception_calc.onnx_graph.model import Gap, Step
from inception_calc.onnx_graph.place import Site
from inception_calc.onnx_graph.walking import Walking
from inception_calc.onnx_ops.arithmetic import numeric
from inception_calc.onnx_ops.value import Outputs, Tensor, Value
from inception_calc.problems import Fault

CHOSEN = "the condition is known in a run only"
"""What is said where the branch that costs more is taken."""


class Branch(NamedTuple):
    """What walking a branch gave; a `fault` where it could not be walked."""

    outputs: Outputs
    steps: list[Step]
    gaps: list[Gap]
    assumptions: dict[str, None]
    fault: Fault | None = None

    @property
    def multiply_adds(self) -> Dim:
        """Of all steps."""
        return total(step.multiply_adds for step in self.steps)


def _branch(body: Body) -> Branch:
    """A branch, walked; what the walk noted is taken off it again."""
    walker = body.walker
    steps, gaps, known = len(walker.steps), len(walker.gaps), dict(walker.assumptions)
    try:
        outputs, own_steps = body.run(())
        fault = None
    except Fault as found:
        outputs, own_steps, fault = (), [], found
    own_gaps = walker.gaps[gaps:]
    assumed = {what: None for what in walker.assumptions if what not in known}
    del walker.steps[steps:], walker.gaps[gaps:]
    walker.assumptions = known
    return Branch(outputs, own_steps, own_gaps, assumed, fault)


def walk_if(walker: Walking, site: Site, inputs: Outputs, env: Env) -> Outputs:
    """Both branches are walked, for their params; one counts."""
    condition = scalar_of(inputs[0] if inputs else None)
    then, other = (_branch(body_of(walker, site, env, f"{name}_branch")) for name in ("then", "else"))
    if numeric(condition):
        taken = then if condition else other
        if taken.fault is not None:
            raise taken.fault
        outputs = taken.outputs
    else:
        taken, why = _larger(then, other)
        outputs = _united(taken, then if taken is other else other)
        walker.assume(site, f"{CHOSEN}: {why}")
    walker.steps += taken.steps
    walker.gaps += taken.gaps
    walker.assumptions |= taken.assumptions
    walker.step(site, inputs, outputs)
    return outputs


def _larger(then: Branch, other: Branch) -> tuple[Branch, str]:
    """The branch that costs more, and in words which and why."""
    if then.fault is not None and other.fault is not None:
        raise then.fault
    if then.fault is not None or other.fault is not None:
        failed, name = (then, "then") if then.fault is not None else (other, "else")
        assert failed.fault is not None
        rest = "else" if name == "then" else "then"
        return (other if failed is then else then), f"{rest} is taken, {name} does not fit ({failed.fault.what})"
    known = at_most(other.multiply_adds, then.multiply_adds)
    if known is None:
        return then, "then is taken, which is larger depends on sizes"
    if known:
        return then, "then is taken, it is no cheaper than else"
    return other, "else is taken, it is dearer than then"


def _united(taken: Branch, rest: Branch) -> Outputs:
    """Outputs as far as both branches agree."""
    if rest.fault is not None:
        return taken.outputs
    return tuple(_either(a, b) for a, b in zip(taken.outputs, rest.outputs, strict=True))


def _either(a: Value, b: Value) -> Value:
    if isinstance(a, Tensor) and isinstance(b, Tensor):
        same = a.shape == b.shape and a.values == b.values
        return a if same else a._replace(values=None, origins=())
    return a
