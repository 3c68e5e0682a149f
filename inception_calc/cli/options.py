"""Options that several commands share, and how their texts become values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Annotated, Any, TypedDict

import typer

from inception_calc.analysis.model import DTYPES
from inception_calc.cli import completion
from inception_calc.problems import InputError, Problem, listed, meant
from inception_calc.report.output import ALL_FORMATS, SUFFIXES, Target, check_targets, read_format, read_target

if TYPE_CHECKING:
    from inception_calc.graph import Sizes


def choice(flag: str, known: Iterable[str], help: str, metavar: str | None = None) -> Any:  # noqa: A002 - typer's word
    """An option that takes one of some words, which the shell completes; `one_of` judges it."""
    return typer.Option(flag, metavar=metavar, help=help, autocompletion=completion.words(*known))


def format_option(known: Iterable[str], help: str = "") -> Any:  # noqa: A002 - typer's word
    """`--format` of a command with these formats."""
    words = tuple(known)
    said = help or f"{listed(words, 'or')}."
    return typer.Option("--format", "-f", metavar="FORMAT", help=said, autocompletion=completion.words(*words))


SPEC_HELP = "YAML or prototxt file, shipped name, REF:path (git) or - (standard input), each with @variant."
SpecArgument = Annotated[list[str], typer.Argument(metavar="SPEC...", help=SPEC_HELP, autocompletion=completion.specs)]
OneSpecArgument = Annotated[str, typer.Argument(metavar="SPEC", help=SPEC_HELP, autocompletion=completion.specs)]
NetworksArgument = Annotated[
    list[str],
    typer.Argument(metavar="SPEC...", help=f"{SPEC_HELP} Or an ONNX file.", autocompletion=completion.specs),
]
OneNetworkArgument = Annotated[
    str, typer.Argument(metavar="SPEC", help=f"{SPEC_HELP} Or an ONNX file.", autocompletion=completion.specs)
]
RowArgument = Annotated[
    str,
    typer.Argument(
        metavar="[ROW-OR-LAYER]",
        help="A row (3a), a layer (3a/5x5) or node (/layer1/conv1/Conv), or total.",
        autocompletion=completion.rows,
    ),
]
InputsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--input",
        metavar="[NAME=]SIZE",
        help="Another size of the first input, such as 3x299x299, or of one by name: text=128. "
        "Of an ONNX file all axes: 1x3x299x299, ids=1x64. Repeatable.",
        autocompletion=completion.inputs,
    ),
]
ValueOption = Annotated[
    list[str] | None,
    typer.Option(
        "--value", metavar="NAME=N", help="The value of an integer input of an ONNX file: sr=16000. Repeatable."
    ),
]
BatchOption = Annotated[int | None, typer.Option("--batch", min=1, metavar="N", help="Images in a batch.")]
SetOption = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="NAME=VALUE",
        help="Set a symbol; NAME= leaves it free. Repeatable.",
        autocompletion=completion.settings,
    ),
]
BYTES_TYPES = f"{listed(DTYPES, 'or')}: for bytes."
DtypeOption = Annotated[str, choice("--dtype", DTYPES, BYTES_TYPES, "TYPE")]
TrainingOption = Annotated[bool, typer.Option("--training", help="Count the heads that exist in training only.")]
RoundOption = Annotated[
    int | None,
    typer.Option("--round", min=1, metavar="N", help="Round scaled filter counts to multiples of N (1: floor)."),
]
FormatOption = Annotated[str, format_option(ALL_FORMATS)]
OutputOption = Annotated[
    list[str] | None,
    typer.Option("--output", "-o", metavar="[FORMAT:]PATH", help="Write a file too. Repeatable."),
]


MOST_AXES = 8
"""No tensor of a network on record has as many."""


class NetworkOptions(TypedDict):
    """Keyword arguments of `analyze` that users may choose."""

    input: Sizes | None
    batch: int | None
    symbols: dict[str, str | None]
    training: bool
    round_to: int | None


def read_setting(
    input: Iterable[str] | None,  # noqa: A002 - the option's word
    batch: int | None,
    settings: Iterable[str] | None,
    training: bool = False,
    round_to: int | None = None,
) -> NetworkOptions:
    """What the options of a network's setting say, for `analyze`."""
    return {
        "input": read_inputs(input),
        "batch": batch,
        "symbols": read_settings(settings),
        "training": training,
        "round_to": round_to,
    }


