"""A fuzzer: whatever is done to a shipped spec, it loads or gets complaints that point into the file."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inception_calc.analysis import analyze
from inception_calc.problems import InputError, Problem
from inception_calc.report.problems import problems_text
from inception_calc.spec_file import shipped
from inception_calc.spec_file.load import Origin, load_text
from inception_calc.spec_file.yaml_reader import decode

NAMES = ["googlenet", "lenet5", "inception_module", "inception_resnet_v2", "mobilenet_v2", "resnet50"]
TEXTS = {name: shipped.path(name).read_text(encoding="utf-8") for name in NAMES}
TOKEN = re.compile(r"[\w.]+|\s+|.", re.ASCII)
LINES = re.compile("\r\n|[\n\r\x85\u2028\u2029]")

ODD_TOKENS = [
    "{", "}", "[", "]", ":", ": ", ",", "- ", "'", '"', "#", " #", "&a ", "*a", "!!int ", "|", ">", "%", "? ", "<<: ",
    "\t", "\n", "\n  ", "remove", "repeat: 0, ", "repeat: 7, ", "then: softmax, ", "input_channels", "0", "-1", "3x3/2",
    "same", "half", "global", "like: inception, ", "default", "total", "1,000", "é", "\u202e", "\ufeff", "true", "''",
]  # fmt: skip


def origin(text: str) -> Origin:
    def neighbour(name: str) -> Origin:
        inside = shipped.path(name)
        if inside is None:
            raise InputError(Problem("unreadable", f"there is no spec '{name}'", None, "name a shipped one"))
        return Origin(f"{name}.yaml", inside.read_text(encoding="utf-8"), neighbour)

    return Origin("mutant.yaml", text, neighbour)


def complaints(text: str) -> tuple[Problem, ...] | None:
    """What is said about the text; None where it loads and its costs are counted."""
    try:
        analyze(load_text(origin(decode(text.encode("utf-8", "surrogatepass"), "mutant.yaml"))))
    except InputError as error:
        return error.problems
    return None


def judge(text: str) -> None:
    """The text loads, or every complaint points at a place inside it."""
    problems = complaints(text)
    if problems is None:
        return
    lines = LINES.split(text.removeprefix("\ufeff"))
    assert problems
    assert problems == tuple(sorted(problems, key=place_of))
    for problem in problems:
        place = problem.location
        assert problem.fix, problem
        if problem.code == "more-problems":
            continue
        assert place is not None, problem
        if place.file == "mutant.yaml":
            assert 1 <= place.line <= len(lines), problem
            assert 1 <= place.column <= len(lines[place.line - 1]) + 1, problem
    assert "\x1b" not in problems_text(problems)


def place_of(problem) -> tuple:
    place = problem.location
    return ("~", 0, 0) if place is None else (place.file, place.line, place.column)


@st.composite
def mutants(draw) -> str:
    """A shipped spec after one to three small accidents."""
    text = TEXTS[draw(st.sampled_from(NAMES))]
    for _ in range(draw(st.integers(1, 3))):
        text = draw(st.sampled_from([lines_mutated, tokens_mutated, characters_mutated]))(draw, text)
    return text


def accident(draw, parts: list[str], *others: str) -> tuple[str, int]:
    """Deletes, doubles or exchanges a part; the caller sees to the other kinds of accidents, at the place."""
    place = draw(st.integers(0, len(parts) - 1))
    kind = draw(st.sampled_from(["delete", "double", "swap", *others]))
    if kind == "delete":
        del parts[place]
    elif kind == "double":
        parts.insert(place, parts[place])
    elif kind == "swap":
        other = draw(st.integers(0, len(parts) - 1))
        parts[place], parts[other] = parts[other], parts[place]
    return kind, place


def lines_mutated(draw, text: str) -> str:
    """A line deleted, doubled, moved, or put deeper."""
    lines = text.split("\n")
    kind, place = accident(draw, lines, "indent", "dedent")
    if kind == "indent":
        lines[place] = "  " + lines[place]
    elif kind == "dedent":
        lines[place] = lines[place].removeprefix("  ")
    return "\n".join(lines)


def tokens_mutated(draw, text: str) -> str:
    """A word or mark deleted, doubled, exchanged with another one, or something odd put in."""
    tokens = TOKEN.findall(text)
    if not tokens:
        return text
    kind, place = accident(draw, tokens, "splice", "replace")
    if kind == "splice":
        tokens.insert(place, draw(st.sampled_from(ODD_TOKENS)))
    elif kind == "replace":
        tokens[place] = draw(st.sampled_from(ODD_TOKENS))
    return "".join(tokens)


def characters_mutated(draw, text: str) -> str:
    """A character deleted, doubled, or exchanged with its neighbour."""
    if len(text) < 2:
        return text
    place = draw(st.integers(0, len(text) - 2))
    kind = draw(st.sampled_from(["delete", "double", "swap"]))
    if kind == "delete":
        return text[:place] + text[place + 1 :]
    if kind == "double":
        return text[: place + 1] + text[place:]
    return text[:place] + text[place + 1] + text[place] + text[place + 2 :]


@given(mutants())
@settings(max_examples=250)
def test_a_mutant_loads_or_is_complained_about_inside_the_file(text):
    judge(text)


@pytest.mark.parametrize("name", NAMES)
def test_every_beginning_of_a_spec_is_answered(name):
    """A file that is cut off anywhere: as an editor saves it while somebody types."""
    text = TEXTS[name]
    for end in range(0, len(text), max(1, len(text) // 25)):
        judge(text[:end])


@pytest.mark.parametrize("name", NAMES)
def test_the_specs_themselves_load(name):
    load_text(origin(TEXTS[name]))
