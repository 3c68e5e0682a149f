"""Writes what benchmarks/gpu.py measured into docs/validate.md, and its calibrations beside the others."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gpu import BATCHES, DTYPES, RESULTS, calibration_name, write
from latency import CALIBRATIONS, PAGE, WIDTH, replaced

from inception_calc.analysis import analyze
from inception_calc.latency.calibration import Calibration, label_of, load_calibration
from inception_calc.latency.predict import Prediction, predict
from inception_calc.latency.units import units_of

SHIPPED_BATCH = BATCHES[0]
"""Its calibrations become files of the repository; those of the others are on the page alone."""
LEAST_OTHERS = 3
"""Networks that a prediction is made from."""


def write_page(folder: Path, page: Path = PAGE, calibrations: Path = CALIBRATIONS) -> None:
    """The page's figures and the calibrations; raises `ValueError` for results that are not of a GPU, or too few."""
    found = json.loads((folder / RESULTS).read_text(encoding="utf-8"))
    if found["provider"] != "CUDAExecutionProvider":
        raise ValueError(f"{found['provider']} made these times, and the page is about a GPU")
    lacking = [part for part in ("environment", "proofs", "roofs", "runs") if not found.get(part)]
    if lacking:
        raise ValueError(f"{folder / RESULTS} was cut off before there were {', '.join(lacking)}")
    known = {
        (dtype, batch): load_calibration(path)
        for dtype in DTYPES
        for batch in BATCHES
        if (path := folder / calibration_name(dtype, batch)).exists()
    }
    parts = [*said(found), "", *proofs(found), "", *runs(found), "", *pairs(found), "", *predictions(found, known)]
    parts += not_measured(found)
    write(page, replaced(page.read_text(encoding="utf-8"), {"gpu": "\n".join(parts)}))
    slug = re.sub(r"[^a-z0-9]+", "-", str(found["environment"]["gpu"]).lower()).strip("-")
    for dtype in DTYPES:
        shipped = known.get((dtype, SHIPPED_BATCH))
        if shipped is not None and len(shipped.networks) > LEAST_OTHERS:
            source = folder / calibration_name(dtype, SHIPPED_BATCH)
            write(calibrations / f"{slug}-{dtype}-batch-{SHIPPED_BATCH}.json", source.read_text(encoding="utf-8"))


def table(headings: str, rows: Iterator[list[str]]) -> list[str]:
    """A Markdown table; words stand left, numbers right."""
    names = headings.split(" | ")
    marks = ["---" if number == 0 else "---:" for number in range(len(names))]
    return [f"| {headings} |", f"|{'|'.join(marks)}|", *(f"| {' | '.join(row)} |" for row in rows)]


def said(found: dict[str, Any]) -> list[str]:
    """The card, the versions, and what the card can do at best."""
    facts, roofs = found["environment"], {roof["dtype"]: roof for roof in found["roofs"]}
    peaks = " and ".join(f"{roof['multiply_adds'] / 1e9:.1f} T in {dtype}" for dtype, roof in roofs.items())
    copy = max(roof["bytes"] for roof in roofs.values()) / 1e9
    text = (
        f"{found['date']}, {facts['gpu']}, driver {facts.get('driver', 'unknown')}, CUDA {facts.get('cuda')}, cuDNN "
        f"{facts.get('cudnn')}, ONNX Runtime {facts['onnxruntime']}, {facts['system']}, {facts['machine']}. Roof: "
        f"{peaks} multiply-adds/s (without TF32), {copy:.2f} TB/s."
    )
    return textwrap.wrap(text, WIDTH)


def proofs(found: dict[str, Any]) -> list[str]:
    """What was compared with what ran, and that full float32 was computed."""
    exact = [proof for proof in found["proofs"] if proof["dtype"] == "fp32"]
    ones = {proof["network"]: proof for proof in found["proofs"] if proof["dtype"] == "fp16"}

    def rows() -> Iterator[list[str]]:
        for proof in exact:
            half = ones.get(proof["network"])
            wrong = len(proof["wrong"]) + (len(half["wrong"]) if half else 0)
            numbers = (proof["layers"], proof["ones"], half["ones"] if half else "-", wrong)
            yield [proof["network"], *map(str, numbers)]

    bits = "took part" if found.get("full_float32") else "did NOT take part"
    text = (
        f"Weights of 1 + 2^-12, which TF32 rounds to 1, in every convolution and linear layer of {exact[0]['network']}"
        f": all 24 bits of float32 {bits}."
    )
    headings = "network | layers: shape, params, multiply-adds | on ones, fp32 | on ones, fp16 | mismatches"
    return [*table(headings, rows()), "", *textwrap.wrap(text, WIDTH)]


