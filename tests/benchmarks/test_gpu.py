"""benchmarks/gpu.py on a CPU: the same code, another provider. No time is judged, and none is called a GPU's."""

from __future__ import annotations

import json
import struct
import subprocess
import sys

import pytest

from inception_calc.latency.calibration import load_calibration
from tests.cli.program import ROOT

BENCHMARKS = ROOT / "benchmarks"
PAGE = ROOT / "docs" / "validate.md"


@pytest.fixture
def scripts(monkeypatch):
    """The scripts as modules."""
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    names = ("gpu", "gpu_page", "gpu_carry", "latency")
    found = {name: __import__(name) for name in names}
    yield found
    for name in names:
        sys.modules.pop(name, None)


@pytest.mark.thorough
def test_the_whole_script_runs_end_to_end(tmp_path):
    before = PAGE.read_bytes()
    command = [sys.executable, str(BENCHMARKS / "gpu.py"), "--provider", "cpu", "--quick", "--rounds", "5"]
    done = subprocess.run([*command, "--out", str(tmp_path)], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    found = json.loads((tmp_path / "gpu.json").read_text())
    assert (found["failures"], found["left_out"]) == ([], [])
    assert {(proof["dtype"], bool(proof["wrong"])) for proof in found["proofs"]} == {("fp32", False), ("fp16", False)}
    assert found["full_float32"]
    places = {(run["spec"], run["batch"], run["dtype"]) for run in found["runs"]}
    assert places == {
        (spec, n, dtype) for spec in ("lenet5", "lenet_caffe") for n in (1, 2) for dtype in ("fp32", "fp16")
    }
    assert all(len(run["rounds"]) == 5 and run["in_layers"] > 0 for run in found["runs"])
    assert {pair["dtype"] for pair in found["pairs"]} == {"fp32", "fp16"}
    assert found["environment"].keys().isdisjoint({"gpu", "driver"})
    assert PAGE.read_bytes() == before
    for run in found["runs"]:  # kept exactly where it may be
        path = tmp_path / f"calibration-{run['dtype']}-batch-{run['batch']}.json"
        kept = path.exists() and any(name.startswith(run["network"]) for name in load_calibration(path).networks)
        assert kept == (not run["noise"] and not run["apart"])


def test_a_script_that_is_cut_off_keeps_what_is_done(scripts, tmp_path, monkeypatch):
    work = scripts["gpu"].Work("cpu", tmp_path, True, 3)

    def cut_off(spec: str) -> None:
        raise SystemExit(137)

    monkeypatch.setattr(work, "roof", cut_off)
    with pytest.raises(SystemExit):
        work.do(1000)
    found = json.loads((tmp_path / "gpu.json").read_text())
    assert [proof["network"] for proof in found["proofs"]] == ["LeNet-5", "LeNet (Caffe)"]
    assert found["runs"] == []


@pytest.mark.thorough
def test_a_step_that_fails_says_why_and_the_others_go_on(scripts, tmp_path, monkeypatch):
    work = scripts["gpu"].Work("cpu", tmp_path, True, 3)
    real = list(work.steps())[:4]

    def broken() -> None:
        raise MemoryError("out of memory")

    monkeypatch.setattr(work, "steps", lambda: [scripts["gpu"].Step("proof broken", broken), *real])
    work.do(1000)
    assert work.found["failures"] == [{"step": "proof broken", "what": "MemoryError: out of memory"}]
    assert len(work.found["proofs"]) == 2
    assert work.failed


def test_no_step_begins_after_the_limit(scripts, tmp_path):
    work = scripts["gpu"].Work("cpu", tmp_path, True, 3)
    work.do(-1)
    found = json.loads((tmp_path / "gpu.json").read_text())
    assert found["left_out"] == [step.name for step in work.steps()]
    assert work.failed  # nothing was proved


def test_times_of_a_cpu_do_not_come_on_the_page(scripts, tmp_path):
    (tmp_path / "gpu.json").write_text(json.dumps({"provider": "CPUExecutionProvider"}))
    with pytest.raises(ValueError, match="CPUExecutionProvider made these times"):
        scripts["gpu_page"].write_page(tmp_path)


RUN = {
    "network": "LeNet-5",
    "spec": "lenet5",
    "batch": 32,
    "dtype": "fp32",
    "multiply_adds": 4 * 10**9,
    "milliseconds": 2.0,
    "interval": [1.9, 2.1],
    "noise": "",
    "roof": 10**10,
}
FOUND = {
    "provider": "CUDAExecutionProvider",
    "date": "2026-01-01",
    "environment": {"gpu": "A card", "machine": "m", "system": "s", "onnxruntime": "1"},
    "roofs": [{"dtype": "fp32", "multiply_adds": 25e9, "bytes": 3e9}],
    "proofs": [{"network": "LeNet-5", "dtype": "fp32", "layers": 13, "ones": 4, "wrong": [["c", "params", 1, 2]]}],
    "full_float32": False,
    "runs": [RUN, {**RUN, "batch": 1, "noise": "spreads"}],
    "pairs": [],
    "left_out": ["lenet5 batch 128 fp32 by layer", "lenet5 batch 128 fp16 by layer"],
    "failures": [{"step": "roof fp16", "what": "MemoryError: none left"}],
}


def test_a_folder_becomes_the_page(scripts, tmp_path):
    (tmp_path / "gpu.json").write_text(json.dumps(FOUND))
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- measured: gpu -->\nold\n<!-- end -->\nafter\n")
    scripts["gpu_page"].write_page(tmp_path, page, tmp_path)
    text = page.read_text()
    assert text.startswith("before\n")
    assert text.endswith("\nafter\n")
    assert "A card" in text
    assert "| LeNet-5 | 32 | 2 (1.9 to 2.1) | 16,000 | 20.0% |" in text
    assert "too noisy" in text
    assert "| LeNet-5 | 13 | 4 | - | 1 |" in text
    assert "did NOT take part" in text
    assert "old" not in text
    assert "Not measured, for want of time: lenet5 batch 128 fp32 by layer, lenet5 batch 128 fp16 by layer." in text
    assert "Failed: roof fp16 (MemoryError: none left)." in text


@pytest.mark.parametrize("part", ["environment", "proofs", "roofs", "runs"])
def test_a_folder_that_was_cut_off_early_leaves_the_page_alone(scripts, tmp_path, part):
    (tmp_path / "gpu.json").write_text(json.dumps({**FOUND, part: []}))
    page = tmp_path / "page.md"
    page.write_text("<!-- measured: gpu -->\nold\n<!-- end -->\n")
    with pytest.raises(ValueError, match=f"cut off before there were {part}"):
        scripts["gpu_page"].write_page(tmp_path, page, tmp_path)
    assert "old" in page.read_text()


def gpu(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The script as it is called."""
    command = [sys.executable, str(BENCHMARKS / "gpu.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)


@pytest.mark.parametrize("kept", ["gpu.json", "calibration-fp32-batch-32.json"])
def test_results_of_an_earlier_run_are_not_written_over(tmp_path, kept):
    (tmp_path / kept).write_text("an earlier run's")
    done = gpu("--provider", "cpu", "--quick", "--out", str(tmp_path))
    assert done.returncode == 2
    assert "holds the results of an earlier run: --out another folder" in done.stderr
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [(kept, "an earlier run's")]


def test_a_page_of_nothing_is_refused_in_a_line(tmp_path):
    done = gpu("--page", "--out", str(tmp_path / "none"))
    assert done.returncode == 2
    assert "the page is as it was" in done.stderr
    assert "Traceback" not in done.stderr


def test_ctrl_c_keeps_what_is_done_and_says_where(scripts, tmp_path, monkeypatch, capsys):
    def ctrl_c(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(scripts["gpu"].Work, "roof", ctrl_c)
    monkeypatch.setattr(sys, "argv", ["gpu.py", "--provider", "cpu", "--quick", "--out", str(tmp_path)])
    with pytest.raises(SystemExit) as ended:
        scripts["gpu"].main()
    assert ended.value.code == 130
    assert f"interrupted; what is done is in {tmp_path}" in capsys.readouterr().err
    assert len(json.loads((tmp_path / "gpu.json").read_text())["proofs"]) == 2


@pytest.mark.parametrize(
    "missing", [{"left_out": ["proof lenet5"]}, {"left_out": ["ones lenet5 fp16"]}, {"failures": [{"step": "ones x"}]}]
)
def test_a_proof_that_was_not_made_is_a_failure(scripts, tmp_path, missing):
    work = scripts["gpu"].Work("cpu", tmp_path, True, 3)
    work.found["full_float32"] = True
    assert not work.failed
    work.found.update(missing)
    assert work.failed


def image(arch: int, code: bytes, kind: int = 2) -> bytes:
    """An image of a fat binary: a header of 64 bytes, then code."""
    return (
        struct.pack("<HHIQ", kind, 0x101, 64, len(code)).ljust(28, b"\0")
        + struct.pack("<I", arch).ljust(36, b"\0")
        + code
    )


def library(*fat: tuple[bytes, ...]) -> bytes:
    """An ELF file of one section with fat binaries, and the section of names."""
    body = b"".join(struct.pack("<IHHQ", 0xBA55ED50, 1, 16, len(b"".join(one))) + b"".join(one) for one in fat)
    names = b"\0.nv_fatbin\0.names\0"
    head = bytearray(64)
    struct.pack_into("<Q", head, 40, 64 + len(body) + len(names))
    struct.pack_into("<HHH", head, 58, 64, 2, 1)
    sections = [(1, 1, 0, 0, 64, len(body)), (12, 3, 0, 0, 64 + len(body), len(names))]
    return bytes(head) + body + names + b"".join(struct.pack("<IIQQQQ", *one).ljust(64, b"\0") for one in sections)


def test_a_library_keeps_the_kernels_of_one_architecture(scripts):
    ours, other, newer = image(90, b"ours" * 4), image(80, b"another!"), image(120, b"newer one" + bytes(7))
    whole = library((other, ours, newer), (newer,), (ours,))
    pruned = scripts["gpu_carry"].pruned(whole, 90)
    assert len(pruned) == len(whole)
    assert pruned.count(b"ours" * 4) == 2
    assert b"another!" not in pruned
    assert pruned.count(b"newer one") == 1  # what has none of ours stays whole
    assert list(scripts["gpu_carry"].images(pruned, 64 + 16, 64 + 16 + len(ours))) == [(2, 90, ours)]
    assert scripts["gpu_carry"].pruned(pruned, 90) == pruned


def test_wheels_without_the_cuda_library_are_not_packed(scripts, tmp_path):
    with pytest.raises(ValueError, match="pip download them first"):
        scripts["gpu_carry"].pack(tmp_path, tmp_path / "site.tar.xz", 90)
    assert not (tmp_path / "site.tar.xz").exists()


def test_a_library_without_gpu_code_is_refused(scripts):
    with pytest.raises(ValueError, match="no GPU code"):
        scripts["gpu_carry"].pruned(library((image(90, b"x" * 8),)).replace(b".nv_fatbin", b".somewhere"), 90)
