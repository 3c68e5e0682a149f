"""`inception-calc import`: a spec that says what a network in a file of another program says."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from inception_calc.analysis.analyze import source_of
from inception_calc.cli import completion
from inception_calc.cli.options import BatchOption, InputsOption, SetOption, ValueOption, read_setting, read_values
from inception_calc.files.references import is_prototxt
from inception_calc.graph.source import Choice
from inception_calc.problems import InputError, Problem, counted
from inception_calc.report.output import check_targets, write_out, write_texts
from inception_calc.report.text import visible

if TYPE_CHECKING:
    from inception_calc.onnx_import import Imported

EXAMPLES = """\b
Examples:
  inception-calc import model.onnx --input 1x3x32x32 -o model.yaml
  inception-calc import deploy.prototxt -o net.yaml
  inception-calc import model.onnx --set batch=1 --set height=64 --set width=64 | inception-calc table -"""


def command(
    model: Annotated[
        str, typer.Argument(metavar="MODEL", help="An ONNX file, or Caffe's prototxt.", autocompletion=completion.specs)
    ],
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="PATH", help="The spec; - is standard output.")
    ] = "-",
    input: InputsOption = None,  # noqa: A002 - the option's word
    batch: BatchOption = None,
    settings: SetOption = None,
    value: ValueOption = None,
) -> None:
    """A spec that counts as another program's file does: rows by module, blocks where they repeat, names from the file.

    What is written is read again and compared: params, multiply-adds and the shape of every layer. Exit 1 where they
    differ, and what does. Where a node cannot be said in the words of specs, nothing is written: exit 2 names each
    such node, and why.
    """
    check_targets([output])
    if is_prototxt(model):
        from inception_calc.onnx_import.rewritten import rewritten
        from inception_calc.spec_file import load

        imported = rewritten(load(model))
    else:
        imported = _of_onnx(model, input, batch, settings, value)
    if output in ("", "-"):
        write_out(imported.text)
    else:
        write_texts([(output, imported.text)])
    for note in imported.notes:
        sys.stderr.write(f"note: {visible(note)}\n")
    written = "the spec" if output in ("", "-") else visible(output)
    if imported.differences:
        lines = "".join(f"  {visible(line)}\n" for line in imported.differences)
        sys.stderr.write(f"{written} does not count as {visible(model)} does:\n{lines}")
        raise typer.Exit(1)
    layers = counted(len(imported.spec.layers), "layer")
    sys.stderr.write(f"{written}: params, multiply-adds and shapes of {layers} are those of {visible(model)}\n")


def _of_onnx(
    model: str, inputs: list[str] | None, batch: int | None, settings: list[str] | None, value: list[str] | None
) -> Imported:
    """The spec of an ONNX file."""
    source = source_of(model)
    from inception_calc.graph.onnx import OnnxSource

    if not isinstance(source, OnnxSource):
        what = f"'{model}' is {source.kind}, not a file of another program"
        raise InputError(Problem("bad-usage", what, None, "name a file that ends in .onnx or .prototxt"))
    from inception_calc.onnx_import import import_spec

    setting = read_setting(inputs, batch, settings)
    return import_spec(source, Choice(setting["input"], batch, setting["symbols"] | read_values(value)))
