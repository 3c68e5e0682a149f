"""A model, walked node by node without being run: every value as far as it can be known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from inception_calc.dims import Dim, formula_text
from inception_calc.onnx_file.messages import Function, Graph, Model, Node, ValueInfo
from inception_calc.onnx_graph import control
from inception_calc.onnx_graph.convert import constant, settings_of, sparse_constant, typed
from inception_calc.onnx_graph.env import Env
from inception_calc.onnx_graph.model import Walked
from inception_calc.onnx_graph.order import in_order
from inception_calc.onnx_graph.place import Place, PlacedFault, Site
from inception_calc.onnx_graph.walking import Walking
from inception_calc.onnx_ops.kind import Call, Kind, Unresolved
from inception_calc.onnx_ops.register import OWN_DOMAIN, find
from inception_calc.onnx_ops.told import Told, operator_text
from inception_calc.onnx_ops.value import Outputs, Tensor, Unknown, Value
from inception_calc.primitives.primitive import must_make_sense
from inception_calc.problems import Fault, InputError, Problem, Undecided, listed, nearest

MOST_VISITS = 100_000
"""Nodes visited in functions, branches and loops beyond four times those of the file: hostile ones double for ever."""
LARGEST_SIZE = 1 << 63
DEEPEST = 64
"""Functions and graphs inside each other."""


def walk(
    model: Model,
    name: str,
    inputs: Mapping[str, Value] | None = None,
    bound: Mapping[str, Dim] | None = None,
    told: Iterable[Told] = (),
) -> Walked:
    """What can be known of the model called `name` without running it.

    `inputs` gives values for some inputs, `bound` numbers, or other symbols, for free dimensions. Raises `InputError`
    where the model makes no sense, with the node. `told` are operators that are counted as a user says.
    """
    return Walker(model, name, dict(bound or {}), told).run(dict(inputs or {}))


class Walker(Walking):
    """One walk: which node comes when, and what flows into it."""

    def __init__(self, model: Model, name: str, bound: dict[str, Dim], told: Iterable[Told] = ()) -> None:
        super().__init__(bound)
        self.model = model
        self.name = name
        self.visits = 0
        self.most_visits = MOST_VISITS + 4 * len(model.graph.nodes)
        self.told = {(one.domain, one.name): one for one in told}
        self.met: set[tuple[str, str]] = set()
        """Operators that no declaration of ours counts."""
        self.functions: dict[tuple[str, str, str], Function] = {
            (_own(function.domain), function.name, function.overload): function for function in model.functions
        }

    def run(self, given: dict[str, Value]) -> Walked:
        """The whole model."""
        graph = self.model.graph
        opsets = {_own(domain): version for domain, version in self.model.opsets}
        opsets.setdefault("", 1)
        place = Place((), opsets, {})
        constants = {tensor.name for tensor in graph.initializers}
        env = Env()
        for info in graph.inputs:
            if info.name in given or info.name not in constants:
                declared = typed(
                    info.type, self._sizes(info.name)
                )  # a size that is given is known by name all the same
                env[info.name] = given.get(info.name, declared)
        inputs = dict(env)
        self._check(given, "input", "input", [info.name for info in graph.inputs])
        try:
            self.graph(graph, env, place)
            outputs = {info.name: self._output(info, env) for info in graph.outputs}
        except Fault as fault:
            what = f"{self.name}: {fault.what}"
            raise InputError(Problem(fault.code, what, None, fault.fix)) from None
        self._note_unmet()
        if unused := self.names.unused():
            self._check(
                [unused], "size", "free size", self.names.known(), "; its other sizes are constants of the file"
            )
        return Walked(
            dict(inputs),
            dict(outputs),
            tuple(self.steps),
            self.origins.table,
            tuple(self.gaps),
            tuple(self.assumptions),
            self.names.originals,
        )

    def _check(self, names: Iterable[str], code: str, what: str, known: list[str], rest: str = "") -> None:
        """Raises `InputError` for a name that the model does not have."""
        for name in names:
            if name not in known:
                fix = nearest(name, known) or (f"it has {listed(known)}{rest}" if known else f"it has no {what}{rest}")
                raise InputError(Problem(f"unknown-{code}", f"{self.name} has no {what} called '{name}'", None, fix))

    def _note_unmet(self) -> None:
        """Says which operators were told in vain: with several models, one of them may have none."""
        for key, told in self.told.items():
            if key not in self.met:
                near = nearest(operator_text(*key), (operator_text(*other) for other in self.met))
                hint = f"; {near}" if near else ""
                self.assumptions[f"{told.words}, but no node is a {operator_text(*key)}{hint}"] = None

    def _sizes(self, value: str) -> Any:
        return lambda axis, dimension: self.names.size(value, axis, dimension)

    def _output(self, info: ValueInfo, env: Env) -> Value:
        if info.name not in env:
            raise Fault("missing-value", f"nothing makes the output '{info.name}'", fix="export the model again")
        return env[info.name]

    # graphs

    def graph(self, graph: Graph, env: Env, place: Place) -> None:
        """All nodes of a graph; their outputs are added to `env`, which has the values from outside already."""
        if place.depth > DEEPEST:
            raise Fault("too-deep", f"graphs and functions lie in each other {DEEPEST} deep: does one call itself?")
        for tensor in graph.initializers:
            if tensor.name not in env or place.path:
                origin = self.origins.add(place.scope + tensor.name, tensor)
                env[tensor.name] = constant(tensor, origin)
        for sparse in graph.sparse_initializers:
            origin = self.origins.add(place.scope + sparse.values.name, sparse.values)
            env[sparse.values.name] = sparse_constant(sparse, origin)
        infos = {info.name: info for info in graph.value_info}
        infos |= {info.name: info for info in graph.outputs if info.name not in infos}
        self.nodes(graph.nodes, env, place, infos)

    def nodes(self, nodes: tuple[Node, ...], env: Env, place: Place, infos: Mapping[str, ValueInfo]) -> None:
        """Nodes in an order in which inputs come first."""
        made: dict[str, int] = {}
        for number, node in in_order(nodes):
            self.visits += 1
            if self.visits > self.most_visits:
                raise Fault("too-large", f"the model visits more than {self.most_visits:,} nodes: do functions double?")
            site = Site(number, node, place)
            try:
                outputs = self._outputs(site, env, infos)
            except PlacedFault:
                raise
            except Fault as fault:
                raise PlacedFault(site, fault) from None
            except (ArithmeticError, LookupError, TypeError, ValueError) as error:
                what = f"the inputs do not fit the operator ({error})"
                raise PlacedFault(site, Fault("shapes", what, fix="export the model again")) from error
            for name, value in zip(node.outputs, outputs, strict=False):
                if name and name in made:
                    raise Fault("duplicate-name", f"nodes {made[name]} and {number} both make '{name}'")
                if name and dict.__contains__(env, name):
                    raise Fault("duplicate-name", f"node {number} makes '{name}', which is an input or a constant")
                if name:
                    made[name] = number
                    env[name] = value

    def _outputs(self, site: Site, env: Env, infos: Mapping[str, ValueInfo]) -> Outputs:
        node = site.node
        inputs = tuple(_input(name, env) for name in node.inputs)
        domain = _own(node.domain)
        told = self.told.get((domain, node.op_type))
        if told is not None:
            self.met.add((domain, node.op_type))
            self.assumptions[told.words] = None
            meant = told.kind(site.place.opsets, lambda: self._declared(node, infos))
            return self.operator(site, meant, inputs, infos)
        function = self.functions.get((domain, node.op_type, node.overload))
        if function is not None:
            return self.function(site, function, inputs)
        if domain == "" and node.op_type in control.WALKS:
            return control.WALKS[node.op_type](self, site, inputs, env)
        kind = find(domain, node.op_type, site.place.opsets.get(domain, 1))
        return self._unknown(site, inputs, infos) if kind is None else self.operator(site, kind, inputs, infos)

    def operator(self, site: Site, kind: Kind, inputs: Outputs, infos: Mapping[str, ValueInfo]) -> Outputs:
        """One use of an operator that is declared."""
        node, scope = site.node, site.place.scope
        call = Call(site.label, settings_of(kind, site.attributes()), inputs, len(node.outputs), self.names.unknown)
        try:
            outputs = kind.rule(call)
            primitives = kind.cost(call, outputs)
        except Undecided as stop:
            where = f"{self.name}: {site.described}"
            raise Undecided(*(p._replace(what=f"{where}: {p.what}") for p in stop.problems)) from None
        except Unresolved:
            follows = any(isinstance(value, Unknown) for value in inputs)
            self.gap(site, f"the output's shape of {node.op_type} depends on what is not known", follows)
            outputs, primitives = self._declared(node, infos), ()
        self.fresh += call.made
        self._note(site, call)
        check_sizes(outputs)
        must_make_sense(primitives)
        outputs = self.origins.carried(kind, node, inputs, outputs, scope)
        self.origins.use(kind, call, node, inputs, scope)
        held = self.origins.hold(kind, call, f"{scope}{site.alone}") if kind.held else ()
        self.step(site, inputs, outputs, primitives, kind, call.settings, held)
        return outputs

    def _note(self, site: Site, call: Call) -> None:
        """What the operator's rule took for granted."""
        for what in call.assumed:
            self.assume(site, what)
        for first, second in dict.fromkeys(call.undecided):
            pair = f"{formula_text(first)} and {formula_text(second)}"
            self.assume(site, f"{pair} are broadcast: they are equal, or one is 1")

    def _unknown(self, site: Site, inputs: Outputs, infos: Mapping[str, ValueInfo]) -> Outputs:
        node = site.node
        self.met.add((_own(node.domain), node.op_type))
        name = f"{node.domain}::{node.op_type}" if node.domain else node.op_type
        version = site.place.opsets.get(_own(node.domain), 1)
        self.gap(site, f"the operator {name} of opset {version} is not known")
        outputs = self._declared(node, infos)
        self.step(site, inputs, outputs)
        return outputs

    def _declared(self, node: Node, infos: Mapping[str, ValueInfo]) -> Outputs:
        """Outputs as the file declares them, for want of something better."""
        return tuple(
            typed(infos[name].type, self._sizes(name)) if name in infos else Unknown() for name in node.outputs
        )

    # functions

    def function(self, site: Site, function: Function, inputs: Outputs) -> Outputs:
        """The body of a function of the file, with the node's inputs and attributes."""
        place = site.place
        if place.depth > DEEPEST:
            raise Fault("too-deep", f"graphs and functions lie in each other {DEEPEST} deep: does one call itself?")
        attributes = {attribute.name: attribute for attribute in function.defaults} | site.attributes()
        opsets = {_own(domain): version for domain, version in function.opsets} or place.opsets
        scope = f"{function.domain}::{function.name}/"
        inner = Place((*place.path, site.own_name), opsets, attributes, place.times, scope, place.depth + 1)
        env = Env()
        env.update(dict.fromkeys(function.inputs))
        env.update(zip(function.inputs, inputs, strict=False))
        self.nodes(function.nodes, env, inner, {info.name: info for info in function.value_info})
        missing = [name for name in function.outputs if name not in env]
        if missing:
            raise Fault("missing-value", f"nothing in the function {function.name} makes '{missing[0]}'")
        return tuple(env[name] for name in function.outputs)


def check_sizes(outputs: Outputs) -> None:
    """A `Fault` for sizes that no tensor can have."""
    for value in outputs:
        if isinstance(value, Tensor):
            for size in value.shape:
                if isinstance(size, int) and not 0 <= size < LARGEST_SIZE:
                    what = f"an axis of {size}" if size < 0 else f"an axis of more than {LARGEST_SIZE - 1:,}"
                    raise Fault(
                        "wrong-size", f"the output would have {what} elements", fix="give the inputs other sizes"
                    )


def _own(domain: str) -> str:
    return "" if domain in OWN_DOMAIN else domain


def _input(name: str, env: Env) -> Value:
    if not name:
        return None
    if name not in env:
        raise Fault("missing-value", f"nothing makes the input '{name}'", fix="export the model again")
    return env[name]
