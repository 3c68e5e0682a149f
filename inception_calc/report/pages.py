"""Answers that are no tables: a page has one text for each of its formats."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial

from inception_calc.problems import InputError, Problem, listed, nearest
from inception_calc.report.output import FILE, SUFFIXES, Drawing, Target, check_targets, read_target
from inception_calc.report.screen import Screen

PAGE_SUFFIXES = {**SUFFIXES, ".txt": "text", ".py": "python"}
SAME = ("auto", "rich", "plain")
"""What tables draw in three ways is text on a page; `plain` looks at no screen: lines as long as they are."""


def page(texts: Mapping[str, Callable[[Screen], str]]) -> Drawing:
    """A drawing of these texts."""
    text = texts["text"]
    ways = {**texts, "rich": text, "plain": lambda _: text(FILE)}
    return Drawing({name: partial(_spelled, made) for name, made in ways.items()})


def _spelled(made: Callable[[Screen], str], screen: Screen) -> str:
    return screen.spell(made(screen))


def read_page_outputs(
    format: str,  # noqa: A002 - the option's word
    output: Iterable[str] | None,
    formats: tuple[str, ...],
) -> tuple[str, list[Target]]:
    """`--format` and `--output` of a command whose answer is a page in these formats."""
    targets = [read_page_target(text, formats) for text in output or ()]
    check_targets(target.path for target in targets)
    return read_page_format(format, formats), targets


def read_page_format(name: str, formats: tuple[str, ...]) -> str:
    """A known format's name."""
    if name not in formats and name not in SAME:
        hint = nearest(name, formats) or f"there are {listed(formats)}"
        raise InputError(Problem("unknown-format", f"there is no format '{name}' here", None, hint))
    return name


def read_page_target(text: str, formats: tuple[str, ...]) -> Target:
    """`[FORMAT:]PATH`; without a format the suffix says it."""
    target = read_target(text, formats, PAGE_SUFFIXES)
    return target._replace(format=read_page_format(target.format, formats))
