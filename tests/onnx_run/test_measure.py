"""Measurement: what belongs to whom, that the column adds up, interruptions. No milliseconds are judged."""

from __future__ import annotations

import json
import tempfile
from dataclasses import replace

import pytest

from inception_calc.latency.reading import read
from inception_calc.latency.units import units_of
from inception_calc.onnx_export.arrays import random_array
from inception_calc.onnx_export.plan import part, plan, side_by_side
from inception_calc.onnx_run import gpu
from inception_calc.onnx_run import measure as measuring
from inception_calc.onnx_run.clock import timer_of
from inception_calc.onnx_run.measure import graph_name, measure, measure_pair, owners
from inception_calc.onnx_run.profile import read_profile
from inception_calc.onnx_run.runtime import Options, feeds_of, profiled_session
from tests.helpers import shipped_analysis
from tests.latency.made import rounds

CPU = Options()


def quiet(*_: object) -> None:
    """No progress."""


def test_the_column_adds_up_to_the_run():
    found = measure(shipped_analysis("lenet5"), CPU, 5, 0, quiet)
    parts = sum(timed.milliseconds for timed in found.units) + sum(found.inserted.values()) + found.rest
    assert parts == pytest.approx(found.milliseconds)
    assert len(found.rounds) == 5
    assert found.provider == "CPUExecutionProvider"


@pytest.mark.thorough
@pytest.mark.parametrize("reference", ["googlenet", "resnet50@paper", "mobilenet_v2", "inception_resnet_v1"])
def test_every_layer_with_multiply_adds_gets_its_own_time(reference: str):
    """ONNX Runtime fuses and renames; no kernel of ours may be lost, and only its own are left over."""
    found = measure(shipped_analysis(reference), CPU, 3, 0, quiet)
    assert [timed.unit.name for timed in found.units if timed.unit.multiply_adds and not timed.milliseconds] == []
    assert all(name.startswith("Reorder") for name in found.inserted)
    reading = read(found)
    assert sum(kind.time for kind in reading.kinds) == pytest.approx(1)
    assert sum(kind.multiply_adds for kind in reading.kinds) == pytest.approx(1)


def test_the_roof_is_sampled_between_rounds():
    found = measure(shipped_analysis("lenet5"), CPU, 11, 0, quiet)
    assert len(found.roof.multiply_adds_per_millisecond) == 4  # before rounds 1, 6 and 11, and at the end
    assert found.roof.at(1e9) == found.roof.peak
    assert found.roof.at(0.001) < found.roof.peak


