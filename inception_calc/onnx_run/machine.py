"""The machine and the versions, as measured results keep them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from inception_calc.onnx_run import gpu
from inception_calc.onnx_run.runtime import Options, require_onnxruntime


def environment(options: Options) -> Mapping[str, str | int]:
    """The machine and the versions, as measured results keep them."""
    import platform

    runtime = require_onnxruntime()
    if options.on_gpu:  # else asking cuDNN for its version would load whichever the system has
        gpu.preload(runtime)
    import numpy
    import onnx

    return {
        "machine": processor(),
        **(gpu.gpu_facts() if options.on_gpu else {}),
        "system": f"{platform.system()} {platform.machine()}",
        "threads": options.threads,
        "dtype": options.dtype,
        "python": platform.python_version(),
        "onnx": onnx.__version__,
        "onnxruntime": runtime.__version__,
        "numpy": numpy.__version__,
    }


def processor() -> str:
    """The processor's name, as far as the system tells it."""
    import platform

    return _fact(Path("/proc/cpuinfo"), "model name") or platform.processor() or platform.machine()


def _fact(path: Path, wanted: str) -> str:
    """What a file of `key : value` lines says first of a key; empty where it says nothing."""
    if path.is_file():
        for line in path.read_text(errors="replace").splitlines():
            key, _, value = line.partition(":")
            if key.strip() == wanted:
                return value.strip()
    return ""
