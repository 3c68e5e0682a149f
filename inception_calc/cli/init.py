"""`inception-calc init`: a starter spec, a budget file from the present costs, and a CI workflow."""

import datetime
from pathlib import Path
from typing import Annotated

import typer

from inception_calc.analysis import Analysis, analyze
from inception_calc.analysis.spec_source import spec_of
from inception_calc.budget.ci_files import CI_FILES, ci_file
from inception_calc.budget.match import matching_files
from inception_calc.budget.read import NAME, read_file
from inception_calc.budget.starter import SPEC, budget_lines, budget_text, identities
from inception_calc.cli import completion
from inception_calc.cli.options import (
    one_of,
)
from inception_calc.files.whole import make_folder, new_file
from inception_calc.problems import InputError, Problem, Stop, Undecided, listed
from inception_calc.report.text import visible
from inception_calc.spec_file import load, shipped
from inception_calc.spec_file.git import Repository, repository

EXAMPLES = """\b
Examples:
  inception-calc init
  inception-calc init googlenet --ci none
  inception-calc init specs/googlenet.yaml --ci pre-commit"""

A_WHILE = datetime.timedelta(days=90)
"""How long the waiver of the example lasts."""
STARTER = "specs/network.yaml"


def command(
    specs: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[SPEC...]",
            help="Files, or shipped names, which are copied to specs/.",
            autocompletion=completion.specs,
        ),
    ] = None,
    ci: Annotated[str, typer.Option("--ci", metavar="KIND", help="github, gitlab, pre-commit or none.")] = "github",
    package: Annotated[
        str,
        typer.Option("--package", metavar="WHAT", help="What the CI file installs; else what is installed here."),
    ] = "",
) -> None:
    """Start with budgets: writes inception-calc.yaml from the present costs, and a CI file. Never overwrites.

    Without SPEC it takes the specs and ONNX files here and one folder below; without any, it writes a starter spec.
    """
    one_of(ci, (*CI_FILES, "none"), "--ci")
    file = ci_file(ci, package) if ci != "none" else None
    here = repository_here()
    found = counted([placed(spec) for spec in specs] if specs else existing_specs() or [starter()], bool(specs))
    until = datetime.datetime.now(datetime.UTC).date() + A_WHILE
    if not write_new(NAME, budget_text(found, here is not None, dearer(found), until)):
        say_uncovered(found, here is not None)
    if file is not None and here is not None and here.prefix:
        typer.echo(f"left out {file[0]}: CI systems read it at the repository's root only; run init there", err=True)
    elif file is not None:
        write_new(*file)
    first = here is not None and here.commit("HEAD") is None
    typer.echo(f"next: {'git add -A && git commit, then ' if first else ''}inception-calc check")


def say_uncovered(specs: dict[str, Analysis], in_git: bool) -> None:
    """Which specs the budget file that was there does not speak of, and the budgets that would hold them."""
    try:
        budgets = read_file(Path.cwd() / NAME)
    except Stop:
        typer.echo(
            f"{NAME} cannot be read, so what it speaks of is not known: `inception-calc check` says why", err=True
        )
        return
    patterns = {pattern for budget in budgets.file.budgets for pattern in budget.match}
    covered = {name for pattern in patterns for name in matching_files(pattern, budgets.folder)}
    missing = {path: analysis for path, analysis in specs.items() if Path(path).as_posix() not in covered}
    if not missing:
        return
    ids = identities(missing, [budget.id for budget in budgets.file.budgets])
    names = listed(map(visible, missing))
    typer.echo(f"{names}: under no budget of {NAME}; to change that, add to its list of budgets:", err=True)
    for line in budget_lines(missing, in_git, ids):
        typer.echo(visible(line), err=True)


def repository_here() -> Repository | None:
    """The git repository that this folder lies in; None where there is none, or git is not to be had."""
    try:
        return repository(Path())
    except Stop:
        return None


def counted(paths: list[str], wanted: bool) -> dict[str, Analysis]:
    """The specs that can be counted; one that the user named must be."""
    found: dict[str, Analysis] = {}
    for path in paths:
        try:
            analysis = analyze(path)
            if analysis.free:
                what = f"'{path}' leaves {listed(analysis.free)} free, so there is no number to limit"
                own = "give it a value in the spec's symbols"
                fix = own if analysis.origin.is_spec else f"write a budget of it with set: {{{analysis.free[0]}: 128}}"
                raise Undecided(Problem("free-symbol", what, None, fix))
            found[path] = analysis
        except Stop:
            if wanted:
                raise
            typer.echo(f"left out {visible(path)}: `inception-calc table` says why", err=True)
    if not found:
        raise InputError(Problem("no-spec", "no spec here can be counted", None, "inception-calc init SPEC"))
    return found


def dearer(specs: dict[str, Analysis]) -> dict[str, Analysis]:
    """For each spec its first variant that costs more, where there is one that can be counted."""
    found: dict[str, Analysis] = {}
    for path, analysis in specs.items():
        for name in spec_of(analysis.origin).spec.variants if analysis.origin.is_spec else ():
            try:
                other = analyze(f"{path}@{name}")
            except Stop:
                continue
            cost, more = analysis.totals.multiply_adds, other.totals.multiply_adds
            if isinstance(cost, int) and isinstance(more, int) and more > cost:
                found[path] = other
                break
        if found:
            break
    return found


def placed(spec: str) -> str:
    """The file of a spec below this folder; a shipped one is copied to specs/, with what it uses."""
    inside = shipped.path(spec) if not Path(spec).exists() else None
    if inside is not None:
        for name in used(spec):
            source = shipped.path(name)
            assert source is not None
            write_new(f"specs/{name}.yaml", source.read_text(encoding="utf-8"))
        return f"specs/{spec}.yaml"
    path = Path(spec)
    if path.is_absolute() or ".." in path.parts:
        what = f"'{spec}' does not lie below this folder, so no budget file here can speak of it"
        raise InputError(Problem("outside", what, None, "run init in a folder above it"))
    return path.as_posix()


def used(spec: str) -> list[str]:
    """A shipped spec and all that it takes blocks from."""
    names = [spec]
    for name in names:  # grows while it is walked
        names += [other for other in load(name).spec.use if other not in names]
    return names


def existing_specs() -> list[str]:
    """Files here and one folder below that look like specs, and ONNX files."""
    found = []
    for path in sorted([*Path().glob("*.y*ml"), *Path().glob("[!.]*/*.y*ml")]):
        if path.name != NAME and path.is_file() and path.stat().st_size < 1_000_000:
            text = path.read_text(encoding="utf-8", errors="replace")
            if "\nrows:" in text and "\ninput:" in text:
                found.append(path.as_posix())
    models = (path for path in [*Path().glob("*.onnx"), *Path().glob("[!.]*/*.onnx")] if path.is_file())
    return sorted([*found, *(path.as_posix() for path in models)])


def starter() -> str:
    """The starter spec, written."""
    write_new(STARTER, SPEC)
    return STARTER


def write_new(name: str, text: str) -> bool:
    """Writes a file that is not there; one that is there stays as it is. Whether it was written."""
    path = Path(name)
    make_folder(path.parent)
    try:
        with new_file(path) as file:
            file.write(text.encode("utf-8"))
    except FileExistsError:
        typer.echo(f"kept {visible(name)}: it exists")
        return False
    typer.echo(f"wrote {visible(name)}")
    return True
