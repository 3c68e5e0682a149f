"""A provider that is not the one asked for is refused. Stand-ins test the refusal; no figure comes from them."""

from __future__ import annotations

import subprocess
import sys

import pytest

from inception_calc.onnx_export.arrays import random_array
from inception_calc.onnx_export.plan import plan
from inception_calc.onnx_run import gpu, runtime
from inception_calc.onnx_run.machine import environment
from inception_calc.onnx_run.profile import NodeRun
from inception_calc.onnx_run.runtime import Options, check_nodes, check_provider, open_session, providers_of
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

    def preload_dlls(self) -> None:
        print("Failed to load libcublas.so.13: no such file")

    def InferenceSession(self, model, settings, providers, **more):  # noqa: N802 - the runtime's name
        assert providers[0][0] == CUDA
        return self.real.InferenceSession(model, self.settings_for_the_cpu(), providers=[CPU], **more)

    def settings_for_the_cpu(self):
        """The arrays are external data: without them no session opens."""
        settings = self.real.SessionOptions()
        settings.add_external_initializers(*self.given)
        return settings

    def SessionOptions(self):  # noqa: N802 - the runtime's name
        return Recording(self)


class Recording:
    """Options of a session: they keep what was given, and what must be refused."""

    def __init__(self, stand_in: StandIn) -> None:
        self.stand_in, self.entries = stand_in, {}
        stand_in.settings = self

    def add_session_config_entry(self, key: str, value: str) -> None:
        self.entries[key] = value

    def add_external_initializers(self, names, values) -> None:
        self.stand_in.given = names, values


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
    assert caught.value.problems[0].notes == ("Failed to load libcublas.so.13: no such file",)
    assert stand_in.settings.entries["session.disable_cpu_ep_fallback"] == "1"


def test_a_session_that_would_give_a_node_to_the_cpu_is_refused(monkeypatch):
    """As ONNX Runtime 1.31 says it; the words are read off a real onnxruntime-gpu without CUDA's libraries."""
    real = runtime.require_onnxruntime()

    class Strict(StandIn):
        def InferenceSession(self, model, settings, providers, **more):  # noqa: N802 - the runtime's name
            said = "This session contains graph nodes that are assigned to the default CPU EP, but "
            said += "fallback to CPU EP has been explicitly disabled by the user."
            raise real.capi.onnxruntime_pybind11_state.Fail(said)

    monkeypatch.setattr(runtime, "require_onnxruntime", lambda: Strict(real))
    with pytest.raises(Undecided, match=CPU):
        opened("cuda")


@pytest.mark.parametrize("batch", [10**5, 10**9], ids=["in the runtime", "in numpy"])
def test_too_little_memory_is_no_bug(batch: int):
    """As `ulimit -v` holds a process to a gigabyte and a half; a network of any size may meet a machine so."""
    import resource

    bound = 1_500 * 2**20
    result = subprocess.run(
        [sys.executable, "-m", "inception_calc", "validate", "lenet5", "--exact", "--batch", str(batch)],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (bound, bound)),
    )
    assert (result.returncode, result.stdout) == (3, "")
    assert "error[could-not-run]" in result.stderr
    assert "--batch" in result.stderr


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


class Driver:
    """CUDA's driver as its documentation has it: results through pointers, a status returned."""

    def __init__(self, status: int = 0) -> None:
        self.status = status

    def cuInit(self, flags: int) -> int:  # noqa: N802 - the driver's name
        return self.status

    def cuDeviceGet(self, device, ordinal: int) -> int:  # noqa: N802 - the driver's name
        return 0

    def cuDeviceGetName(self, name, length: int, device) -> int:  # noqa: N802 - the driver's name
        name.value = b"NVIDIA H100"
        return 0

    def cuDriverGetVersion(self, version) -> int:  # noqa: N802 - the driver's name
        version._obj.value = 13020
        return 0

    def cuCtxSynchronize(self) -> int:  # noqa: N802 - the driver's name
        return self.status

    def cudnnGetVersion(self) -> int:  # noqa: N802 - cuDNN's name
        return 91900


def test_a_gpu_has_a_name_and_versions(tmp_path, monkeypatch):
    (tmp_path / "version").write_text("580.159.04\n")
    monkeypatch.setattr(gpu, "_library", lambda name: Driver())
    facts = {"gpu": "NVIDIA H100", "driver": "580.159.04", "cuda": "13.2", "cudnn": "9.19.0"}
    assert gpu.gpu_facts(tmp_path / "version") == facts
    monkeypatch.setattr(gpu, "_library", lambda name: Driver(100))
    assert gpu.gpu_facts(tmp_path / "none")["gpu"] == "unknown"


def test_a_machine_without_a_gpu_says_nothing_of_one(tmp_path, monkeypatch):
    def missing(name: str):
        raise OSError(name)

    monkeypatch.setattr(gpu, "_library", missing)
    assert gpu.gpu_facts(tmp_path / "none") == {"gpu": "unknown"}
    assert not {"gpu", "cuda"} & environment(Options()).keys()


def test_an_error_of_the_gpu_is_no_time(monkeypatch):
    """A kernel that failed is quick."""
    monkeypatch.setattr(gpu, "_library", lambda name: Driver())
    gpu.wait()
    monkeypatch.setattr(gpu, "_library", lambda name: Driver(700))
    with pytest.raises(Undecided, match="error 700"):
        gpu.wait()


def test_a_gpu_computes_in_full_float32():
    for optimized in (True, False):
        ((name, options),) = providers_of(Options("cuda", optimized=optimized))
        assert (name, options["use_tf32"]) == (CUDA, "0")
