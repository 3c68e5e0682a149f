"""ONNX Runtime sessions on hollow models: one provider that really runs, one place for options. Needs onnxruntime."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from inception_calc.onnx_export.arrays import Floats
from inception_calc.onnx_export.model import build_model
from inception_calc.onnx_export.plan import Plan, PlannedArray
from inception_calc.onnx_run.profile import NodeRun, read_profile
from inception_calc.problems import InputError, MissingExtra, Problem, Undecided

PROVIDERS = {"cpu": "CPUExecutionProvider", "cuda": "CUDAExecutionProvider"}
"""`--provider` -> ONNX Runtime's name."""
ONLY_ERRORS = 3
"""ONNX Runtime's log level: no warnings on standard error, they are not the user's."""


def require_onnxruntime() -> Any:
    """The onnxruntime package, or `MissingExtra`; it tells nobody what it runs."""
    # Official builds from 1.29 on report sessions to their makers over the network, keep a device id in the home
    # directory and a file beside the temporary ones (onnxruntime/Privacy.md). Read when the package is first imported.
    os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
    try:
        import numpy  # noqa: F401 - asked for here, so that one message names the extra
        import onnx  # noqa: F401
        import onnxruntime
    except ImportError:
        raise MissingExtra(
            Problem(
                "missing-extra",
                "this needs onnx, onnxruntime and numpy, which are not all installed",
                None,
                "pip install 'inception-calc[run]'",
                ("for CUDA [run-gpu] instead: never both in one environment",),
            )
        ) from None
    return onnxruntime


@dataclass(frozen=True, slots=True)
class Options:
    """How a session runs."""

    provider: str = "cpu"
    threads: int = 1
    optimized: bool = True


class Session:
    """A plan, loaded and ready to run. `profiled()` runs it with the profile on."""

    def __init__(self, inner: Any, plan: Plan, options: Options) -> None:
        self.inner = inner
        self.plan = plan
        self.options = options

    def run(self, feeds: dict[str, Floats]) -> list[Floats]:
        """The outputs for some inputs."""
        outputs: list[Floats] = self.inner.run(None, feeds)
        return outputs


def open_session(
    plan: Plan, options: Options, array_of: Callable[[PlannedArray], Floats], profile: Path | None = None
) -> Session:
    """A session on a hollow model, its arrays given one by one.

    `array_of` makes each array; ONNX Runtime takes its own copy before the next is made, so a network's weights
    are in memory once. Raises `Undecided` where another provider would run than was asked for.
    """
    runtime = require_onnxruntime()
    if PROVIDERS[options.provider] not in runtime.get_available_providers():
        raise MissingExtra(
            Problem(
                "missing-extra",
                f"this ONNX Runtime has no {PROVIDERS[options.provider]}",
                None,
                "pip install 'inception-calc[run-gpu]'",
                ("in an environment of its own: never beside onnxruntime",),
            )
        )
    settings = runtime.SessionOptions()
    settings.log_severity_level = ONLY_ERRORS
    settings.intra_op_num_threads = options.threads
    settings.inter_op_num_threads = 1
    levels = runtime.GraphOptimizationLevel
    settings.graph_optimization_level = levels.ORT_ENABLE_ALL if options.optimized else levels.ORT_DISABLE_ALL
    if not options.optimized:  # else kernels repack their weights and the profile no longer shows their shapes
        settings.add_session_config_entry("session.disable_prepacking", "1")
    if profile is not None:
        settings.enable_profiling = True
        settings.profile_file_prefix = str(profile)
    names = [planned.name for planned in plan.arrays]
    values = [runtime.OrtValue.ortvalue_from_numpy(array_of(planned)) for planned in plan.arrays]
    settings.add_external_initializers(names, values)
    model = build_model(plan, "hollow").SerializeToString()
    try:
        inner = runtime.InferenceSession(model, settings, providers=providers_of(options.provider))
    except Exception as error:
        if type(error).__module__.startswith("onnxruntime"):
            what = f"ONNX Runtime refuses the graph: {str(error).strip()[:300]}"
            raise InputError(
                Problem("refused-model", what, None, "inception-calc export writes it to look at")
            ) from None
        raise
    check_provider(options.provider, inner.get_providers())
    return Session(inner, plan, options)


