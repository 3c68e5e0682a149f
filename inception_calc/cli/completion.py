"""What a shell offers at TAB: specs, variants, rows, and the words of options.

Names come from files, and zsh evaluates what completes it: only words that every shell takes as they are are
offered. A spec that cannot be read offers nothing; complaints have no place on a command line that is being typed.
"""

from __future__ import annotations

import io
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import typer

from inception_calc.files.references import SPECS

HARMLESS = re.compile(r"[\w./+][\w./@+,:=%-]*")
SUFFIXES = (*SPECS, ".onnx")


def harmless(words: Iterable[str]) -> list[str]:
    """The words that need no quotes in any shell."""
    return [word for word in words if HARMLESS.fullmatch(word)]


def words(*known: str) -> Callable[[str], list[str]]:
    """A completion with fixed words."""

    def complete(incomplete: str) -> list[str]:
        return list(known)

    return complete


def listed_words(*known: str) -> Callable[[str], list[str]]:
    """A completion of `A,B,...`: the word after the last comma."""

    def complete(incomplete: str) -> list[str]:
        before = incomplete[: incomplete.rfind(",") + 1]
        return [before + word for word in known if word not in before.split(",")]

    return complete


def specs(incomplete: str) -> list[str]:
    """Shipped names, YAML, prototxt and ONNX files; after an @ the variants of what stands before it."""
    from inception_calc.spec_file import shipped

    name, at, _ = incomplete.rpartition("@")
    if at:
        return harmless(f"{name}@{variant}" for variant in variants(name))
    return harmless([*shipped.names(), *files(incomplete)])


def variants(reference: str) -> list[str]:
    """The variants of a spec; none where it cannot be read."""
    from inception_calc.spec_file import load

    if is_waited_for(reference):
        return []
    try:
        return ["default", *load(reference).spec.variants]
    except Exception:  # whatever it is, a line that is being typed is no place to say it
        return []


def is_waited_for(reference: str) -> bool:
    """Whether reading the spec would wait for input: from standard input, a pipe or a device."""
    paths = (Path(reference), Path(reference.rpartition("@")[0] or reference))
    return reference.partition("@")[0] == "-" or any(path.exists() and not path.is_file() for path in paths)


def files(incomplete: str) -> Iterator[str]:
    """Files that begin so, and those in folders that begin so: no shell then puts a space after a folder."""
    folder, slash, beginning = incomplete.rpartition("/")
    try:
        entries = sorted(Path(folder + slash).iterdir())
    except OSError:
        return
    for entry in entries:
        if not entry.name.startswith(beginning) or entry.name.startswith("."):
            continue
        if entry.is_dir() and beginning:
            inside = sorted(file.name for file in entry.iterdir() if file.suffix in SUFFIXES)
            yield from (f"{folder}{slash}{entry.name}/{name}" for name in inside)
        elif entry.suffix in SUFFIXES and entry.is_file():
            yield f"{folder}{slash}{entry.name}"


def operators(ctx: typer.Context, incomplete: str) -> list[str]:
    """The operators that are not known of the models that are named before; after the = the ways to count one."""
    from inception_calc.analysis import analyze
    from inception_calc.files.references import is_onnx
    from inception_calc.onnx_ops.told import WAYS

    name, equals, _ = incomplete.partition("=")
    if equals:
        return [f"{name}={way}" for way in WAYS]
    found = ctx.params.get("spec") or ctx.params.get("specs") or ctx.args
    references = [found] if isinstance(found, str) else list(found or ())
    models = [one for one in references if is_onnx(one) and not is_waited_for(one)]
    try:
        words = [layer.op.op for model in models for layer in analyze(model).graph.layers]
    except Exception:  # as above
        return []
    return [f"{name}=" for name in harmless(dict.fromkeys(word for word in words if "::" in word))]


def rows(ctx: typer.Context, incomplete: str) -> list[str]:
    """The rows and heads of the spec that is named before; after a slash the layers of a row. All nodes of a model."""
    from inception_calc.analysis import analyze
    from inception_calc.files.references import is_onnx
    from inception_calc.spec_file import load

    reference = ctx.params.get("spec")
    if not isinstance(reference, str) or is_waited_for(reference):
        return []
    try:
        if is_onnx(reference):
            graph = analyze(reference).graph
            return harmless(dict.fromkeys([row.name for row in graph.rows] + [layer.name for layer in graph.layers]))
        if "/" in incomplete:
            return harmless(cost.layer.name for cost in analyze(reference, training=True).layers)
        spec = load(reference).spec
    except Exception:  # as above
        return []
    return harmless([*spec.rows, *spec.heads])


def symbols(ctx: typer.Context, incomplete: str) -> list[str]:
    """What `--over` and `--free` may name: symbols, the spec's own and its cells; the free sizes of a model."""
    from inception_calc.analysis.analyze import source_of
    from inception_calc.dims import Shape
    from inception_calc.files.references import is_onnx
    from inception_calc.graph.cells import cells_of
    from inception_calc.spec_file import load

    reference = _named_before(ctx)
    if not reference or is_waited_for(reference):
        return list(Shape(1, 1, 1).built_in_symbols)
    try:
        if is_onnx(reference):
            return harmless(source_of(reference).symbols)
        spec = load(reference).spec
    except Exception:  # as above
        return list(Shape(1, 1, 1).built_in_symbols)
    return harmless([*spec.built_in_symbols, *spec.symbols, *cells_of(spec)])


def listed_symbols(ctx: typer.Context, incomplete: str) -> list[str]:
    """The same for `A,B,...`: the word after the last comma."""
    return listed_words(*symbols(ctx, incomplete))(incomplete)


def settings(ctx: typer.Context, incomplete: str) -> list[str]:
    """The same for `NAME=VALUE`."""
    return [f"{name}=" for name in symbols(ctx, incomplete)]


def inputs(ctx: typer.Context, incomplete: str) -> list[str]:
    """What `--input` may name: the inputs of the spec that have names."""
    from inception_calc.spec_file import load

    reference = _named_before(ctx)
    if not reference or is_waited_for(reference):
        return []
    try:
        return harmless(f"{name}=" for name in load(reference).spec.inputs)
    except Exception:  # as above
        return []


def _named_before(ctx: typer.Context) -> str:
    """The first SPEC on the line; empty where there is none yet."""
    found = ctx.params.get("spec") or ctx.params.get("specs") or ctx.args  # where an option still lacks its value
    reference = found[0] if isinstance(found, list | tuple) and found else found
    return reference if isinstance(reference, str) else ""


@contextmanager
def bash_words() -> Iterator[None]:
    """Completion in bash, which breaks words at an @ (COMP_WORDBREAKS) and replaces only what begins with it.

    The parts are joined before the command line is looked at, and what bash keeps is cut off afterwards.
    """
    parts = os.environ.get("COMP_WORDS", "").split("\n")
    position = int(os.environ.get("COMP_CWORD", "0"))
    joined: list[str] = []
    for index, part in enumerate(parts[: position + 1]):
        if joined and (part.startswith("@") or parts[index - 1] == "@") and index > 1:
            joined[-1] += part
        else:
            joined.append(part)
    os.environ["COMP_WORDS"] = "\n".join(joined)
    os.environ["COMP_CWORD"] = str(len(joined) - 1)
    kept = max(joined[-1].rfind("@"), 0) if len(joined) <= position else 0
    out, sys.stdout = sys.stdout, io.StringIO()
    try:
        yield
    finally:
        text, sys.stdout = sys.stdout.getvalue(), out
        sys.stdout.write("".join(f"{line[kept:]}\n" for line in text.splitlines()))