def read_outputs(
    format: str,  # noqa: A002 - the option's word
    output: Iterable[str] | None,
    own: tuple[str, ...] = (),
    suffixes: Mapping[str, str] = SUFFIXES,
) -> tuple[str, list[Target]]:
    """`--format` and `--output` of a command; `own` are formats that it has besides the common ones."""
    targets = [read_target(text, own, suffixes) for text in output or ()]
    check_targets(target.path for target in targets)
    return read_format(format, own), targets


def one_of(word: str, known: Iterable[str], option: str) -> None:
    """Raises `InputError` for a word that an option does not know."""
    words = tuple(known)
    if word not in words:
        raise InputError(
            Problem(
                "bad-usage", f"{option}: '{word}' is none of {listed(words, all_in='--help')}", None, meant(word, words)
            )
        )


def read_inputs(texts: Iterable[str] | None) -> Sizes | None:
    """`ids=1x64` and its like by name; the size alone of the first input."""
    sizes: dict[str, tuple[int, ...]] = {}
    for text in texts or ():
        name, _, size = text.rpartition("=")
        if name in sizes:
            again = f"'{name}' twice" if name else "two sizes without a name"
            raise InputError(Problem("two-sizes", f"--input gives {again}", None, "write --input NAME=1x64 for each"))
        sizes[name] = read_size(size)
    if "" in sizes and len(sizes) > 1:
        what = "--input gives sizes with a name and one without"
        raise InputError(Problem("bad-input", what, None, "write --input NAME=1x64 for each"))
    return sizes.get("", sizes) or None


def read_size(text: str) -> tuple[int, ...]:
    """`3x299x299` as channels and the extent of each spatial axis; of a tensor all sizes."""
    sides = text.split("x")
    are_numbers = all(side.isascii() and side.isdigit() and len(side) < 10 and int(side) for side in sides)
    if len(sides) > MOST_AXES or not are_numbers:
        raise InputError(
            Problem(
                "bad-input",
                f"--input: '{text}' is no input size",
                None,
                "write channels x height x width: --input 3x224x224; of a signal 1x16000, of a vector 784",
            )
        )
    return tuple(map(int, sides))


def read_values(texts: Iterable[str] | None) -> dict[str, str | None]:
    """`NAME=N` pairs: the values of integer inputs."""
    values: dict[str, str | None] = {}
    for text in texts or ():
        name, _, value = text.rpartition("=")
        digits = value.removeprefix("-")
        if not name or name in values or not (digits.isascii() and digits.isdigit() and len(digits) < 19):
            what = f"--value: '{name}' has two values" if name in values else f"--value: '{text}' is no NAME=N"
            raise InputError(Problem("bad-value", what, None, "write --value sr=16000, once for each input"))
        values[name] = value
    return values


def read_settings(texts: Iterable[str] | None) -> dict[str, str | None]:
    """`NAME=VALUE` pairs; an empty value leaves the symbol free (None)."""
    settings: dict[str, str | None] = {}
    for text in texts or ():
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise InputError(Problem("bad-value", f"--set: '{text}' is no NAME=VALUE", None, "write --set size=448"))
        if name in settings:
            raise InputError(Problem("bad-value", f"--set: '{name}' is set twice", None, "leave one out"))
        settings[name] = value or None
    return settings


def not_both(names: Iterable[str], settings: Mapping[str, str | None], option: str) -> None:
    """Raises `InputError` where --set gives a value to what another option leaves open."""
    for name in names:
        if settings.get(name) is not None:
            raise InputError(
                Problem("bad-usage", f"'{name}' has a value and stands under {option} too", None, "leave its value out")
            )


def check_standard_input(specs: list[str]) -> None:
    """Raises `InputError` where standard input would have to be read twice."""
    if sum(spec == "-" or spec.startswith("-@") for spec in specs) > 1:
        raise InputError(Problem("bad-usage", "standard input can be read once only", None, "give '-' once"))
