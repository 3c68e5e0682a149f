"""Plan -> ONNX model, checked. Needs onnx."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from inception_calc import __version__
from inception_calc.dims import formula_text
from inception_calc.files.whole import whole_file
from inception_calc.onnx_export.arrays import constant_value, random_array
from inception_calc.onnx_export.plan import Plan, PlannedArray, PlannedNode
from inception_calc.problems import InputError, MissingExtra, Problem

if TYPE_CHECKING:
    from onnx import ModelProto, NodeProto, TensorProto, ValueInfoProto

OPSET = 21
RUN_OPSET = 18
"""What is run: ONNX Runtime's GPU kernels follow new definitions of operators late (average pooling's of opset 19), and
these differ in nothing that is used here."""
IR_VERSION = 10
"""The first that keeps metadata of nodes."""
LARGEST_INSIDE = 64 * 2**20
"""Bytes of random weights that still go into the model's own file."""
HOLLOW_DATA = "given-at-run-time.data"
"""Where a hollow model says that its arrays are: a file that does not exist."""

Weights = Literal["constant", "random", "hollow"]
WEIGHTS: tuple[Weights, ...] = ("constant", "random", "hollow")


def require_onnx() -> Any:
    """The onnx package, or `MissingExtra`."""
    try:
        import onnx
    except ImportError:
        raise MissingExtra(
            Problem(
                "missing-extra",
                "this needs the onnx package, which is not installed",
                None,
                "pip install 'inception-calc[onnx]'",
            )
        ) from None
    return onnx


def build_model(plan: Plan, weights: Weights = "constant", seed: int = 0, data_file: str = "") -> ModelProto:
    """The model in float32. With `data_file`, random arrays are only named there; `write_model` writes them."""
    return _built(plan, weights, seed, data_file, _FLOAT, OPSET)


def build_hollow(plan: Plan, dtype: str = "fp32") -> ModelProto:
    """The model as it is run: without arrays, in any of `ELEMENT_TYPES`, at the opset whose kernels GPUs have."""
    return _built(plan, "hollow", 0, "", ELEMENT_TYPES[dtype], RUN_OPSET)


def _built(plan: Plan, weights: Weights, seed: int, data_file: str, element: int, opset: int) -> ModelProto:
    onnx = require_onnx()
    helper = onnx.helper
    before: list[NodeProto] = []
    initializers = [_constant(helper, constant, element) for constant in plan.constants]
    offset = 0
    for planned in plan.arrays:
        if weights == "constant":
            initializers.append(_shape_of(helper, planned))
            before.append(_constant_node(helper, planned))
        elif weights == "hollow" or data_file:
            initializers.append(_external(onnx, planned, data_file or HOLLOW_DATA, offset, element))
            offset += _bytes(planned, element)
        else:
            initializers.append(onnx.numpy_helper.from_array(random_array(planned, seed), planned.name))
    graph = helper.make_graph(
        [*before, *(_node(helper, node, plan) for node in plan.nodes)],
        plan.name,
        [_value(helper, plan, name, element) for name in plan.inputs],
        [_value(helper, plan, name, element) for name in plan.outputs],
        initializers,
        value_info=[
            _value(helper, plan, node.name, element)
            for node in plan.nodes
            if node.is_result
            and node.name not in plan.outputs
            and all(isinstance(n, int) for n in plan.shapes[node.name])
        ],
    )
    model: ModelProto = helper.make_model(
        graph,
        producer_name="inception-calc",
        producer_version=__version__,
        opset_imports=[helper.make_opsetid("", opset)],
        ir_version=IR_VERSION,
    )
    helper.set_model_props(model, {f"inception_calc.{key}": value for key, value in plan.facts.items()})
    return model


def check_model(model: ModelProto) -> ModelProto:
    """The model after onnx's full checker and strict shape inference; `InputError` with what they say."""
    onnx = require_onnx()
    try:
        onnx.checker.check_model(model, full_check=True)
        inferred: ModelProto = onnx.shape_inference.infer_shapes(
            model, check_type=True, strict_mode=True, data_prop=True
        )
    except (onnx.checker.ValidationError, onnx.shape_inference.InferenceError) as error:
        raise InputError(Problem("invalid-model", f"onnx refuses the graph: {str(error).strip()[:400]}")) from None
    return inferred