def providers_of(provider: str) -> list[Any]:
    """What ONNX Runtime is asked for; on a GPU without TF32, whose roof would be another."""
    if provider == "cuda":
        return [(PROVIDERS["cuda"], {"use_tf32": "0"})]
    return [PROVIDERS[provider]]


def check_provider(asked: str, got: list[str]) -> None:
    """Raises `Undecided` where the session fell back to another provider, which ONNX Runtime does silently."""
    if not got or got[0] != PROVIDERS[asked]:
        ran = got[0] if got else "nothing"
        raise Undecided(
            Problem(
                "other-provider",
                f"{PROVIDERS[asked]} was asked for and {ran} would run: its times are not those of {asked}",
                None,
                "install what the provider needs (inception-calc[run-gpu] and CUDA's libraries), or use --provider cpu",
            )
        )


def check_nodes(asked: str, runs: list[list[NodeRun]]) -> None:
    """Raises `Undecided` where single nodes ran on another provider than was asked for."""
    others = sorted({run.provider for runs_of_round in runs for run in runs_of_round} - {PROVIDERS[asked]})
    if others:
        count = sum(run.provider in others for run in runs[0])
        raise Undecided(
            Problem(
                "other-provider",
                f"{count} nodes ran on {', '.join(others)}, not on {PROVIDERS[asked]}: the total would mix two devices",
                None,
                "use --provider cpu, or export the graph and look for the nodes",
            )
        )


@contextmanager
def profiled_session(
    plan: Plan, options: Options, array_of: Callable[[PlannedArray], Floats]
) -> Iterator[tuple[Session, Callable[[], list[list[NodeRun]]]]]:
    """A session with the profile on, and a function that ends it and gives the nodes of each run.

    The profile's file lives in a directory of its own, which goes whatever happens.
    """
    with TemporaryDirectory(prefix="inception-calc-") as folder:
        session = open_session(plan, options, array_of, Path(folder) / "profile")
        ended = False

        def runs() -> list[list[NodeRun]]:
            nonlocal ended
            ended = True
            return read_profile(Path(session.inner.end_profiling()))

        try:
            yield session, runs
        finally:
            if not ended:
                session.inner.end_profiling()


def feeds_of(plan: Plan, seed: int | None = 0) -> dict[str, Floats]:
    """Inputs of the plan's sizes: seeded normal numbers, or ones for None."""
    import numpy as np

    generator = np.random.default_rng(seed)
    return {
        name: np.ones(plan.shapes[name], np.float32)
        if seed is None
        else generator.standard_normal(plan.shapes[name], dtype=np.float32)
        for name in plan.inputs
    }


def environment(options: Options) -> Mapping[str, str | int]:
    """The machine and the versions, as measured results keep them."""
    import platform

    runtime = require_onnxruntime()
    import numpy
    import onnx

    return {
        "machine": processor(),
        **({"gpu": graphics_processor()} if options.provider == "cuda" else {}),
        "system": f"{platform.system()} {platform.machine()}",
        "threads": options.threads,
        "python": platform.python_version(),
        "onnx": onnx.__version__,
        "onnxruntime": runtime.__version__,
        "numpy": numpy.__version__,
    }


def processor() -> str:
    """The processor's name, as far as the system tells it."""
    import platform

    return _fact(Path("/proc/cpuinfo"), "model name") or platform.processor() or platform.machine()


def graphics_processor(gpus: Path = Path("/proc/driver/nvidia/gpus")) -> str:
    """The name of the GPU that CUDA calls 0, as its driver tells it."""
    found = [_fact(facts, "Model") for facts in sorted(gpus.glob("*/information"))]
    return found[0] if found and found[0] else "unknown"


def _fact(path: Path, wanted: str) -> str:
    """What a file of `key : value` lines says first of a key; empty where it says nothing."""
    if path.is_file():
        for line in path.read_text(errors="replace").splitlines():
            key, _, value = line.partition(":")
            if key.strip() == wanted:
                return value.strip()
    return ""
