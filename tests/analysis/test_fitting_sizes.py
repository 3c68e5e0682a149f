"""Where branches do not meet at the size that was asked for, sizes that fit are offered, and no other network."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inception_calc.analysis import analyze
from inception_calc.problems import InputError, Undecided
from tests.helpers import analyzed, shipped


def hourglass(depth: int, size: str) -> str:
    """An encoder that halves the image `depth` times, and a decoder that adds each copy again."""
    down = "".join(f"  d{n}: {{max pool: 2x2/2}}\n" for n in range(depth))
    copies = ["stem", *(f"d{n}" for n in range(depth - 1))]
    up = "".join(
        f"  u{n}: {{upsampling: 2}}\n  s{n}: {{sum: {{copy: {{output of: {copies[n]}}}, up: identity}}}}\n"
        for n in reversed(range(depth))
    )
    return f"name: hourglass\ninput: {size}\nrows:\n  stem: {{convolution: 1x1, filters: 2}}\n{down}{up}"


def offered(fix: str) -> tuple[int, list[tuple[int, int, int]]]:
    found = re.fullmatch(r"sides that are multiples of (\d+) fit: (\S+)(?: or (\S+))?", fix)
    assert found, fix
    sizes = [tuple(map(int, size.split("x"))) for size in found.groups()[1:] if size]
    return int(found[1]), sizes


@settings(max_examples=40)
@given(st.integers(1, 4), st.integers(17, 90), st.integers(17, 90), st.booleans())
def test_what_is_offered_fits_and_lies_around_what_was_asked_for(depth: int, height: int, width: int, in_file: bool):
    unit = 2**depth
    text = hourglass(depth, f"1x{height}x{width}" if in_file else "1x64x64")
    size = None if in_file else (1, height, width)
    if height % unit == 0 and width % unit == 0:
        analyzed(text, input=size)
        return
    with pytest.raises(InputError) as caught:
        analyzed(text, input=size)
    (problem,) = caught.value.problems
    multiple, sizes = offered(problem.fix)
    assert multiple == unit
    assert sizes == [
        (1, height // unit * unit, width // unit * unit),
        (1, -(-height // unit) * unit, -(-width // unit) * unit),
    ]
    for fitting in sizes:
        analyzed(text, input=fitting)


def test_u_net_at_500():
    with pytest.raises(InputError) as caught:
        analyze(shipped("unet"), input=(1, 500, 500))
    assert caught.value.problems[0].fix == "sides that are multiples of 16 fit: 1x496x496 or 1x512x512"


def test_a_free_size_is_given_the_networks_own_remainder():
    with pytest.raises(Undecided) as caught:
        analyze(shipped("unet"), symbols={"size": None})
    assert "--assume 'size % 16 == 0'" in caught.value.problems[0].fix


def test_a_size_that_is_too_small_changes_no_window():
    with pytest.raises(InputError) as caught:
        analyze(shipped("googlenet"), input=(3, 20, 20))
    assert caught.value.problems[0].fix == "take a larger input; the spec's own is 3x224x224"


def test_branches_that_meet_at_no_size_are_told_to_agree():
    text = "name: x\ninput: 1x16x16\nrows: {a: {concat: {a: {max pool: 2x2/2}, b: identity}}}"
    with pytest.raises(InputError) as caught:
        analyzed(text)
    assert caught.value.problems[0].fix == "give every branch the same stride and padding"
