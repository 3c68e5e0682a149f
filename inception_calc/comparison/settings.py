"""What a layer is set to, in the words of a spec, and which of these settings changed."""

from collections.abc import Iterator
from dataclasses import fields
from typing import Any, NamedTuple

from inception_calc.comparison.one_line import told_apart
from inception_calc.dims import Shape, TensorShape, UnknownShape, Window, formula_text
from inception_calc.graph import Graph, Layer
from inception_calc.ops.layer import LayerOp


class Difference(NamedTuple):
    """Settings that changed: `filters`, or `kernel size, filters`, with their texts."""

    field: str
    before: str
    after: str


def settings(op: LayerOp) -> dict[str, str]:
    """Setting -> text: `{"kernel size": "3x3", "stride": "1", ..., "filters": "192"}`."""
    found = {"operator": op.op}
    if (facts := op.facts()) is not None:
        return found | {name: _text(value) for name, value in facts.items()}
    for field in fields(op):  # type: ignore[arg-type]
        value = getattr(op, field.name)
        if field.name == "window":
            found |= dict(_window(value))
        else:
            found[field.name.replace("_", " ")] = _text(value)
    return found


def _window(window: Window | None) -> Iterator[tuple[str, str]]:
    if window is None:
        yield "kernel size", "global"
        return
    yield "kernel size", "x".join(map(_text, window.kernel_size))
    yield "stride", _square(window.stride)
    yield "padding", "same" if window.padding is None else _square(window.padding)
    yield "dilation", _square(window.dilation)
    yield "rounding", "ceil" if window.ceil else "floor"


def _square(values: tuple[Any, ...]) -> str:
    texts = list(map(_text, values))
    return texts[0] if len(set(texts)) == 1 else "x".join(texts)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) or value is None:
        return value or "none"
    if isinstance(value, tuple):
        return f"[{', '.join(map(_text, value))}]"
    try:
        return formula_text(value)
    except (TypeError, AttributeError):
        return str(value)


def map_text(maps: tuple[Shape, ...]) -> str:
    """Channels and the spatial axes of what enters; of several maps, joined by commas."""
    texts = _map_texts(maps)
    return ", ".join(texts) if len(texts) < 5 else f"{len(texts)} maps, {', '.join(texts[:2])}, ..."


def _map_texts(maps: tuple[Shape, ...]) -> list[str]:
    return ["x".join(map(formula_text, x)) for x in maps]


def difference(before: Layer, after: Layer, old: Graph, new: Graph, shared: bool = False) -> Difference | None:
    """What changed about a layer's own settings; `shared`: only those that both name, which say the rest otherwise."""
    if before.op == after.op and before.op.op == after.op.op and not before.holders and not after.holders:
        return None
    was, now = ({**settings(layer.op), **_lent(layer, graph)} for layer, graph in ((before, old), (after, new)))
    told = [key for key in was if key in now] if shared else dict.fromkeys([*was, *now])
    changed = [key for key in told if was.get(key) != now.get(key)]
    if not changed:
        return None
    if changed[0] == "operator":
        return Difference("operator", describe(before, old), describe(after, new))
    pairs = [told_apart(was.get(key, "none"), now.get(key, "none")) for key in changed]
    return Difference(*map(", ".join, (changed, *zip(*pairs, strict=True))))


def _lent(layer: Layer, graph: Graph) -> dict[str, str]:
    """Whose weights a layer uses."""
    lenders = dict.fromkeys(graph.layers[holder].name for holder in layer.holders.values())
    return {"weights of": ", ".join(lenders)} if lenders else {}


def input_difference(before: Layer, after: Layer, old: Graph, new: Graph) -> Difference | None:
    """What changed about the maps that enter a layer."""
    entered, enters = old.inputs_of(before), new.inputs_of(after)
    if entered == enters:
        return None
    has_roles = not any(isinstance(x, TensorShape) for x in (*entered, *enters))
    if has_roles and len(entered) == 1 and [x.sides for x in entered] == [x.sides for x in enters]:
        return Difference("input channels", formula_text(entered[0].channels), formula_text(enters[0].channels))
    texts = map_text(entered), map_text(enters)
    if texts[0] == texts[1]:  # they differ in what is left out of both
        texts = told_apart(*(", ".join(_map_texts(maps)) for maps in (entered, enters)))
    return Difference("input", *texts)


def describe(layer: Layer, graph: Graph) -> str:
    """`convolution 3x3/1, 192 channels out`, for layers that stand on one side only."""
    patch = layer.op.patch(graph.map_of(layer.inputs[0])) if layer.inputs else ""
    words = f"{layer.op.op} {patch}".strip()
    if isinstance(layer.output, TensorShape):
        return words if isinstance(layer.output, UnknownShape) else f"{words}, {map_text((layer.output,))} out"
    return f"{words}, {formula_text(layer.output.channels)} channels out"
