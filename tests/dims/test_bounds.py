"""Work with symbols ends: at a step that the input decides, far beyond what a network of the zoo takes."""

from __future__ import annotations

import pytest

from inception_calc.dims import bounds
from inception_calc.dims.bounds import MOST_WORK, question, spend
from inception_calc.dims.polynomial import variable
from inception_calc.problems import Undecided
from tests.cli.program import called, run
from tests.helpers import rows


def steps(make) -> float:
    """The steps that something takes."""
    with question():
        before = bounds._meter.left
        make()
        return before - bounds._meter.left


def test_steps_are_those_of_the_terms():
    a, b = variable("a") + 1, variable("b") + 2
    assert steps(lambda: a + b) == 4
    assert steps(lambda: a * b) == bounds.PRODUCT * 4
    assert steps(lambda: a * 3) == 2
    assert steps(lambda: a.value({"a": 5})) == 2


def test_a_question_ends_and_the_next_one_is_as_long():
    for _ in range(2):
        with question():
            spend(MOST_WORK)
            with pytest.raises(Undecided, match="steps"):
                spend(1)


def test_a_question_inside_another_has_its_own_steps():
    with question():
        spend(MOST_WORK)
        with question():
            spend(MOST_WORK)
        with pytest.raises(Undecided):
            spend(1)
    spend(10 * MOST_WORK)  # in a program of the user's own there is no question


def pyramids(*bins: int) -> str:
    branches = "".join(f"\n      b{number}: {{spatial pyramid pool: [{n}]}}" for number, n in enumerate(bins))
    return f"blocks:\n  m:\n    concat:{branches}\nrows:\n  p: {{m: }}\n  l: {{linear: 10}}\n"


@pytest.mark.parametrize("bins", [[512], [223], range(100, 120)], ids=str)
def test_a_map_of_free_size_in_many_bins_is_refused_and_counted_with_numbers(bins):
    with pytest.raises(Undecided) as caught:
        rows(pyramids(*bins), 3, 224, 224, symbols={"height": None, "width": None})
    assert [problem.code for problem in caught.value.problems] == ["too-complex"]
    bins_in_all = sum(n * n for n in bins)
    assert rows(pyramids(*bins), 3, 224, 224).totals.params == 10 * (3 * bins_in_all + 1)


@pytest.mark.parametrize("name", ["googlenet", "inception_resnet_v2", "densenet121", "se_resnet50"])
def test_networks_of_the_zoo_take_less_than_a_fourth(name: str, monkeypatch):
    monkeypatch.setattr(bounds, "MOST_WORK", MOST_WORK // 4)
    done = called("formula", name, "--free", "size,width_multiplier,batch", "-f", "json")
    assert (done.returncode, done.stderr) == (0, "")


def test_many_cells_that_cannot_be_free_end_too():
    """Each is found by an analysis of its own: a number of repetitions is no cell that may change freely."""
    text = "name: x\ninput: 1x8x8\nblocks:\n  m: {columns: [k], sequence: [{relu: , repeat: k}]}\nrows:\n"
    done = run("formula", "-", stdin=text + "".join(f"  r{number}: {{m: [2]}}\n" for number in range(600)))
    assert done.returncode == 3
    assert "error[too-complex]" in done.stderr
