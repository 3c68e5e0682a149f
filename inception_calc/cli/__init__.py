"""The command line: each command reads, calls one function, reports, and exits with a code.

A command's module is imported when it is called, so that start-up does not grow with the number of commands.
"""

from __future__ import annotations

from importlib import import_module
from typing import Annotated, Any, NamedTuple

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from inception_calc.cli.guard import guarded, shows_tracebacks
from inception_calc.cli.plain_words import read_plainly
from inception_calc.problems import nearest


class Registered(NamedTuple):
    """A command: its module in this package, and what it is for, in a line that fits."""

    module: str
    purpose: str


COMMANDS = {
    "table": Registered("table", "What does it cost, row by row?"),
    "compare": Registered("compare", "What is different, and where does it come from?"),
    "check": Registered("check", "Does it fit its budgets?"),
    "explain": Registered("explain", "Where does a number come from?"),
    "formula": Registered("formula", "How does the cost grow? Closed forms."),
    "solve": Registered("solve", "What is the largest that fits?"),
    "sweep": Registered("sweep", "Which networks of a whole space fit?"),
    "audit": Registered("audit", "Do a paper's numbers follow from its own table?"),
    "init": Registered("init", "Start with budgets: a budget file and a CI file."),
    "export": Registered("export", "The graph as ONNX, DOT, Mermaid or JSON."),
    "import": Registered("import_spec", "A spec from an ONNX file, proved to count the same."),
    "validate": Registered("validate", "Are the counts exact? How long does it take? By a run."),
    "predict": Registered("predict", "How long would it take on a calibrated machine?"),
    "report": Registered("report", "A page to look at, and pictures for papers."),
    "list": Registered("list_shipped", "What is shipped?"),
    "schema": Registered("schema", "JSON Schemas of specs and budget files, for editors."),
}
"""The commands in the order of `--help`."""

EXIT_CODES = """Exit codes: 0 fine; 1 the answer is no; 2 wrong usage or invalid input; 3 cannot be decided;
4 an optional part is not installed; 70 a bug in the program; 130 interrupted; 141 closed pipe."""

MARK = "<stdin>"


class SpecCommand(TyperCommand):
    """A command that takes `-@variant`, standard input with a variant, for an argument and not for an option.

    An option that it does not have gets the nearest, and none where it is no misspelling: `--dtype` is no `--top`.
    """

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Reads the command line; such words bear a mark in place of the dash meanwhile."""

        def restored(value: Any) -> Any:
            if isinstance(value, list):
                return [restored(item) for item in value]
            return f"-{value[len(MARK) :]}" if isinstance(value, str) and value.startswith(MARK) else value

        read_plainly(self.get_params(ctx))
        marked = [f"{MARK}{word[1:]}" if word.startswith("-@") else word for word in args]
        try:
            rest = super().parse_args(ctx, marked)
        except typer.TyperException as error:
            option = getattr(error, "option_name", "")
            if not hasattr(error, "possibilities"):
                raise
            shown = [param for param in self.params if not getattr(param, "hidden", False)]
            known = [name for param in shown for name in param.opts if name.startswith("--")]
            ctx.fail(f"there is no option {option!r}\n  = {nearest(option, known) or 'see --help'}")
        ctx.params = {name: restored(value) for name, value in ctx.params.items()}
        return rest


class LazyGroup(TyperGroup):
    """A group that builds a command when it is asked for."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Reads the options before the command."""
        read_plainly(self.get_params(ctx))
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: Any) -> list[str]:
        """The commands in the order of `--help`."""
        return list(COMMANDS)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """The commands with what they are for; no command's module is imported for that."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, command.purpose) for name, command in COMMANDS.items()])

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that is called, and its arguments; a misspelt one gets the nearest."""
        if args[0] not in COMMANDS and not args[0].startswith("-") and not ctx.resilient_parsing:
            ctx.fail(f"there is no command '{args[0]}'\n  = {nearest(args[0], COMMANDS) or 'see --help'}")
        return super().resolve_command(ctx, args)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command, or None where there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"inception_calc.cli.{COMMANDS[cmd_name].module}")
        single = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
        single.command(
            cmd_name,
            cls=SpecCommand,
            short_help=COMMANDS[cmd_name].purpose,
            epilog=f"{module.EXAMPLES}\n\n{EXIT_CODES}",
        )(guarded(module.command))
        return get_command(single)


app = typer.Typer(
    name="inception-calc",
    cls=LazyGroup,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    epilog=EXIT_CODES,
)


def _version(asked: bool) -> None:
    if asked:
        from inception_calc import __version__

        typer.echo(f"inception-calc {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
    debug: Annotated[
        bool, typer.Option("--debug", help="Show tracebacks of bugs, as INCEPTION_CALC_DEBUG=1 does.")
    ] = False,
) -> None:
    """What a neural-network architecture costs: shapes, params and multiply-adds from a layer table in YAML.

    SPEC is a YAML file, - for standard input, a shipped name (see list), or REF:path for a git revision, each
    optionally with @variant.
    """
    guarded.debug = debug or shows_tracebacks()  # type: ignore[attr-defined]