def test_rounds_are_spread_over_time(monkeypatch):
    """In four blocks; the clock is a stand-in, and only sleeping moves it."""
    now, begun = [0.0], []
    monkeypatch.setattr(measuring.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(measuring.time, "sleep", lambda seconds: now.__setitem__(0, now[0] + seconds))

    def noted(what: str, number: int, of: int) -> None:
        if what == "whole":
            begun.append(now[0])

    measure(shipped_analysis("lenet_caffe"), CPU, 8, 0, noted, layers="none", seconds=6.0)
    assert now[0] == 6.0
    assert begun == [0.0, 0.0, 0.0, 2.0, 2.0, 4.0, 4.0, 6.0]  # noted before the sleep


class Instant:
    """A session that takes no time, and counts."""

    def __init__(self, threads: int = 1, provider: str = "cpu") -> None:
        self.options, self.runs = Options(provider, threads), 0

    def feeds(self):
        return {}

    def bound(self, feeds):
        return self.run

    def run(self) -> None:
        self.runs += 1


@pytest.mark.parametrize("threads", [1, 2])
def test_a_short_network_runs_many_times_in_a_round(threads: int):
    session = Instant(threads)
    timer = timer_of(session)
    before = session.runs
    found = timer()
    assert session.runs - before == found.runs > 100
    assert found.wall > 0


def test_a_gpu_is_waited_for_once_a_round(monkeypatch):
    waited: list[int] = []
    session = Instant(provider="cuda")
    monkeypatch.setattr(gpu, "wait", lambda: waited.append(session.runs))
    timer = timer_of(session)
    before = session.runs
    found = timer()
    assert waited[-2:] == [before, before + found.runs]
    assert found.cpu == found.wall


def test_copies_run_side_by_side():
    """Nothing is folded together: as many kernels as copies, on one input."""
    analysis = shipped_analysis("googlenet")
    planned = plan(analysis)
    for unit in units_of(analysis)[:3]:
        alone = part(planned, frozenset(unit.layers))
        copies = side_by_side(alone, 4)
        assert copies.inputs == alone.inputs
        with profiled_session(copies, CPU, lambda array: random_array(array, 0)) as (session, runs):
            outputs = session.run(feeds_of(copies))
            (nodes,) = runs()
        assert len(outputs) == 4
        kernels = [node for node in nodes if not node.op_type.startswith("Reorder")]
        assert len(kernels) == 4


def test_layers_alone_are_those_of_the_run_or_are_not_kept():
    found = measure(shipped_analysis("lenet_caffe"), CPU, 3, 0, quiet, layers="alone")
    assert found.alone
    assert all(timed.milliseconds > 0 for timed in found.units)
    assert replace(found, rounds=rounds(*[found.in_units] * 5)).apart == ""
    assert "1.50 times" in replace(found, rounds=rounds(*[found.in_units / 1.5] * 5)).apart
    assert "0.50 times" in replace(found, rounds=rounds(*[found.in_units * 2] * 5)).apart
    assert replace(found, rounds=rounds(*[found.in_units * 2] * 5), alone=False).apart == ""


def test_a_run_without_its_layers():
    found = measure(shipped_analysis("lenet5"), CPU, 3, 0, quiet, layers="none")
    assert (len(found.rounds), found.in_units, found.apart) == (3, 0, "")


def test_an_interruption_leaves_what_there_is(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def impatient(what: str, number: int, of: int) -> None:
        if (what, number) == ("by layer", 4):
            raise KeyboardInterrupt

    found = measure(shipped_analysis("lenet5"), CPU, 8, 0, impatient)
    assert found.interrupted
    assert len(found.rounds) == 8
    assert {len(times) for times in found.raw.values()} == {1}  # three runs, two of which warmed up
    assert not list(tmp_path.iterdir())


def test_an_interruption_before_the_layers_leaves_the_whole():
    def impatient(what: str, number: int, of: int) -> None:
        if (what, number) == ("whole", 6):
            raise KeyboardInterrupt

    found = measure(shipped_analysis("lenet5"), CPU, 8, 0, impatient)
    assert found.interrupted
    assert (len(found.rounds), found.raw) == (5, {})
    assert {each.bound for each in read(found).units} == {"no kernel"}


def test_an_interruption_before_three_rounds_leaves_nothing():
    def impatient(what: str, number: int, of: int) -> None:
        if number == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        measure(shipped_analysis("lenet5"), CPU, 8, 0, impatient)
    with pytest.raises(KeyboardInterrupt):
        measure_pair(shipped_analysis("lenet5"), shipped_analysis("lenet_caffe"), CPU, 8, 0, impatient)


def test_pairs_run_in_turns():
    pairs = measure_pair(shipped_analysis("lenet5"), shipped_analysis("lenet_caffe"), CPU, 4, 0, quiet)
    assert len(pairs) == 4
    assert all(first.wall > 0 and second.wall > 0 for first, second in pairs)


def test_names_of_fused_kernels_lead_back_to_layers():
    """As ONNX Runtime 1.31 writes them."""
    analysis = shipped_analysis("googlenet")
    known = owners(units_of(analysis), plan(analysis))
    assert graph_name("conv1/relu_nchwc", known) == "conv1/relu"
    assert graph_name("fused linear", known) == "linear"
    assert graph_name("pool1", known) == "pool1"
    assert graph_name("ReorderOutput_token_142", known) == "ReorderOutput_token_142"


def test_a_layer_that_is_called_like_a_fused_kernel_stays_itself():
    known = {"conv_nchwc": "a", "conv": "b"}
    assert graph_name("conv_nchwc", known) == "conv_nchwc"


def test_a_profile_is_read_run_by_run_and_deleted(tmp_path):
    def kernel(name: str) -> dict[str, object]:
        facts = {"op_name": "Conv", "provider": "P", "input_type_shape": [{"float": [1, 3]}, {"int64": []}]}
        return {"cat": "Node", "name": f"{name}_kernel_time", "dur": 7, "args": facts}

    run = {"cat": "Session", "name": "model_run", "dur": 20, "args": {}}
    path = tmp_path / "profile.json"
    path.write_text(json.dumps([{"name": "session_initialization"}, kernel("a"), kernel("b"), run, kernel("a"), run]))
    runs = read_profile(path)
    assert [[node.name for node in nodes] for nodes in runs] == [["a", "b"], ["a"]]
    assert runs[0][0].inputs == ((1, 3), ())
    assert not path.exists()