def runs(found: dict[str, Any]) -> list[str]:
    """Every network, batch and type that was timed."""
    by_place = {(run["network"], run["batch"], run["dtype"]): run for run in found["runs"]}
    networks = dict.fromkeys(network for network, *_ in by_place)

    def rows() -> Iterator[list[str]]:
        for network in networks:
            for batch in sorted(BATCHES):
                both = [by_place.get((network, batch, dtype)) for dtype in DTYPES]
                if any(both):
                    yield [network, str(batch), *(cell for run in both for cell in cells_of(run))]

    headings = ["network", "batch"]
    for dtype in DTYPES:
        headings += [f"{dtype} ms (95 %)", "images/s", "of roof"]
    return table(" | ".join(headings), rows())


def cells_of(run: dict[str, Any] | None) -> list[str]:
    """Time, images a second, share of the roof; a time that is too noisy says so."""
    if run is None:
        return ["", "", ""]
    time, (low, high) = run["milliseconds"], run["interval"]
    noisy = ", too noisy" if run["noise"] else ""
    share = run["multiply_adds"] / time / run["roof"]
    return [f"{time:.3g} ({low:.3g} to {high:.3g}{noisy})", f"{run['batch'] / time * 1000:,.0f}", f"{share:.1%}"]


def pairs(found: dict[str, Any]) -> list[str]:
    """Two networks in turns."""

    def rows() -> Iterator[list[str]]:
        for pair in found["pairs"]:
            low, high = pair["interval"]
            times = f"{pair['time']:.2f} ({low:.2f} to {high:.2f})"
            names = f"{pair['first']} : {pair['second']}, batch {pair['batch']}"
            yield [names, pair["dtype"], f"{pair['multiply_adds']:.2f}", times, pair["noise"] or pair["verdict"]]

    return table("in turns | type | ratio of multiply-adds | of time (95 %) | more work takes longer", rows())


def predictions(found: dict[str, Any], known: dict[tuple[str, int], Calibration]) -> list[str]:
    """Every run of which enough others are in the calibration of its batch and type, predicted from those."""

    def rows() -> Iterator[list[str]]:
        for (dtype, batch), calibration in known.items():
            for run in found["runs"]:
                if (run["dtype"], run["batch"]) != (dtype, batch):
                    continue
                analysis = analyze(run["spec"], batch=batch, dtype=dtype)
                if len(calibration.networks.keys() - {label_of(analysis)}) >= LEAST_OTHERS:
                    left_out = predict(units_of(analysis), calibration.fit_without(label_of(analysis)))
                    yield [run["network"], dtype, str(batch), *cells_of_prediction(left_out, run["milliseconds"])]

    return table("left out of the fit | type | batch | measured ms | predicted ms | error | 95 % interval", rows())


def not_measured(found: dict[str, Any]) -> list[str]:
    """The steps for which there was no time, and those that failed."""
    texts = []
    if found["left_out"]:
        texts.append(f"Not measured, for want of time: {', '.join(found['left_out'])}.")
    texts += [f"Failed: {failure['step']} ({failure['what']})." for failure in found["failures"]]
    return [line for text in texts for line in ("", *textwrap.wrap(text, WIDTH))]


def cells_of_prediction(left_out: Prediction, measured: float) -> list[str]:
    """Both times, error and interval; without kinds that the others lack."""
    lacking = f" without {', '.join(left_out.unseen)}" if left_out.unseen else ""
    error, interval = left_out.milliseconds / measured - 1, f"{left_out.low:.3g} to {left_out.high:.3g}"
    return [f"{measured:.3g}", f"{left_out.milliseconds:.3g}{lacking}", f"{error:+.0%}", interval]
