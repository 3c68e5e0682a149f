"""Comparisons, judged by hand counts of the lecture's module and by invariants."""

import json
import re
from fractions import Fraction

import pytest

from inception_calc.comparison import Subject, compare
from inception_calc.problems import InputError, Undecided
from tests.cli.program import called
from tests.helpers import analyzed, loaded

NAIVE = 28 * 28 * 256 * (128 + 9 * 192 + 25 * 96)
BOTTLENECK = 28 * 28 * (256 * (64 + 64 + 128 + 64) + 9 * 64 * 192 + 25 * 64 * 96)

NET = """
name: net
input: 3x16x16
blocks:
  module:
    columns: [1x1, 3x3]
    concat:
      1x1: {convolution: 1x1, filters: 1x1}
      3x3: {convolution: 3x3, filters: 3x3, padding: same}
rows:
  stem: {convolution: 3x3, filters: 8, padding: same}
  4e: {module: [16, 192]}
  tail: {convolution: 1x1, filters: 4}
"""


def two(before: str, after: str, by: str = "row"):
    subjects = [Subject(name, analyzed(text), loaded(text)) for name, text in (("before", before), ("after", after))]
    return compare(subjects, by)


def test_the_two_sums_of_the_lecture():
    found = compare(["inception_module@naive", "inception_module@bottleneck"])
    assert [subject.analysis.totals.multiply_adds for subject in found.subjects] == [NAIVE, BOTTLENECK]
    assert (NAIVE, BOTTLENECK) == (854_196_224, 271_351_808)
    assert found.ratios["multiply_adds"][1] * NAIVE == BOTTLENECK


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("inception_module@naive", "inception_module@bottleneck"),
        ("googlenet@naive", "googlenet"),
        ("googlenet", "googlenet@torchvision"),
        ("vgg_a", "vgg_d"),
        ("vgg_d", "vgg_a"),
        ("alexnet", "resnet50"),
    ],
)
@pytest.mark.parametrize("by", ["row", "layer", "kind"])
def test_changes_and_parts_add_up_to_the_difference(before, after, by):
    found = compare([before, after], by)
    first, second = (subject.analysis.totals for subject in found.subjects)
    for metric in ("multiply_adds", "params"):
        difference = getattr(second, metric) - getattr(first, metric)
        assert sum(getattr(change, metric) for change in found.changes) == difference
        sides = [[getattr(side, metric) if side else 0 for side in part.totals] for part in found.parts]
        assert sum(b - a for a, b in sides) == difference
    names = [change.layer for change in found.changes if change.kind == "removed"]
    assert len(names) == len(set(names))


def test_a_column_is_the_field_with_file_and_line():
    found = two(NET, NET.replace("192", "160"))
    change = next(change for change in found.changes if change.kind == "changed")
    assert (change.row, change.layer, change.field, change.before, change.after) == (
        "4e",
        "4e/3x3",
        "3x3",
        "192",
        "160",
    )
    assert change.multiply_adds == -32 * 9 * 8 * 256
    assert change.params == -32 * (9 * 8 + 1)
    place = change.location
    assert place.text[place.column - 1 : place.column - 1 + place.width] == "160"
    assert place.line == NET[: NET.index("4e:")].count("\n") + 1
    follower = next(change for change in found.changes if change.layer == "tail")
    assert (follower.kind, follower.field, follower.before, follower.after) == (
        "moved along",
        "input channels",
        "208",
        "176",
    )


def test_settings_are_named_in_the_words_of_a_spec():
    found = two(
        NET,
        NET.replace(
            "stem: {convolution: 3x3, filters: 8, padding: same}",
            "stem: {convolution: 5x5/2, filters: 8, padding: same}",
        ),
    )
    change = next(change for change in found.changes if change.layer == "stem")
    assert (change.field, change.before, change.after) == ("kernel size, stride", "3x3, 1", "5x5, 2")


def test_what_enters_is_said_beside_what_was_set():
    """Both make the difference: 16 and 160 channels enter in place of 16 and 192, and 6 filters stand for 4."""
    text = NET.replace("192", "160").replace(
        "tail: {convolution: 1x1, filters: 4}", "tail: {convolution: 1x1, filters: 6}"
    )
    change = next(change for change in two(NET, text).changes if change.layer == "tail")
    assert (change.kind, change.field) == ("changed", "filters, input channels")
    assert (change.before, change.after) == ("4, 208", "6, 176")
    assert change.multiply_adds == (6 * 176 - 4 * 208) * 256


