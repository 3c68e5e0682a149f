"""Random edits of shipped specs, one to three at once: each is found by name and line, and its cost is exactly what the
text without that one edit is cheaper by.
"""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from inception_calc.analysis import analyze
from inception_calc.analysis.metrics import COMPARABLE
from inception_calc.comparison import Subject
from inception_calc.comparison.causes import account_of
from inception_calc.problems import InputError
from inception_calc.spec_file import shipped
from inception_calc.spec_file.load import Origin, load_text
from tests.comparison.random_edits import edited, line_in, possible, text_of

NAMES = ("googlenet", "lenet5", "vgg_a", "alexnet", "resnet50", "inception_v3", "mobilenet_v2", "densenet121", "zfnet")
LINES = {name: text_of(name) for name in NAMES}
EDITS = {name: possible(lines) for name, lines in LINES.items()}


def origin(text: str) -> Origin:
    def neighbour(name: str) -> Origin:
        return Origin(f"{name}.yaml", shipped.path(name).read_text(encoding="utf-8"), neighbour)

    return Origin("net.yaml", text, neighbour)


def subject(text: str) -> Subject | None:
    """The network that a text says; None where it says none."""
    try:
        loaded = load_text(origin(text))
        return Subject("net", analyze(loaded), loaded)
    except InputError:
        return None


def costs(one: Subject) -> dict[str, int]:
    return {name: metric.of(one.analysis) for name, metric in COMPARABLE.items()}


def layers(one: Subject) -> list:
    return [(c.layer.name, c.layer.op, c.layer.inputs, c.layer.output) for c in one.analysis.layers]


@st.composite
def cases(draw):
    name = draw(st.sampled_from(NAMES))
    count = draw(st.integers(1, 3))
    return name, draw(st.lists(st.sampled_from(EDITS[name]), min_size=count, max_size=count, unique=True))


def judge(name: str, edits: list) -> None:
    lines = LINES[name]
    touched = [index for edit in edits for index, _ in edit.lines]
    assume(all(abs(one - other) > 1 for one, other in combinations(touched, 2)))
    assume(sum(edit.name == "put_in" for edit in edits) < 2)
    before, after = subject(edited(lines, [])), subject(edited(lines, edits))
    assume(after is not None)
    found = account_of(before, after)
    assert not found.unknown
    told = [cause.edit for cause in found.causes] + list(found.silent)
    assert len({(edit.name, edit.field, edit.kind) for edit in told}) == len(told) == len(edits), told
    for edit in edits:
        line = line_in(lines, edits, edit)
        (one,) = [
            one for one in told
            if one.kind == edit.kind and one.name.startswith(edit.name)
            and (one.before_location if edit.kind == "removed" else one.location).line == line
        ]  # fmt: skip
        without = subject(edited(lines, [other for other in edits if other is not edit]))
        if one in found.silent:
            assert without is None or layers(without) == layers(after)
            continue
        (cause,) = [cause for cause in found.causes if cause.edit is one]
        if without is not None:
            assert cause.edits == (one,)
            then, now = costs(without), costs(after)
            assert all(cause.cost(metric) == now[metric] - then[metric] for metric in COMPARABLE), edit
        else:
            assert len(cause.edits) > 1
    total = {metric: value - costs(before)[metric] for metric, value in costs(after).items()}
    for metric, value in total.items():
        assert sum(cause.cost(metric) for cause in found.causes) + found.shared.get(metric, 0) == value


ANY_EDIT = settings(deadline=None, suppress_health_check=list(HealthCheck))


@settings(ANY_EDIT, max_examples=25)
@given(cases())
def test_every_edit_is_found_by_name_and_line_with_its_exact_cost(case):
    judge(*case)


@pytest.mark.thorough
@settings(ANY_EDIT, max_examples=400)
@given(cases())
def test_every_edit_of_hundreds_is_found(case):
    judge(*case)
