"""What fits of an ONNX file: the largest free size, held against plain counts beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("onnx")

from inception_calc.analysis import analyze
from inception_calc.analysis.metrics import METRICS
from inception_calc.problems import InputError, Undecided
from inception_calc.solve import front, read_limit, solve
from tests.formula.test_models import ATTENTION, WINDOWS
from tests.graph.onnx.models import write


@pytest.fixture(scope="module")
def attention(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("solve") / "attention.onnx"
    return write(path, ATTENTION, wq=(16, 16), wk=(16, 16), wv=(16, 16))


@pytest.mark.parametrize("limit", ["multiply_adds=1M", "peak_activation_bytes=100KiB", "activation_elements=9999"])
@pytest.mark.parametrize(("over", "other"), [("seq", {"batch": 2}), ("batch", {"seq": 17})])
def test_one_more_does_not_fit(attention: str, limit: str, over: str, other: dict[str, int]):
    bound = read_limit(limit)
    found = solve(attention, over, [bound], symbols=other)
    assert found.at is not None
    for step, fits in ((0, True), (1, False)):
        sizes = {**other, over: int(found.at.value) + step}
        count = METRICS[bound.metric].of(analyze(attention, symbols=sizes))
        assert isinstance(count, int)
        assert bound.holds(count) is fits


def test_the_smallest_is_where_the_windows_fit(tmp_path: Path):
    file = write(tmp_path / "windows.onnx", WINDOWS, w=(6, 3, 3, 3), u=(6, 4, 2, 2), v=(10, 4))
    found = solve(file, "W", [], symbols={"N": 1, "H": 30})
    assert found.low is not None
    assert found.low.value == 7


def test_the_front_of_two_sizes(attention: str):
    found = front(attention, ("seq", "batch"), [read_limit("multiply_adds=100k")])

    def count(seq: int, batch: int) -> int:  # by hand: three products with 16 x 16 weights, two of seq x seq
        return batch * (3 * seq * 16 * 16 + 2 * seq * seq * 16)

    assert [pair.counts["multiply_adds"] for pair in found.pairs] == [count(*pair.values) for pair in found.pairs]
    assert all(
        count(seq, batch + 1) > 100_000 < count(seq + 1, batch) for seq, batch in (p.values for p in found.pairs)
    )


@pytest.mark.parametrize("over", ["channels", "size", "width_multiplier", "conv1.filters"])
def test_filters_are_constants_of_the_file(attention: str, over: str):
    with pytest.raises(InputError) as error:
        solve(attention, over, [read_limit("params=1M")])
    (problem,) = error.value.problems
    assert "its filters and other sizes are constants of the file" in problem.what
    assert problem.fix == "search over batch or seq"


def test_what_is_known_only_at_least_is_undecided(tmp_path: Path):
    file = write(
        tmp_path / "net.onnx",
        "g (float[N, 4] x) => (float[N, 2] y) {\n a = com.acme.Foo (x)\n y = MatMul (x, w)\n}",
        w=(4, 2),
    )
    with pytest.raises(Undecided) as stop:
        solve(file, "N", [read_limit("multiply_adds=1M")])
    assert stop.value.problems[0].code == "incomplete"


def test_bytes_of_several_types(tmp_path: Path):
    """Of each row 24 bytes of int64 enter, 12 of fp32 are made of them, then 4."""
    body = "g (int64[N, 3] x) => (float[N, 1] y) {\n f = Cast <to = 1> (x)\n y = MatMul (f, w)\n}"
    file = write(tmp_path / "net.onnx", body, w=(3, 1))
    for limit, each in (("activation_bytes=3600kB", 16), ("peak_activation_bytes=3600kB", 36)):
        found = solve(file, "N", [read_limit(limit)])
        assert found.at is not None
        assert found.at.value == 3_600_000 // each


def test_bytes_of_texts_are_undecided(tmp_path: Path):
    file = write(tmp_path / "net.onnx", "g (string[N] a) => (string[N] c) {\n c = StringConcat (a, a)\n}")
    with pytest.raises(Undecided) as stop:
        solve(file, "N", [read_limit("activation_bytes=1MiB")])
    assert stop.value.problems[0].code == "not-counted"
