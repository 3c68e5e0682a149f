"""Loop: a body whose shapes stay the same is walked once and counted as often as it runs; others trip for trip."""

from __future__ import annotations

from typing import NamedTuple

from inception_calc.dims import Dim, minimum
from inception_calc.onnx_graph.body import ANY_TRIP, Body, body_of, scalar_of
from inception_calc.onnx_graph.env import Env
from inception_calc.onnx_graph.model import Step
from inception_calc.onnx_graph.place import Site
from inception_calc.onnx_graph.trips import trips_of
from inception_calc.onnx_graph.walking import Walking
from inception_calc.onnx_ops.arithmetic import Scalar
from inception_calc.onnx_ops.sequences import common
from inception_calc.onnx_ops.value import BOOL, INT64, Outputs, Sequence, Tensor, Unknown, Value

MOST_TRIPS = 1 << 31
"""TensorFlow's loops write the largest integer for "as long as the condition holds"."""
PASSES = 4
MOST_STEPS = 20_000
"""Nodes of a loop that is walked trip for trip."""


def walk_loop(walker: Walking, site: Site, inputs: Outputs, env: Env) -> Outputs:
    """At most M times, as long as the condition holds."""
    body = body_of(walker, site, env, "body")
    condition = inputs[1] if len(inputs) > 1 else None
    start = True if condition is None else scalar_of(condition)
    most = _most(inputs[0] if inputs else None, walker.names.unknown(site.label))
    outputs = Loop(walker, site, body, most, start, inputs[2:]).run()
    walker.step(site, inputs, outputs)
    return outputs


def _most(given: Value, unknown: Dim) -> Scalar:
    """The largest number of trips; None for as long as the condition holds, a symbol for what only a run knows."""
    if given is None:
        return None
    most = scalar_of(given)
    if most is None:
        return unknown
    return None if isinstance(most, int) and most >= MOST_TRIPS else most


class Loop(NamedTuple):
    """A loop whose number of trips is to be found."""

    walker: Walking
    site: Site
    body: Body
    most: Scalar
    """The largest number of trips; None for as long as the condition holds."""
    start: Scalar
    """Whether the loop is entered, where that is known."""
    states: Outputs

    def run(self) -> Outputs:
        """The states at the end and what each trip gave, laid one behind the other."""
        if self.start is False:
            return self._times(0, self.states, 0)
        steady = self._steady()
        if steady is not None:
            states, keeps_on = steady
            if keeps_on and self.most is not None:
                return self._times(self.most, states, self.most)
        if self.start is True and (walked := self._walked()) is not None:
            return walked
        if steady is None:
            states = self._loosened()
        trips = trips_of(self.body, self.start, self.states, states)
        if trips is not None:
            trips = trips if self.most is None else minimum(trips, self.most)
        elif self.most is not None:
            trips = self.most
            self._assume("it may end earlier: it is counted as often as it may run")
        else:
            trips = self.walker.names.unknown(self.site.label)
            self._assume(f"how often it runs only a run knows: {trips}")
        return self._times(trips, states, trips)

    def _assume(self, what: str) -> None:
        self.walker.assume(self.site, what)

    def _steady(self) -> tuple[Outputs, bool] | None:
        """States that a trip leaves in shape, without known elements that change, and whether it always goes on."""
        states = self.states
        for _ in range(PASSES):
            fresh, gaps = self.walker.fresh, len(self.walker.gaps)
            (goes_on, *after), _ = self.body.run((*ANY_TRIP, *states))
            clean = self.walker.fresh == fresh and len(self.walker.gaps) == gaps
            del self.walker.gaps[gaps:]
            joined = tuple(map(_joined, states, after[: len(states)]))
            if not clean or None in joined:
                return None
            if joined == states:
                return states, scalar_of(goes_on) is True
            states = joined
        return None

    def _walked(self) -> Outputs | None:
        """Trip for trip, where each condition is known; None where one is not."""
        if not (self.most is None or isinstance(self.most, int)):
            return None
        states, goes_on = self.states, True
        steps: list[Step] = []
        rows: list[Outputs] = []
        gaps = len(self.walker.gaps)
        while goes_on and (self.most is None or len(rows) < self.most):
            trip = Tensor((), INT64, (len(rows),))
            (after_trip, *after), own = self.body.run((trip, Tensor((), BOOL, (True,)), *states))
            states = tuple(after[: len(states)])
            rows.append(tuple(after[len(states) :]))
            steps += own
            goes_on = scalar_of(after_trip)
            if goes_on is None or len(steps) + len(rows) > MOST_STEPS:
                del self.walker.gaps[gaps:]
                return None
        self.walker.steps += steps
        if not rows:
            return self._times(0, states, 0)
        return (*states, *(_stacked(column) for column in zip(*rows, strict=True)))

    def _loosened(self) -> Outputs:
        """States with new names for sizes that a trip changes."""
        (_, *after), _ = self.body.run((*ANY_TRIP, *self.states))
        loosened: list[Value] = []
        for number, (state, later) in enumerate(zip(self.states, after, strict=False)):
            if isinstance(state, Tensor) and isinstance(later, Tensor) and state.rank == later.rank:
                sizes = tuple(
                    a if a == b else self.walker.names.unknown(f"{self.site.label}_{number}_{axis}")
                    for axis, (a, b) in enumerate(zip(state.shape, later.shape, strict=True))
                )
                loosened.append(Tensor(sizes, state.data_type))
            else:
                loosened.append(_loose(state, later))
        return tuple(loosened)

    def _times(self, times: Dim, states: Outputs, rows: Dim) -> Outputs:
        """The body once, counted `times` times."""
        inputs = (*ANY_TRIP, *states)
        (_, *after), steps = self.body.run(inputs, times)
        if not (isinstance(times, int) and times == 0):
            self.walker.steps += steps
        else:
            after[: len(states)] = states
        kept = after[len(states) :]
        return (*after[: len(states)], *(_row(value, rows) for value in kept))


def _joined(a: Value, b: Value) -> Value:
    """What two values of a state have in common; None where their shapes differ."""
    if isinstance(a, Tensor) and isinstance(b, Tensor):
        if a.shape != b.shape:
            return None
        return Tensor(a.shape, b.data_type, a.values if a.values == b.values else None)
    return a if a == b else None


def _loose(a: Value, b: Value) -> Value:
    """What is left of a state that no trip leaves in shape."""
    if isinstance(a, Sequence) and isinstance(b, Sequence):
        return Sequence(None, b.like if a.elements == () else common((a.like, b.like)))
    return a if a == b else Unknown()


def _row(value: Value, rows: Dim) -> Value:
    """One value for each trip, laid one behind the other."""
    return Tensor((rows, *value.shape), value.data_type) if isinstance(value, Tensor) else Unknown()


def _stacked(column: Outputs) -> Value:
    like = common(column)
    if not isinstance(like, Tensor):
        return Unknown()
    values: tuple[Scalar, ...] | None = ()
    for one in column:
        assert isinstance(one, Tensor)
        values = None if values is None or one.values is None else values + one.values
    return Tensor((len(column), *like.shape), like.data_type, values)
