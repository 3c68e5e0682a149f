"""`inception-calc report`: a page to look at, and its pictures alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from inception_calc.analysis import DTYPES
from inception_calc.analysis.units import read_amount
from inception_calc.cli import completion
from inception_calc.cli.options import (
    BatchOption,
    DtypeOption,
    InputsOption,
    NetworksArgument,
    RoundOption,
    SetOption,
    TrainingOption,
    ValueOption,
    check_standard_input,
    choice,
    not_both,
    one_of,
    read_setting,
    read_values,
)
from inception_calc.files.whole import write_files
from inception_calc.formula.varied import Asked, numbers_of
from inception_calc.pictures.numbers import BY_LAYER, check_metric
from inception_calc.pictures.register import PICTURES, Request
from inception_calc.pictures.roofline import Roof, roof_of
from inception_calc.pictures.vega import drawn, require_vega, suffix_of
from inception_calc.problems import Fault, InputError, Problem
from inception_calc.report.output import write_out
from inception_calc.report.text import with_variant

EXAMPLES = """\b
Examples:
  inception-calc report googlenet -o report.html
  inception-calc report googlenet@naive googlenet -o both.html
  inception-calc report googlenet --picture cost -o cost.svg
  inception-calc report vgg_d --picture cost --metric params -o params.pdf"""


def command(
    specs: NetworksArgument,
    output: Annotated[
        str,
        typer.Option(
            "--output",
            "-o",
            metavar="PATH",
            help="The page (.html, or - for standard output); a picture: .svg .png .pdf.",
        ),
    ] = "",
    picture: Annotated[str | None, choice("--picture", PICTURES, f"Only one of {', '.join(PICTURES)}.", "NAME")] = None,
    metric: Annotated[str, choice("--metric", BY_LAYER, "What a picture is of.", "METRIC")] = "multiply_adds",
    over: Annotated[
        str,
        typer.Option(
            "--over",
            metavar="SYMBOL",
            help="What the picture `size` is over.",
            autocompletion=completion.listed_symbols,
        ),
    ] = "",
    roof: Annotated[
        str | None,
        typer.Option("--roof", metavar="FLOPS:BYTES", help="A machine: flops and bytes a second, 1.5T:100GB."),
    ] = None,
    calibration: Annotated[
        str | None,
        typer.Option("--calibration", metavar="FILE", help="A machine's roof from what validate --calibrate wrote."),
    ] = None,
    free: Annotated[
        str,
        typer.Option(
            "--free",
            metavar="A,B,...",
            help="Symbols and cells (3a.3x3 reduce) that get a slider; else size, batch and width multiplier.",
            autocompletion=completion.listed_symbols,
        ),
    ] = "",
    budget: Annotated[
        str | None, typer.Option("--budget", metavar="FILE", help="A budget file: its verdicts and its limits.")
    ] = None,
    input: InputsOption = None,  # noqa: A002 - the option's word
    batch: BatchOption = None,
    settings: SetOption = None,
    value: ValueOption = None,
    training: TrainingOption = False,
    round_to: RoundOption = None,
    dtype: DtypeOption = "fp32",
) -> None:
    """A page with everything to look at, in one file that needs no network; or one of its pictures alone.

    Needs inception-calc[report].
    """
    if not output:
        what = "a page is a file" if picture is None else "a picture is a file"
        fix = "write -o report.html" if picture is None else f"write -o {picture}.svg"
        raise InputError(Problem("no-path", what, None, fix))
    if budget is not None and picture not in (None, "size"):
        what = f"the picture {picture} has no limits"
        raise InputError(Problem("bad-usage", what, None, "leave --budget out, or draw the page or --picture size"))
    if picture is not None:
        one_of(picture, PICTURES, "--picture")
    one_of(dtype, DTYPES, "--dtype")
    check_metric(metric)
    suffix = suffix_of(output) if picture is not None else page_suffix(output)
    check_standard_input(specs)
    setting = read_setting(input, batch, settings, training, round_to)
    setting["symbols"] |= read_values(value)
    names = tuple(name for name in (part.strip() for part in free.split(",")) if name)
    not_both(names, setting["symbols"], "--free")
    asked = Asked(setting, names)
    require_vega()
    machine = read_roof(roof, calibration)
    analyses = [numbers_of(spec, asked, dtype) for spec in specs]
    verdicts = None
    if budget is not None:
        from inception_calc.page.budget import judged

        verdicts = judged(budget, [analysis.source for analysis, _ in analyses])
    if picture is not None:
        limits = limits_of((verdicts or {}).get(analyses[0][0].source, ()))
        spec = PICTURES[picture](Request(analyses, asked, metric, over, machine, limits))
        write_files([(Path(output), drawn(spec, suffix))])
        return
    from inception_calc.page.html import page
    from inception_calc.page.make import document_of

    title = ", ".join(with_variant(analysis.name, analysis.variant) for analysis, _ in analyses)
    text = page(title, document_of(analyses, asked, verdicts, machine))
    if output == "-":
        write_out(text)
    else:
        write_files([(Path(output), text.encode())])


def limits_of(verdicts: Iterable[Mapping[str, Any]]) -> list[tuple[str, str, int]]:
    """The limits of whole networks among some verdicts."""
    known = [one for one in verdicts if "limit" in one]
    return [(f"{one['id']}: {one['text']}", one["metric"], int(one["limit"])) for one in known]


def page_suffix(output: str) -> str:
    """The page's suffix; raises `InputError` where the file would be taken for something else."""
    suffix = Path(output).suffix.lower()
    if output != "-" and suffix not in (".html", ".htm"):
        what = f"the suffix of '{output}' is none of a page"
        raise InputError(Problem("unknown-format", what, None, "end it in .html, or ask for a --picture"))
    return suffix


def read_roof(text: str | None, calibration: str | None) -> Roof | None:
    """`1.5T:100GB`, or the best rates of a calibration's layers; raises `InputError` for both, and for neither kind."""
    if text is not None and calibration is not None:
        raise InputError(Problem("bad-usage", "--roof and --calibration are both a roof", None, "leave one out"))
    if calibration is not None:
        from inception_calc.latency.calibration import load_calibration

        return roof_of(load_calibration(Path(calibration)))
    if text is None:
        return None
    flops, colon, size = text.partition(":")
    try:
        if not colon:
            raise Fault("bad-number", f"'{text}' has one number")
        peak, bandwidth = read_amount(flops), read_amount(size, in_bytes=True)
        if not peak or not bandwidth:
            raise Fault("bad-number", f"'{text}' has a zero")
    except Fault as fault:
        fix = "write flops and bytes a second: --roof 1.5T:100GB"
        raise InputError(Problem("bad-value", f"--roof: {fault.what}", None, fix)) from None
    return Roof(float(peak), float(bandwidth), text)
