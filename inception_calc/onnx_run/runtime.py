"""ONNX Runtime sessions on hollow models: one provider that really runs, one place for options. Needs onnxruntime."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import prod
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from inception_calc.onnx_export.arrays import Floats
from inception_calc.onnx_export.model import build_hollow
from inception_calc.onnx_export.plan import Plan, PlannedArray
from inception_calc.onnx_run import gpu
from inception_calc.onnx_run.profile import NodeRun, profiled
from inception_calc.problems import InputError, MissingExtra, Problem, Undecided

PROVIDERS = {"cpu": "CPUExecutionProvider", "cuda": "CUDAExecutionProvider"}
"""`--provider` -> ONNX Runtime's name."""
ONLY_ERRORS, NOTHING = 3, 4
"""ONNX Runtime's log levels: no warnings on standard error, they are not the user's; nothing that we say ourselves."""
FALLBACK = "fallback to CPU EP has been explicitly disabled"
"""What ONNX Runtime says where a node would run on the CPU and may not."""
NO_MEMORY = ("bad_alloc", "Failed to allocate memory")
"""What ONNX Runtime says where memory is short."""
LONGEST_SAID = 300
"""Characters of what the runtime said that a message repeats."""
PERIOD = 2**20 + 7
"""Random numbers of an input: beyond them they repeat, for a GPU's batches hold a milliard."""


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
    dtype: str = "fp32"
    """Of all numbers of the network: fp32 or fp16."""

    @property
    def on_gpu(self) -> bool:
        """Whether a GPU computes."""
        return self.provider == "cuda"


class Session:
    """A plan, loaded and ready to run."""

    def __init__(self, inner: Any, plan: Plan, options: Options) -> None:
        self.inner = inner
        self.plan = plan
        self.options = options

    def run(self, feeds: dict[str, Floats]) -> list[Floats]:
        """The outputs for some inputs."""
        outputs: list[Floats] = self.inner.run(None, feeds)
        return outputs

    def feeds(self) -> dict[str, Floats]:
        """Inputs of the plan's sizes: seeded normal numbers."""
        return feeds_of(self.plan, dtype=self.options.dtype)

    def bound(self, feeds: dict[str, Floats]) -> Callable[[], None]:
        """A function that starts one run whose inputs and outputs stay where they are computed.

        On a GPU it does not wait for the run (`gpu.wait` does).
        """
        runtime = require_onnxruntime()
        device = "cuda" if self.options.on_gpu else "cpu"
        binding = self.inner.io_binding()
        for name, values in feeds.items():
            binding.bind_ortvalue_input(name, runtime.OrtValue.ortvalue_from_numpy(values, device, 0))
        for name in self.plan.outputs:
            shape, dtype = list(self.plan.shapes[name]), numpy_type(self.options.dtype)
            binding.bind_ortvalue_output(name, runtime.OrtValue.ortvalue_from_shape_and_type(shape, dtype, device, 0))
        settings = runtime.RunOptions()
        settings.add_run_config_entry("disable_synchronize_execution_providers", "1")
        inner = self.inner

        def start() -> None:
            inner.run_with_iobinding(binding, settings)

        return start


def open_session(
    plan: Plan, options: Options, array_of: Callable[[PlannedArray], Floats], profile: Path | None = None
) -> Session:
    """A session on a hollow model, its arrays given one by one.

    `array_of` makes each array; ONNX Runtime takes its own copy before the next is made, so a network's weights
    are in memory once. Raises `Undecided` where another provider would run than was asked for.
    """
    runtime = require_onnxruntime()
    notes = gpu.preload(runtime) if options.on_gpu else ()
    if notes:  # they say what the runtime would write on standard error itself
        runtime.set_default_logger_severity(NOTHING)
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
    settings = settings_of(runtime, options, profile)
    names = [planned.name for planned in plan.arrays]
    dtype = numpy_type(options.dtype)
    values = [
        runtime.OrtValue.ortvalue_from_numpy(array_of(planned).astype(dtype, copy=False)) for planned in plan.arrays
    ]
    settings.add_external_initializers(names, values)
    inner = _inner(runtime, options, settings, plan, notes)  # copies the values, which must live until then
    check_provider(options.provider, inner.get_providers(), notes)
    if options.on_gpu:  # it complains of each kernel that it tries and cannot use
        runtime.set_default_logger_severity(NOTHING)
    return Session(inner, plan, options)


