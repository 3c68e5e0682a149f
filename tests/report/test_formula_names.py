"""Names of sizes in `formula A B`: one name means one size, wherever it stands on the page."""

import re

import pytest

from tests.cli.program import called

DEFINITION = re.compile(r"^(?:- `)?([hwn]\d+) = (.+?)`?$", re.MULTILINE)
LATEX_DEFINITION = re.compile(r"^  ([hwn]_\{\d+\}) &= (.+) \\\\$", re.MULTILINE)
PAIRS = [
    ("googlenet", "vgg_d"),  # rounds up here, down there
    ("googlenet", "resnet50", "--free", "size"),
    ("inception_v3", "xception", "--free", "height,width"),
    ("googlenet", "googlenet@naive", "--assume", "size % 32 == 0", "--free", "size"),
]


@pytest.mark.parametrize("arguments", PAIRS, ids=" ".join)
@pytest.mark.parametrize(
    ("kind", "definition"), [("text", DEFINITION), ("markdown", DEFINITION), ("latex", LATEX_DEFINITION)]
)
def test_a_name_has_one_meaning(arguments, kind, definition):
    text = called("formula", *arguments, "-f", kind).stdout
    meanings = dict(definition.findall(text))
    assert set(definition.findall(text)) == set(meanings.items())  # no name twice with different meanings
    assert len(set(meanings.values())) == len(meanings)  # no size with two names


@pytest.mark.parametrize("arguments", PAIRS[:3], ids=" ".join)
def test_every_part_says_what_its_names_mean(arguments):
    text = called("formula", *arguments).stdout
    *specs, difference = re.split(r"\n\n(?=[^\n]+(?:, input|less) )", text)
    assert len(specs) == 2
    for part in (*specs, difference):
        defined = [name for name, _ in DEFINITION.findall(part)]
        assert set(re.findall(r"\b[hwn]\d+\b", part)) == set(defined) != set()
