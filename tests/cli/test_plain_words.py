"""What is read without typer is read as typer reads it: typer is the judge, of values and of complaints."""

from __future__ import annotations

from typing import Annotated, Any

import pytest
import typer
from typer.core import TyperCommand
from typer.main import get_command

from inception_calc.cli.plain_words import read_plainly


class Plain(TyperCommand):
    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        read_plainly(self.get_params(ctx))
        return super().parse_args(ctx, args)


def outcome(cls: type[TyperCommand], words: list[str]) -> str:
    """What a command with one parameter of each kind gets, or the complaint."""
    got: dict[str, object] = {}

    def command(
        names: list[str],
        text: Annotated[str, typer.Option()] = "auto",
        many: Annotated[list[str] | None, typer.Option()] = None,
        number: Annotated[int | None, typer.Option(min=1, max=1000)] = None,
        seed: Annotated[int, typer.Option()] = 0,
        seconds: Annotated[float, typer.Option(min=0)] = 1.5,
        flag: Annotated[bool, typer.Option("--flag")] = False,
    ) -> None:
        got.update(locals())

    app = typer.Typer(add_completion=False, rich_markup_mode=None)
    app.command("x", cls=cls)(command)
    try:
        get_command(app).main(words, prog_name="x", standalone_mode=False)
    except typer.TyperException as error:
        return f"{type(error).__name__}: {error}"
    got.pop("got", None)
    return repr(got)


WORDS = {
    "--number": ("1", "007", "1000", "1001", "0", "-1", "+3", " 4", "1_0", "1e2", "2.0", "x", "²", "٣", ""),
    "--seed": ("9" * 15, "9" * 16, "9" * 30, "-5"),
    "--seconds": ("2", "0.5", "-1", "nan", "x"),
}


@pytest.mark.parametrize(
    "words",
    [
        ["a"],
        ["a", "b", "--text", "", "--many", "1", "--many", "ü", "--flag"],
        [],
        ["a", "--flag", "--nothing"],
        *(["a", option, word] for option, words in WORDS.items() for word in words),
    ],
)
def test_the_same_value_or_the_same_complaint(words: list[str]):
    assert outcome(Plain, words) == outcome(TyperCommand, words)