def settings_of(runtime: Any, options: Options, profile: Path | None) -> Any:
    """The options of a session, with the profile on where it has a file."""
    settings = runtime.SessionOptions()
    settings.log_severity_level = NOTHING if options.on_gpu else ONLY_ERRORS
    settings.intra_op_num_threads = options.threads
    settings.inter_op_num_threads = 1
    levels = runtime.GraphOptimizationLevel
    settings.graph_optimization_level = levels.ORT_ENABLE_ALL if options.optimized else levels.ORT_DISABLE_ALL
    if not options.optimized:  # else kernels repack their weights and the profile no longer shows their shapes
        settings.add_session_config_entry("session.disable_prepacking", "1")
    if options.on_gpu:  # a node that the GPU cannot compute is an error, not a node of the CPU
        settings.add_session_config_entry("session.disable_cpu_ep_fallback", "1")
    if profile is not None:
        settings.enable_profiling = True
        settings.profile_file_prefix = str(profile)
    return settings


def _inner(runtime: Any, options: Options, settings: Any, plan: Plan, notes: tuple[str, ...]) -> Any:
    """ONNX Runtime's session; its refusals in our words."""
    model = build_hollow(plan, options.dtype).SerializeToString()
    # Copies of a unit, run side by side to time it, are what that optimizer removes; networks have no such twins.
    try:
        return runtime.InferenceSession(
            model, settings, providers_of(options), disabled_optimizers=["CommonSubexpressionElimination"]
        )
    except Exception as error:
        said = str(error)
        if not is_the_runtimes(error) or any(words in said for words in NO_MEMORY):
            raise
        if FALLBACK in said:
            raise Undecided(_other_provider(options.provider, PROVIDERS["cpu"], notes)) from None
        what = f"ONNX Runtime refuses the graph: {said.strip()[:LONGEST_SAID]}"
        raise InputError(Problem("refused-model", what, None, "inception-calc export writes it to look at")) from None


def is_the_runtimes(error: Exception) -> bool:
    """Whether ONNX Runtime says so itself."""
    return type(error).__module__.startswith("onnxruntime")


@contextmanager
def running() -> Iterator[None]:
    """Around all that runs: raises `Undecided` where numpy or ONNX Runtime gives up, as where memory is short."""
    try:
        yield
    except Exception as error:
        if not (isinstance(error, MemoryError) or is_the_runtimes(error)):
            raise
        what = f"this machine could not run it: {str(error).strip()[:LONGEST_SAID]}"
        fix = "where memory is short, take a smaller --batch or --input"
        raise Undecided(Problem("could-not-run", what, None, fix)) from None


def providers_of(options: Options) -> list[Any]:
    """What ONNX Runtime is asked for; on a GPU without TF32, whose roof would be another.

    An exact run takes the kernels that multiply what they are given: the fastest may transform it first (Winograd).
    """
    if options.on_gpu:
        search = "EXHAUSTIVE" if options.optimized else "DEFAULT"
        return [(PROVIDERS["cuda"], {"use_tf32": "0", "cudnn_conv_algo_search": search})]
    return [PROVIDERS[options.provider]]


def check_provider(asked: str, got: list[str], notes: tuple[str, ...] = ()) -> None:
    """Raises `Undecided` where the session fell back to another provider, which ONNX Runtime does silently."""
    if not got or got[0] != PROVIDERS[asked]:
        raise Undecided(_other_provider(asked, got[0] if got else "nothing", notes))


def _other_provider(asked: str, ran: str, notes: tuple[str, ...]) -> Problem:
    return Problem(
        "other-provider",
        f"{PROVIDERS[asked]} was asked for and {ran} would run: its times are not those of {asked}",
        None,
        "install what the provider needs (inception-calc[run-gpu] and CUDA's libraries), or use --provider cpu",
        notes,
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
        with profiled(session.inner) as runs:
            yield session, runs


def feeds_of(plan: Plan, seed: int | None = 0, dtype: str = "fp32") -> dict[str, Floats]:
    """Inputs of the plan's sizes: seeded normal numbers, or ones for None."""
    import numpy as np

    generator = np.random.default_rng(seed)
    feeds: dict[str, Floats] = {}
    for name in plan.inputs:
        shape = plan.shapes[name]
        size = prod(int(side) for side in shape)
        values = np.ones(1, np.float32) if seed is None else generator.standard_normal(min(size, PERIOD), np.float32)
        feeds[name] = np.resize(values.astype(numpy_type(dtype), copy=False), shape)
    return feeds


def numpy_type(dtype: str) -> Any:
    """`fp32` or `fp16` as numpy calls it."""
    import numpy as np

    return {"fp32": np.float32, "fp16": np.float16}[dtype]
