"""Calibration files: kept, read again, refused."""

from __future__ import annotations

import json

import pytest

from inception_calc.latency.calibration import (
    Calibrated,
    calibration_text,
    label_of,
    load_calibration,
    with_measurement,
)
from inception_calc.latency.measured import Measurement
from inception_calc.latency.predict import predict
from inception_calc.problems import InputError
from tests.helpers import analyzed, rows
from tests.latency.made import measurement, timed


def kept(tmp_path, text: str):
    path = tmp_path / "cpu.json"
    path.write_text(text)
    return load_calibration(path)


def test_what_is_written_is_read(tmp_path):
    made = with_measurement(None, measurement(timed(1.5, "a"), timed(0.25, "b", kind="linear")))
    again = kept(tmp_path, calibration_text(made))
    assert calibration_text(again) == calibration_text(made)
    assert [each.milliseconds for each in again.networks["net"].units] == [1.5, 0.25]


def test_a_file_gains_networks_and_renews_one():
    first = with_measurement(None, measurement(timed(1.0), network="a"))
    both = with_measurement(first, measurement(timed(2.0), network="b"))
    renewed = with_measurement(both, measurement(timed(3.0), network="a"))
    assert list(renewed.networks) == ["a", "b"]
    assert renewed.networks["a"].units[0].milliseconds == 3.0


def test_another_machine_needs_another_file():
    first = with_measurement(None, measurement(timed(1.0)))
    with pytest.raises(InputError, match="another machine: m, not other"):
        with_measurement(first, measurement(timed(1.0), machine="other"))


def test_the_network_itself_is_left_out():
    both = with_measurement(with_measurement(None, measurement(timed(1.0), network="a")),
                            measurement(timed(9.0, kind="linear"), network="b"))  # fmt: skip
    assert list(both.fit_without("a").kinds) == ["linear"]
    assert list(both.fit_without("never run").kinds) == ["convolution", "linear"]
    with pytest.raises(InputError, match="nothing but a itself"):
        with_measurement(None, measurement(timed(1.0), network="a")).fit_without("a")


def test_what_whole_networks_are_off_by_widens_a_prediction():
    """Three networks of one kind; the layers of the third take twice as long for the same counts."""

    def network(name: str, factor: float) -> Measurement:
        units = [timed(factor * n, f"{name}{n}", multiply_adds=n * 10**6, size=n * 10**4) for n in range(1, 8)]
        return measurement(*units, network=name, cpu=(factor * 28.0,) * 10)

    alike, mixed = None, None
    for name, factor in (("a", 1.0), ("b", 1.0), ("c", 2.0)):
        alike, mixed = with_measurement(alike, network(name, 1.0)), with_measurement(mixed, network(name, factor))
    assert alike.fit_without("").network_error == pytest.approx(0, abs=1e-6)
    fit = mixed.fit_without("")
    # a and b are predicted by fits to the other and c, so too high; c by a fit to a and b, half of what it takes
    assert fit.network_error > 0.3
    assert mixed.fit_without("c").network_error is None  # two are left
    units = [each.unit for each in network("d", 1.0).units]
    found = predict(units, fit)
    assert found.high / found.milliseconds > 1 + 2 * fit.network_error


def test_what_is_counted_otherwise_is_another_network():
    text = "rows: {c: {convolution: 1x1, filters: 4}}"
    labels = {label_of(rows(text)), label_of(rows(text, batch=2)), label_of(rows(text, 3, 8, 8))}
    labels.add(label_of(rows(text, symbols={"width_multiplier": 2})))
    assert len(labels) == 4


def test_a_label_says_the_batch():
    """Also of a signal, of a vector, of a variant, and of a name that looks like a label."""
    text = "name: 'x 7x3 (5)'\ninput: {}\nrows: {{c: {{linear: 4}}}}\nvariants: {{v: {{}}}}\n"
    for size in ("3x8x8", "1x32", "784"):
        label = label_of(analyzed(text.format(size), "v", batch=12))
        assert Calibrated(label, 1.0, ()).batch == 12
    assert Calibrated("made by hand", 1.0, ()).batch is None


GOOD = json.loads(calibration_text(with_measurement(None, measurement(timed(1.0)))))


@pytest.mark.parametrize(
    "change",
    [
        {"inception_calc_calibration": 2},
        {"networks": [{"name": "n", "milliseconds": "soon", "units": []}]},
        {"networks": [{"name": "n", "milliseconds": float("nan"), "units": []}]},
        {"networks": [{"name": "n", "milliseconds": 1, "units": [{}]}]},
        {"networks": 5},
        {"environment": 7},
    ],
)
def test_what_is_no_calibration_is_refused(tmp_path, change):
    with pytest.raises(InputError, match="no calibration"):
        kept(tmp_path, json.dumps({**GOOD, **change}))


@pytest.mark.parametrize("text", ["", "{}", "[]", "[" * 100_000, '"text"', "\x00"])
def test_hostile_files_are_refused(tmp_path, text: str):
    with pytest.raises(InputError, match="no calibration"):
        kept(tmp_path, text)


def test_a_file_that_is_not_there_says_how_to_make_one(tmp_path):
    with pytest.raises(InputError) as caught:
        load_calibration(tmp_path / "none.json")
    assert "--calibrate" in caught.value.problems[0].fix
