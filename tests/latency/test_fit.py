"""The cost model finds what made the times, and says what it does not know."""

from __future__ import annotations

from dataclasses import replace
from math import sqrt
from random import Random

import pytest

from inception_calc.latency.fit import fit_units
from inception_calc.latency.predict import predict
from inception_calc.latency.reading import read
from tests.latency.made import measurement, timed, unit

WORK = [(10**6 * (n + 1), 10**5 * (7 * n % 11 + 1)) for n in range(10)]


def made(count: int, size: int) -> float:
    """Milliseconds of a machine with 50 G multiply-adds/s, 20 GB/s and 5 microseconds for each layer."""
    return count / 50e6 + size / 20e6 + 0.005


def convolutions(factor: float = 1.0):
    return [timed(made(count, size) * factor, f"c{count}", multiply_adds=count, size=size) for count, size in WORK]


def test_the_fit_finds_the_machine():
    model = fit_units(convolutions()).kinds["convolution"]
    assert model.per_multiply_add == pytest.approx(1 / 50e6)
    assert model.per_byte == pytest.approx(1 / 20e6)
    assert model.constant == pytest.approx(0.005)
    assert model.error == pytest.approx(0, abs=1e-6)
    assert len(model.left_out_errors) == len(WORK)


def test_the_total_of_another_network_comes_out():
    fit = fit_units(convolutions(), overhead=1.1)
    others = [unit(f"o{n}", multiply_adds=n * 3 * 10**6, size=n * 10**5) for n in (1, 2, 3)]
    found = predict(others, fit)
    expected = 1.1 * sum(made(each.multiply_adds, each.bytes) for each in others)
    assert found.milliseconds == pytest.approx(expected)
    assert found.low < expected < found.high
    assert found.unseen == ()


def test_independent_errors_of_many_layers_even_out():
    """Brute force: layers whose times scatter by a tenth at random; the sum of a hundred lies in its interval."""
    draw = Random(7)  # noqa: S311 - the same each time

    def scattered(count: int) -> list:
        work = [(draw.randrange(10**6, 10**8), draw.randrange(10**4, 10**6)) for _ in range(count)]
        return [timed(made(*each) * draw.gauss(1, 0.1), multiply_adds=each[0], size=each[1]) for each in work]

    inside, widths = 0, []
    for _ in range(40):
        model, network = fit_units(scattered(60)), scattered(100)
        found = predict([each.unit for each in network], model)
        inside += found.low <= sum(each.milliseconds for each in network) <= found.high
        widths.append((found.high - found.low) / found.milliseconds)
    assert inside >= 38
    assert max(widths) < 0.3  # as one common error of a tenth it would be 0.4 and more


def test_what_was_seen_is_not_guessed_at():
    """A kind of two layers: another network's is uncertain by half, that of the fit itself is known."""
    norms = [timed(5.0, f"n{n}", kind="local response norm", multiply_adds=0, size=10**6) for n in range(2)]
    fit = fit_units([*convolutions(), *norms])
    units = [each.unit for each in norms]
    unknown, known = predict(units, fit), predict(units, fit, seen=True)
    assert unknown.high - unknown.milliseconds == pytest.approx(2 * sqrt((0.5 * 10) ** 2 + (0.05 * 10) ** 2))
    assert known.high - known.milliseconds == pytest.approx(2 * 0.05 * 10)


def test_a_kind_that_was_not_measured_is_in_no_number():
    fit = fit_units(convolutions())
    known, strange = unit("a"), unit("b", kind="depthwise convolution")
    both, alone = predict([known, strange], fit), predict([known], fit)
    assert both.unseen == ("depthwise convolution",)
    assert both.milliseconds == alone.milliseconds
    assert [each.milliseconds for each in both.units][1] is None


def test_kinds_do_not_mix():
    norm = timed(5.0, "n", kind="local response norm", multiply_adds=0, size=10**6)
    fit = fit_units([*convolutions(), norm])
    assert fit.kinds["local response norm"].predict(norm.unit) == pytest.approx(5.0)
    assert fit.kinds["convolution"].error == pytest.approx(0, abs=1e-6)


def test_one_layer_is_explained_by_its_bytes():
    model = fit_units([timed(2.0, kind="linear", multiply_adds=500, size=1000)]).kinds["linear"]
    assert (model.per_multiply_add, model.constant) == (0, 0)
    assert model.error is None


def test_coefficients_have_intervals():
    """Of exact times an interval is a point; of times that are off by a few percent it holds the truth."""
    exact = fit_units(convolutions()).kinds["convolution"]
    assert exact.interval(0) == pytest.approx((1 / 50e6, 1 / 50e6))
    off = [
        replace(each, milliseconds=each.milliseconds * (1.03 if n % 2 else 0.97))
        for n, each in enumerate(convolutions())
    ]
    model = fit_units(off).kinds["convolution"]
    for place, truth in enumerate((1 / 50e6, 1 / 20e6, 0.005)):
        low, high = model.interval(place)
        assert 0 <= low <= truth <= high < 3 * truth
    assert fit_units(off[:4]).kinds["convolution"].interval(0) is None


def test_the_whole_run_comes_out_of_the_model():
    units = convolutions()
    total = sum(each.milliseconds for each in units)
    found = read(measurement(*units, cpu=(1.2 * total,) * 6)).total
    assert found.milliseconds == pytest.approx(1.2 * total)
    assert found.low < found.milliseconds < found.high


def test_what_took_no_time_of_its_own_says_nothing():
    assert fit_units([timed(0.0)]).kinds == {}


def test_a_layer_that_is_far_off_stands_out_with_its_reason():
    slow = timed(made(*WORK[4]) * 4, "slow", multiply_adds=WORK[4][0], size=WORK[4][1], positions=49)
    norm = timed(50.0, "norm", kind="local response norm", multiply_adds=0, size=100)
    restless = replace(timed(made(*WORK[5]) * 4, "restless", multiply_adds=WORK[5][0], size=WORK[5][1]), high=99.0)
    found = read(measurement(*convolutions(), slow, norm, restless)).units
    reasons = {each.timed.unit.name: each.reason for each in found if each.reason}
    assert reasons == {"slow": "tiny map", "norm": "no multiply-adds but costly", "restless": "its rounds differ"}


@pytest.mark.parametrize(
    ("milliseconds", "count", "size", "bound"),
    # The roof of tests/latency/made.py: 50 M multiply-adds and 20 MB in a millisecond.
    [
        (1.1, 50_000_000, 10, "compute"),
        (1.1, 10, 20_000_000, "memory"),
        (9.0, 1_000, 1_000, "overhead"),
        (9.0, 0, 1_000, "element ops"),
    ],
)
def test_what_bounds_a_layer(milliseconds: float, count: int, size: int, bound: str):
    (found,) = read(measurement(timed(milliseconds, multiply_adds=count, size=size))).units
    assert found.bound == bound