def write_model(plan: Plan, path: Path, weights: Weights, seed: int) -> list[Path]:
    """Checks and writes the model, with `NAME.data` beside it where random weights are large; the files written.

    Either all of it is written or nothing; raises `InputError` where the files cannot be.
    """
    large = weights == "random" and plan.array_bytes > LARGEST_INSIDE
    data = path.with_name(path.name + ".data") if large else None
    # The graph is the same whatever fills the arrays; checked with constants, it needs neither them nor a file.
    model = build_model(plan, "constant" if weights == "hollow" or large else weights, seed)
    check_model(model)
    if weights == "hollow" or large:
        model = build_model(plan, weights, seed, data.name if data else "")
    with whole_file(path) as file:
        file.write(model.SerializeToString(deterministic=True))
        file.flush()
        if data is None:
            return [path]
        with whole_file(data) as numbers:
            for planned in plan.arrays:
                numbers.write(random_array(planned, seed).data)
    return [path, data]


# ---------------------------------------------------------------------------------------------------------------------
# Parts of the model


def _value(helper: Any, plan: Plan, name: str, element: int) -> ValueInfoProto:
    """A value's type; a free symbol is a named dimension, a formula of symbols bears its text."""
    sides = [side if isinstance(side, int) else formula_text(side) for side in plan.shapes[name]]
    value: ValueInfoProto = helper.make_tensor_value_info(name, element, sides)
    return value


def _node(helper: Any, node: PlannedNode, plan: Plan) -> NodeProto:
    attributes = {key: list(value) if isinstance(value, tuple) else value for key, value in node.attributes.items()}
    made: NodeProto = helper.make_node(node.op_type, list(node.inputs), [node.name], name=node.name, **attributes)
    if node.is_result and node.layer >= 0:
        for key, text in plan.layer_facts[node.layer].items():
            entry = made.metadata_props.add()
            entry.key, entry.value = f"inception_calc.{key}", text
    return made


def _constant(helper: Any, constant: Any, element: int) -> TensorProto:
    kind = element if isinstance(constant.values[0], float) else _INT64
    shape = (len(constant.values),) if constant.shape is None else constant.shape
    tensor: TensorProto = helper.make_tensor(constant.name, kind, shape, constant.values)
    return tensor


def _shape_of(helper: Any, planned: PlannedArray) -> TensorProto:
    shape = planned.array.shape
    tensor: TensorProto = helper.make_tensor(_shape_name(planned), _INT64, (len(shape),), shape)
    return tensor


def _shape_name(planned: PlannedArray) -> str:
    return f"{planned.name}/shape of constant"


def _constant_node(helper: Any, planned: PlannedArray) -> NodeProto:
    value = helper.make_tensor("value", _FLOAT, (1,), (constant_value(planned),))
    node: NodeProto = helper.make_node(
        "ConstantOfShape", [_shape_name(planned)], [planned.name], name=planned.name, value=value
    )
    return node


def _bytes(planned: PlannedArray, element: int) -> int:
    return planned.bytes if element == _FLOAT else planned.bytes // 2


def _external(onnx: Any, planned: PlannedArray, location: str, offset: int, element: int) -> TensorProto:
    tensor: TensorProto = onnx.TensorProto(name=planned.name, data_type=element, dims=planned.array.shape)
    tensor.data_location = onnx.TensorProto.EXTERNAL
    for key, text in (("location", location), ("offset", str(offset)), ("length", str(_bytes(planned, element)))):
        entry = tensor.external_data.add()
        entry.key, entry.value = key, text
    return tensor


_FLOAT, _INT64, _FLOAT16 = 1, 7, 10
"""TensorProto's numbers of types, which the format fixes."""
ELEMENT_TYPES = {"fp32": _FLOAT, "fp16": _FLOAT16}
"""What a network can be run in."""
