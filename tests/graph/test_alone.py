"""All problems in one run: what needs no sizes is told for every value, and what was not judged is counted."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inception_calc.analysis.spec_source import sizes_judged
from inception_calc.cli import app
from inception_calc.dims import Scaling, Scope
from inception_calc.graph.alone import Alone
from inception_calc.graph.chosen import setting_of
from inception_calc.graph.context import DefaultsChain
from inception_calc.graph.faults import FaultLog
from inception_calc.problems import InputError, Problem
from tests.helpers import analyzed, shipped
from tests.ops.layers import windowed
from tests.shipped_specs import ALL

WRONG = {
    "{convolution: 3x3, filters: 8, padding: -1}": "padding",
    "{convolution: 3x3, filters: 0}": "filters",
    "{convolution: 3x3, filters: 2 - 3}": "filters",
    "{convolution: 3x3, filters: 8, dilation: 0}": "dilation",
    "{convolution: 3x3, filters: 8, dilation: [1, 0]}": "dilation",
    "{convolution: 3x3/0, filters: 8}": "stride",
    "{convolution: 0x3, filters: 8}": "kernel_size",
    "{convolution: 3x3, filters: 8, stride: 0}": "stride",
    "{convolution: 3x3, filters: 8, groups: 3}": "do not divide 8 filters",
    "{convolution: 3x3, filters: 9, connections: [[0]]}": "the connection table has 1 list",
    "{convolution: 2x2, filters: 8, padding: half}": "half",
    "{convolution: 3x3, filters: 8 // 0}": "divisor",
    "{convolution: 3x3, filters: 8, repeat: -1}": "repeat",
    "{convolution: 9999x3, filters: 8}": "a kernel of 9999",
    "{depthwise convolution: 3x3, multiplier: 0}": "multiplier",
    "{transposed convolution: 3x3/2, filters: 8, output padding: 2}": "output padding",
    "{max pool: 3x3}": "stride",
    "{max pool: 3x3/2, padding: 3}": "padding",
    "{average pool: global, padding: 1}": "no padding",
    "{subsampling: 2x2}": "stride",
    "{upsampling: 0}": "factor",
    "{local response norm: 0}": "size",
    "{linear: 0}": "units",
    "{linear: 4, then: {linear: 0}}": "units",
    "{rbf: 0}": "is 0",
    "{spatial pyramid pool: [2, 0]}": "bins",
    "{sequence: [relu, {sum: {a: {linear: 0}, b: identity}}]}": "units",
    "{b: 0}": "filters",
    "{b: -3}": "filters",
}
"""Steps with one value that is wrong whatever enters, and what the message speaks of."""

HEAD = "name: all\ninput: 3x8x8\nblocks: {b: {columns: [n], sequence: [{convolution: 1x1, filters: n}]}}\nrows:\n"


def problems(text: str) -> list[Problem]:
    """What is said of a file, text and sizes together."""
    with pytest.raises(InputError) as caught, sizes_judged():
        analyzed(text)
    return list(caught.value.problems)


def spec(steps: list[str]) -> str:
    return HEAD + "".join(f"  r{number}: {step}\n" for number, step in enumerate(steps))


@pytest.mark.parametrize("step", WRONG)
def test_each_is_wrong_alone(step):
    (problem,) = problems(spec([step]))
    assert WRONG[step] in problem.what


@settings(max_examples=60)
@given(st.lists(st.sampled_from([step for step in WRONG if not step.startswith("{b:")]), min_size=2, max_size=12))
def test_all_are_told_in_one_run_each_at_its_row_in_file_order(steps):
    found = problems(spec(steps))
    assert [problem.location.line - HEAD.count("\n") - 1 for problem in found] == list(range(len(steps)))
    assert all(WRONG[step] in problem.what for step, problem in zip(steps, found, strict=True))


def test_all_are_told_beside_reading_errors_names_and_sizes():
    alone = [step for step in WRONG if not step.startswith("{b:")]
    steps = [*alone, "{convolution: 3x3, filtres: 8}", "{linear: nobody}", "{convolution: 1x1, filters: 4, bias: yes}"]
    found = problems(spec(["{max pool: 9x9/2}", *steps]))
    assert {problem.location.line for problem in found} >= {HEAD.count("\n") + 1 + n for n in range(len(alone) + 2)}
    assert {"window-too-large", "unknown-key", "unknown-symbol", "not-a-flag"} <= {problem.code for problem in found}


def test_every_value_of_a_step_is_judged():
    found = problems(spec(["{convolution: 0x3/0, filters: 0, groups: 0, padding: -1, dilation: [0, -1]}"]))
    assert [problem.what.split(" ")[0] for problem in found] == [
        "kernel_size",
        "stride",
        "filters",
        "groups",
        "padding",
        "dilation",
        "dilation",
    ]


@pytest.mark.parametrize(
    ("step", "wrong"),
    [
        ("{convolution: 3x3, filters: 8, dilation: [0, -1]}", ["0", "-1"]),
        ("{convolution: 3x3, filters: 8, padding: [-1, -2]}", ["-1", "-2"]),
        ("{convolution: 3x3, filters: 8, padding: [[1, -1], [-2, -3]]}", ["-1", "-2", "-3"]),
        ("{max pool: 0x(1 - 1)/0x(2 - 2)}", ["0x", "(1 - 1)", "0x", "(2 - 2)"]),
        ("{transposed convolution: 3x3/(1 - 1), filters: 8}", ["(1 - 1)"]),
        ("{spatial pyramid pool: [2, 0, -1, 9999]}", ["0", "-1", "9999"]),
    ],
)
def test_every_number_of_a_value_is_judged_where_it_stands(step, wrong):
    text = spec([step])
    found = problems(text)
    lines = text.splitlines()
    told = [lines[problem.location.line - 1][problem.location.column - 1 :] for problem in found]
    assert len(told) == len(wrong)
    assert all(rest.startswith(number) for rest, number in zip(told, wrong, strict=True))


def test_as_many_values_of_a_step_are_told_as_a_step_has():
    """Each fault has the step judged once more; hostile lists are as long as a file."""
    assert 20 <= len(problems(spec([f"{{spatial pyramid pool: [{', '.join('0' * 4000)}]}}"]))) <= 30


def test_a_default_is_blamed_where_it_stands_once():
    """Not each step that it holds for; one that writes its own value is no such step."""
    block = "blocks: {b: {defaults: {max pool: {stride: 0}}, sequence: [{max pool: 3x3}]}}\n"
    rows = "rows: {a: {convolution: 1x1, filters: 3}, c: {convolution: 1x1, filters: 3}, d: {b: }, e: {b: }}\n"
    text = f"name: x\ninput: 3x8x8\ndefaults: {{convolution: {{padding: [1, -1], dilation: 0}}}}\n{block}{rows}"
    padding, dilation, stride = problems(text)
    lines = text.splitlines()
    assert lines[2][padding.location.column - 1 :].startswith("-1]")
    assert lines[2][dilation.location.column - 1 :].startswith("0}")
    assert lines[3][stride.location.column - 1 :].startswith("0}")
    assert {problem.notes[0] for problem in (padding, dilation)} == {"in a, line 5 and 1 more row"}
    assert stride.notes[0] == "in d, line 5 and 1 more row"


def test_what_hangs_on_a_stand_in_is_not_told():
    """Three groups do not divide the one filter that stands in for none."""
    (problem,) = problems(spec(["{convolution: 3x3, filters: 0, groups: 3}"]))
    assert problem.code == "too-small"


def test_rows_that_no_size_reaches_are_counted_beside_the_problem_in_front_of_them():
    first, last = problems(spec(["relu", "{linear: 0}", "softmax", "{max pool: 99x99/2}", "{linear: 0}"]))
    assert first.notes == ("the sizes of 3 rows behind it are not judged yet",)
    assert last.notes == ()


def test_problems_that_are_not_shown_stay_counted_beside_those_of_the_sizes():
    *shown, more = problems(spec(["{max pool: 99x99/2}", *["{linear: 4, x: 1}"] * 120]))
    assert len(shown) == 100
    assert (more.code, more.what) == ("more-problems", "21 more problems")


def test_they_are_counted_behind_a_step_that_cannot_be_read():
    reading, number = problems(spec(["{linear: 0}", "{linear: [3]}", "softmax"]))
    assert [reading.notes, number.notes] == [("the sizes of 2 rows behind it are not judged yet",), ()]


@pytest.mark.parametrize(
    ("head", "code"),
    [
        ("input: 3x8x8\nsymbols: {classes: -1}", "not-an-integer"),
        ("input: 3x8xq", "bad-input"),
        ("input: 3x8x8\ndefaults: {convolution: {padding: {}}}", "wrong-type"),
    ],
)
def test_single_values_are_judged_where_sizes_are_not_known(head, code):
    """Nothing is said of what hangs on the unknown: 8 - classes of nobody knows how many, a map of 1x1."""
    rows = ["{convolution: 3x3, filters: height - 7}", "{linear: 0}", "{max pool: 99x99/0}", "{linear: width // 8}"]
    text = f"name: x\n{head}\nrows:\n" + "".join(f"  r{number}: {row}\n" for number, row in enumerate(rows))
    first, units, stride = problems(text)
    assert (first.code, first.notes) == (code, ("the sizes of 4 rows behind it are not judged yet",))
    assert units.what.startswith("units is 0")
    assert stride.what.startswith("stride is 0")


@pytest.mark.parametrize("step", ["{local response norm: 0}", "{convolution: 1x1, filters: 4, activation: maxout}"])
def test_what_changes_no_size_hides_none(step):
    text = spec([step, "{max pool: 7x7/1}", "{max pool: 3x3/1}"])
    first, second = problems(text)
    assert (second.code, first.notes) == ("window-too-large", ())
    assert second.what.startswith("a window of 3x3")


def test_text_and_sizes_are_told_together_by_every_command(tmp_path, capsys):
    path = tmp_path / "net.yaml"
    path.write_text(spec(["{linear: 4, bais: true}", "{linear: 0}"]), encoding="utf-8")
    for command in (
        ["table"], ["compare"], ["formula"], ["audit"], ["explain"], ["solve", "--max", "params=1", "--over", "size"],
        ["check", "--max", "params=1"], ["export", "-f", "dot"],
    ):  # fmt: skip
        specs = [str(path)] * (1 + (command == ["compare"]))
        assert app([command[0], *specs, *command[1:]], standalone_mode=False) == 2
        assert capsys.readouterr().err.count("error[") == 2, command


@pytest.mark.parametrize("reference", ALL)
@pytest.mark.parametrize("rounding", [None, 8])
def test_nothing_is_said_of_what_is_right(reference, rounding):
    loaded = shipped(reference)
    setting = setting_of(loaded.spec)
    log = FaultLog(loaded.spec, str)
    scaling = Scaling(setting.symbols["width_multiplier"], rounding)
    scope = Scope({**setting.symbols, "batch": 1, "height": 224, "width": 224, "size": 224}, {}, 3, scaling)
    Alone(loaded.spec, log).judge(scope, DefaultsChain(loaded.spec.defaults), heads=True)
    assert log.complete


@given(windowed(), st.sampled_from(["convolution", "separable convolution", "transposed convolution"]))
def test_nothing_is_said_of_a_window_that_is_right(w, word):
    """A row with a fault makes the rest be judged alone."""
    (problem,) = problems(spec(["{linear: 0}", f"{{{word}: {w.window}, filters: 2{w.settings}}}"]))
    assert problem.what.startswith("units")


def test_a_block_that_many_rows_call_wrongly_names_the_first_and_counts_the_rest():
    (problem,) = problems(spec(["{b: 0}", "{b: 4}", "{b: -1}", "{b: 0}"]))
    assert problem.notes[0] == "in r0, line 5 and 2 more rows"


def test_hostile_calls_are_judged_to_a_bound():
    """Blocks that call the next one twice with other values: 2^40 calls if each were looked at."""
    blocks = "".join(
        f"  b{n}: {{columns: [k], sequence: [{{b{n + 1}: 2 * k}}, {{b{n + 1}: 2 * k + 1}}]}}\n" for n in range(12)
    )
    text = f"name: x\ninput: 1x1x1\nblocks:\n{blocks}  b12: {{columns: [k], sequence: [{{linear: k}}]}}\n"
    found = problems(f"{text}rows: {{a: {{linear: 0}}, b: {{b0: 1}}}}\n")
    assert [problem.code for problem in found] == ["too-small"]
