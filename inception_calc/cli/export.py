"""`inception-calc export`: the graph, for runtimes (ONNX) and for the eye (DOT, Mermaid, JSON)."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from inception_calc.analysis import Analysis, analyze
from inception_calc.cli import completion
from inception_calc.cli.options import (
    BatchOption,
    InputsOption,
    OneSpecArgument,
    RoundOption,
    SetOption,
    TrainingOption,
    choice,
    format_option,
    one_of,
    read_setting,
)
from inception_calc.dims import SIDE_SYMBOLS
from inception_calc.problems import InputError, Problem, counted, listed
from inception_calc.report.output import check_targets, write_out, write_texts

if TYPE_CHECKING:
    from inception_calc.onnx_export.plan import Plan

EXAMPLES = """\b
Examples:
  inception-calc export googlenet -o googlenet.onnx
  inception-calc export googlenet --training --weights random --seed 7 -o training.onnx
  inception-calc export resnet50 --dynamic batch,size -o resnet50.onnx
  inception-calc export googlenet -f dot
  inception-calc export vgg_d --by row -f mermaid -o vgg.mmd"""

DRAWINGS = {"dot": "dot", "mermaid": "mermaid", "json": "graph_json"}
"""Format -> the module of `report` that draws it."""
SUFFIXES = {".onnx": "onnx", ".dot": "dot", ".gv": "dot", ".mmd": "mermaid", ".mermaid": "mermaid", ".json": "json"}
FORMATS = ("onnx", *DRAWINGS)
WEIGHTS = ("constant", "random", "hollow")
BOXES = ("layer", "row")
DYNAMIC = ("batch", *SIDE_SYMBOLS)
OF_OTHERS = tuple(f"_{name}" for name in SIDE_SYMBOLS)


def command(
    spec: OneSpecArgument,
    output: Annotated[str, typer.Option("--output", "-o", metavar="PATH", help="The file; its suffix says what.")] = "",
    format: Annotated[  # noqa: A002 - the option's word
        str, format_option(FORMATS, "onnx, dot, mermaid or json (JSON Graph Format).")
    ] = "",
    weights: Annotated[
        str, choice("--weights", WEIGHTS, "constant (small), random (seeded), or hollow (names and shapes only).")
    ] = "constant",
    seed: Annotated[int, typer.Option("--seed", min=0, help="Of --weights random.")] = 0,
    dynamic: Annotated[
        str,
        typer.Option(
            "--dynamic",
            metavar="batch,size",
            help="Leave these sizes free.",
            autocompletion=completion.listed_words(*DYNAMIC),
        ),
    ] = "",
    by: Annotated[str, choice("--by", BOXES, "A drawing's boxes: layer or row.")] = "layer",
    input: InputsOption = None,  # noqa: A002 - the option's word
    batch: BatchOption = None,
    settings: SetOption = None,
    training: TrainingOption = False,
    round_to: RoundOption = None,
) -> None:
    """The graph of an architecture: ONNX that runs as written, or a drawing.

    Nodes bear the names of layers, and the multiply-adds and params of each as metadata. Random weights of more
    than 64 MiB go into OUT.onnx.data. Needs inception-calc[onnx] for ONNX, nothing for the drawings.
    """
    kind = _kind(format, output)
    check_targets([output])
    one_of(weights, WEIGHTS, "--weights")
    one_of(by, BOXES, "--by")
    setting = read_setting(input, batch, settings, training, round_to)
    for name in filter(None, dynamic.replace(" ", "").split(",")):
        if not name.endswith(OF_OTHERS):  # `audio_length` is a symbol of its input, or is complained about as unknown
            one_of(name, DYNAMIC, "--dynamic")
        setting["symbols"][name] = None
    analysis = analyze(spec, **setting)
    if kind == "onnx":
        _export_onnx(analysis, output, weights, seed)
        return
    from inception_calc.report.network import network_of

    network = network_of(analysis, by)
    text = import_module(f"inception_calc.report.{DRAWINGS[kind]}").draw(network)
    if output in ("", "-"):
        write_out(text)
        return
    from inception_calc.report.text import visible

    write_texts([(output, text)])
    boxes, arrows = counted(len(network.boxes), "node"), counted(len(network.arrows), "edge")
    sys.stderr.write(f"{visible(output)}: {kind}, {boxes} and {arrows}\n")


def _export_onnx(analysis: Analysis, output: str, weights: str, seed: int) -> None:
    from inception_calc.onnx_export.model import OPSET, require_onnx, write_model
    from inception_calc.onnx_export.plan import plan
    from inception_calc.report.text import visible

    analysis.origin.must_be_spec()
    require_onnx()
    if output in ("", "-"):
        raise _bad("an ONNX model is no text for a terminal", "name a file: -o model.onnx")
    planned = plan(analysis)
    files = write_model(planned, Path(output), weights, seed)  # type: ignore[arg-type]
    names = listed(visible(str(path)) for path in files)
    sys.stderr.write(f"{names}: opset {OPSET}, {_nodes_text(planned, weights)}, checked by onnx\n")


def _nodes_text(planned: Plan, weights: str) -> str:
    """`143 nodes`; with constants each array is a node too, which viewers and profilers count: all are said."""
    nodes = counted(len(planned.nodes), "node")
    filling = len(planned.arrays) if weights == "constant" else 0
    whole = len(planned.nodes) + filling
    return f"{nodes} and {filling} that fill arrays (ConstantOfShape), {whole} in all" if filling else nodes


def _kind(format: str, output: str) -> str:  # noqa: A002 - the option's word
    """What to write: as `--format` says, else as the suffix does."""
    if format:
        one_of(format, FORMATS, "--format")
        return format
    found = SUFFIXES.get(Path(output).suffix.lower())
    if found is None:
        what = f"the suffix of '{output}' names no format" if output else "nothing says what to write"
        raise _bad(what, "write -o model.onnx, or -f dot")
    return found


def _bad(what: str, fix: str) -> InputError:
    return InputError(Problem("bad-usage", what, None, fix))
