"""onnxsim's report: multiply-adds of convolutions, matrix products and ONNX's own attention, biases not counted.

Everything else is zero, recurrent layers, Einsum and ONNX Runtime's own operators among it; the body of a loop counts
once, and of an If both branches. A node whose shape onnx's own inference leaves open counts zero, which cannot be told
from outside. Beside the file as it is, the report has what is left of it after simplification.
"""

from __future__ import annotations

from inception_calc.conventions.of_files import FileConvention, Parts, each_run, sizes_in
from inception_calc.dims import Dim, product
from inception_calc.graph.onnx.words import plain_word
from inception_calc.onnx_graph.model import Step

COUNTED = frozenset(
    ["Conv", "ConvInteger", "ConvTranspose", "Gemm", "MatMul", "MatMulInteger", "QLinearConv", "QLinearMatMul"]
)


def _parts(step: Step) -> Parts:
    ours = each_run(step)
    if step.op_type in COUNTED:
        return {"loops count once": ours - step.multiply_adds} if step.times != 1 else {}
    if step.op_type == "Attention" and not step.domain:
        return {"attention's past": _attention(step) - ours}
    return {f"{plain_word(step.op_type)} counts zero": -step.multiply_adds} if ours != 0 else {}


def _attention(step: Step) -> Dim:
    """The keys of this step, without those of the past."""
    q, k, v = (sizes_in(step, slot) or () for slot in range(3))
    if len(q) == 4:
        return product(q) * k[2] + product(q[:3]) * k[2] * v[3]
    if len(q) != 3:
        return 0
    heads = step.settings.get("kv_num_heads") or 1
    pairs = q[0] * (step.settings.get("q_num_heads") or 1) * q[1] * k[1]
    return pairs * (k[2] // heads) + pairs * (v[2] // heads)


CONVENTION = FileConvention(
    "onnxsim",
    "0.8.1",
    _parts,
    says=(
        "of the file as it is, where onnx's shape inference knows every size: other nodes count zero in onnxsim",
        "of an If both branches count in onnxsim, here one",
    ),
)