def test_a_renamed_row_is_neither_added_nor_removed():
    found = two(NET, NET.replace("4e:", "inception_4e:"))
    assert {change.kind for change in found.changes} == {"renamed"}
    assert ("4e/3x3", "inception_4e/3x3") in [(change.before, change.after) for change in found.changes]
    assert all(part.totals[0] is not None and part.totals[1] is not None for part in found.parts)


def test_renamed_and_changed_at_once_is_still_one_change():
    found = two(NET, NET.replace("4e: {module: [16, 192]}", "x: {module: [16, 160]}"))
    assert not [change for change in found.changes if change.kind in ("added", "removed")]
    assert any((c.field, c.before, c.after) == ("3x3", "192", "160") for c in found.changes)


def test_added_and_removed_layers():
    longer = NET + "  last: {convolution: 1x1, filters: 2}\n"
    (added,) = two(NET, longer).changes
    assert (added.kind, added.layer, added.multiply_adds) == ("added", "last", 4 * 2 * 256)
    (removed,) = two(longer, NET).changes
    assert (removed.kind, removed.layer, removed.multiply_adds) == ("removed", "last", -4 * 2 * 256)


def test_the_same_network_has_no_changes():
    assert two(NET, NET).is_same
    assert not two(NET, NET.replace("4e:", "4f:")).is_same


def test_one_subject_is_no_comparison():
    with pytest.raises(InputError):
        compare(["googlenet"])


def test_other_conventions_are_not_compared():
    subject = Subject("a", analyzed(NET), loaded(NET))
    with pytest.raises(Undecided) as caught:
        compare([subject, Subject("b", analyzed(NET), loaded(NET), convention="two per multiply-add")])
    assert caught.value.problems[0].code == "other-convention"


def test_json_has_the_shape_of_the_contract():
    done = called("compare", "inception_module", "--variants", "naive,bottleneck", "-f", "json")
    document = json.loads(done.stdout)
    assert [(s["name"], s["totals"]["multiply_adds"]) for s in document["subjects"]] == [
        ("inception_module@naive", NAIVE),
        ("inception_module@bottleneck", BOTTLENECK),
    ]
    assert document["ratios"]["multiply_adds"] == [1.0, pytest.approx(BOTTLENECK / NAIVE)]
    keys = {"row", "layer", "field", "before", "after", "multiply_adds", "params", "line"}
    assert document["changes"]
    assert all(keys <= change.keys() for change in document["changes"])


def test_plain_has_one_line_for_each_subject():
    lines = called("compare", "vgg_a", "vgg_d", "googlenet", "--by", "total").stdout.split("\n")
    assert [line.split()[0] for line in lines if line.startswith(("vgg", "goog")) and "against" not in line] == [
        "vgg_a",
        "vgg_d",
        "googlenet",
    ]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["googlenet", "googlenet", "--exit-code"], 0),
        (["googlenet", "googlenet@naive", "--exit-code"], 1),
        (["googlenet", "googlenet@naive"], 0),
        (["googlenet@naive", "googlenet", "--max-ratio", "multiply_adds=0.126"], 0),
        (["googlenet@naive", "googlenet", "--max-ratio", "multiply_adds=0.125"], 1),
        (["googlenet@naive", "googlenet", "--max-ratio", "multiply_ads=0.125"], 2),
        (["googlenet@naive", "googlenet", "--max-ratio", "multiply_adds=35%"], 2),
        (["googlenet"], 2),
        (["googlenet", "vgg_a", "--variants", "naive,default"], 2),
        (["googlenet", "vgg_a", "--set", "size=", "--max-ratio", "multiply_adds=5"], 3),
        (["googlenet", "nope:specs/googlenet.yaml"], 3),
    ],
)  # fmt: skip
def test_exit_codes(arguments, code):
    assert called("compare", *arguments).returncode == code


@pytest.mark.parametrize(
    ("limit", "said"),
    [("0.125", "is 0.126 of 'googlenet@naive', more than 0.125"), ("0.1259", "is 0.125928086 of")],
)
def test_a_ratio_over_its_limit_never_looks_like_the_limit(limit: str, said: str):
    err = called("compare", "googlenet@naive", "googlenet", "--max-ratio", f"multiply_adds={limit}").stderr
    assert err.startswith("error[over-ratio]: multiply_adds of 'googlenet' ")
    assert said in err
    found, allowed = re.findall(r"[0-9]\.[0-9]+", err)
    assert Fraction(found) > Fraction(allowed)
