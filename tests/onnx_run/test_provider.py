"""A provider that is not the one asked for is refused. Stand-ins test the refusal; no figure comes from them."""

from __future__ import annotations

import pytest

pytest.importorskip("onnxruntime")

from inception_calc.onnx_export.arrays import random_array
from inception_calc.onnx_export.plan import plan
from inception_calc.onnx_run import runtime
from inception_calc.onnx_run.profile import NodeRun
from inception_calc.onnx_run.runtime import (
    Options,
    check_nodes,
    check_provider,
    environment,
    graphics_processor,
    open_session,
    providers_of,
)
from inception_calc.problems import MissingExtra, Undecided
from tests.helpers import rows

CPU, CUDA = "CPUExecutionProvider", "CUDAExecutionProvider"


def node(provider: str) -> NodeRun:
    return NodeRun("conv1", "Conv", 10, (), (), provider)


class StandIn:
    """ONNX Runtime as it is where CUDA is listed and its libraries are missing: sessions run on the CPU, silently."""

    def __init__(self, real) -> None:
        self.real = real

    def __getattr__(self, name: str):
        return getattr(self.real, name)

    def get_available_providers(self) -> list[str]:
        return [CUDA, CPU]

    def InferenceSession(self, model, settings, providers):  # noqa: N802 - the runtime's name
        assert providers == [(CUDA, {"use_tf32": "0"})]
        return self.real.InferenceSession(model, settings, providers=[CPU])


def opened(provider: str):
    planned = plan(rows("rows: {c: {convolution: 1x1, filters: 2}}"))
    return open_session(planned, Options(provider), lambda array: random_array(array, 0))


def test_a_runtime_without_cuda_names_the_extra():
    real = runtime.require_onnxruntime()
    if CUDA in real.get_available_providers():
        pytest.skip("this runtime has CUDA")
    with pytest.raises(MissingExtra) as caught:
        opened("cuda")
    assert "run-gpu" in caught.value.problems[0].fix


def test_a_session_that_fell_back_to_the_cpu_is_refused(monkeypatch):
    stand_in = StandIn(runtime.require_onnxruntime())
    monkeypatch.setattr(runtime, "require_onnxruntime", lambda: stand_in)
    with pytest.raises(Undecided, match=CPU) as caught:
        opened("cuda")
    assert caught.value.exit_code == 3


def test_what_runs_where_it_was_asked_to_is_let_through():
    check_provider("cuda", [CUDA, CPU])
    check_provider("cpu", [CPU])
    check_nodes("cuda", [[node(CUDA), node(CUDA)]])


def test_single_nodes_on_the_cpu_are_refused():
    with pytest.raises(Undecided, match="1 nodes ran on CPUExecutionProvider"):
        check_nodes("cuda", [[node(CUDA), node(CPU)]])


def test_a_session_without_any_provider_is_refused():
    with pytest.raises(Undecided, match="nothing"):
        check_provider("cpu", [])


def test_a_gpu_has_a_name(tmp_path):
    """As NVIDIA's driver writes it."""
    assert graphics_processor(tmp_path) == "unknown"
    (tmp_path / "0000:01:00.0").mkdir()
    text = "Model: \t\t NVIDIA H200\nIRQ:   \t\t 100\nGPU UUID: \t GPU-1\n"
    (tmp_path / "0000:01:00.0" / "information").write_text(text)
    assert graphics_processor(tmp_path) == "NVIDIA H200"
    assert "gpu" not in environment(Options())
    assert "gpu" in environment(Options("cuda"))


def test_a_gpu_computes_in_full_float32():
    assert providers_of("cuda") == [(CUDA, {"use_tf32": "0"})]
