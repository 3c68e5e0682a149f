"""What only a GPU needs: CUDA's libraries found, its work waited for, its name and versions.

CUDA's driver and cuDNN are asked by their documented C interfaces; no package is needed for it.
"""

from __future__ import annotations

import ctypes
import io
from collections.abc import Mapping
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

from inception_calc.problems import Problem, Undecided

DRIVER, CUDNN = "libcuda.so.1", "libcudnn.so.9"
LONGEST_NAME = 256


def preload(runtime: Any) -> tuple[str, ...]:
    """Loads CUDA's libraries from the packages beside onnxruntime-gpu; what could not be loaded, in its words."""
    said = io.StringIO()
    with redirect_stdout(said):
        runtime.preload_dlls()
    return tuple(line for line in said.getvalue().splitlines() if line.startswith("Failed to load"))


def wait() -> None:
    """Returns when the GPU has done everything that this process asked of it, on whichever stream.

    Raises `Undecided` where the driver reports an error: then nothing is known of the runs before.
    """
    status = _library(DRIVER).cuCtxSynchronize()
    if status:
        raise Undecided(
            Problem(
                "gpu-failed",
                f"the GPU's driver reports error {status} (CUresult) at the end of a run: its time says nothing",
                None,
                "try a smaller --batch",
            )
        )


def gpu_facts(version: Path = Path("/sys/module/nvidia/version")) -> Mapping[str, str]:
    """`gpu`, the name of the one that CUDA calls 0, and versions: `driver`, `cuda` (the driver's), `cudnn`."""
    facts = {"gpu": _name() or "unknown", "cuda": _cuda(), "cudnn": _cudnn()}
    if version.is_file():
        facts["driver"] = version.read_text(errors="replace").strip()
    return {key: value for key, value in facts.items() if value}


def _name() -> str:
    device, name = ctypes.c_int(), ctypes.create_string_buffer(LONGEST_NAME)
    try:
        driver = _library(DRIVER)
        failed = driver.cuInit(0) or driver.cuDeviceGet(ctypes.byref(device), 0)
        failed = failed or driver.cuDeviceGetName(name, LONGEST_NAME, device)
    except (OSError, AttributeError):
        return ""
    return "" if failed else name.value.decode(errors="replace")


def _cuda() -> str:
    version = ctypes.c_int()
    try:
        failed = _library(DRIVER).cuDriverGetVersion(ctypes.byref(version))
    except (OSError, AttributeError):
        return ""
    return "" if failed else f"{version.value // 1000}.{version.value % 1000 // 10}"


def _cudnn() -> str:
    try:
        number = int(_library(CUDNN).cudnnGetVersion())
    except (OSError, AttributeError):
        return ""
    return f"{number // 10000}.{number % 10000 // 100}.{number % 100}"


def _library(name: str) -> Any:
    """A C library; the system keeps it loaded after the first time."""
    return ctypes.CDLL(name)
