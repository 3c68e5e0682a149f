"""What a proof says, as a table and as JSON: how much was compared, what did not come out, which inputs were made."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from inception_calc.onnx_run.proof import Mismatch, ModelProof, Proof
from inception_calc.problems import counted
from inception_calc.report.table import Cell, Column, Table
from inception_calc.report.text import exact

CHECK_RUN = "output shape, params, weights, buffers and multiply-adds of what ran"
CHECK_ONES = "the sum over a layer run on ones (effective multiply-adds)"


def proof_table(title: str, proof: Proof | ModelProof) -> Table:
    """How many layers were compared in what, or the mismatches where there are any."""
    if isinstance(proof, ModelProof):
        return _model_table(title, proof)
    if proof.mismatches:
        return _mismatch_table(title, proof.mismatches, proof.layers, "layers")
    columns = (Column("check", "counted equals", importance=9), Column("layers", "layers", True, 9))
    rows = (
        (Cell(CHECK_RUN, CHECK_RUN), Cell(str(proof.layers), proof.layers)),
        (Cell(CHECK_ONES, CHECK_ONES), Cell(str(proof.ones), proof.ones)),
    )
    return Table(f"{title}: exact proof", columns, rows, (), ("0 mismatches",))


def _mismatch_table(
    title: str, mismatches: tuple[Mismatch, ...], compared: int, what: str, notes: tuple[str, ...] = ()
) -> Table:
    """The numbers that did not come out, of so many layers or nodes."""
    many = "1 mismatch" if len(mismatches) == 1 else f"{len(mismatches)} mismatches"
    said = f"{many} in {exact(compared)} {what}: what is counted is not what ran"
    headings = ("layer", "what", "counted", "ran")
    columns = tuple(Column(name, name, name in ("counted", "ran"), 9) for name in headings)
    rows = tuple(map(_mismatch, mismatches))
    return Table(f"{title}: exact proof failed", columns, rows, (), (said, *notes))


def _mismatch_entries(mismatches: tuple[Mismatch, ...]) -> list[dict[str, Any]]:
    """The JSON of them."""
    return [
        {"layer": mismatch.layer, "what": mismatch.what, "counted": mismatch.counted, "ran": mismatch.ran}
        for mismatch in mismatches
    ]


def _mismatch(mismatch: Mismatch) -> tuple[Cell, ...]:
    counted, ran = _shown(mismatch.counted), _shown(mismatch.ran)
    return (
        Cell(mismatch.layer, mismatch.layer),
        Cell(mismatch.what, mismatch.what),
        Cell(counted, counted),
        Cell(ran, ran),
    )


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return "x".join(map(str, value))
    return exact(value) if isinstance(value, int) else str(value)


def proof_entry(proof: Proof | ModelProof) -> dict[str, Any]:
    """The JSON of a proof: how many layers, and what did not come out."""
    if isinstance(proof, ModelProof):
        return _model_entry(proof)
    mismatches = _mismatch_entries(proof.mismatches)
    return {"layers": proof.layers, "mismatches": mismatches, "run_on_ones": proof.ones}


# a file of a user's own

CHECKS = (
    "the output shapes of nodes that ran",
    "the multiply-adds of kernels, from the shapes that they got and gave",
    "the elements of constants that kernels got",
)
MOST_OPEN = 10
"""Lines about what could not be compared; JSON has all."""


def _model_table(title: str, proof: ModelProof) -> Table:
    """How much was compared in what, or the mismatches where there are any."""
    notes = tuple(_notes(proof))
    if proof.mismatches:
        return _mismatch_table(title, proof.mismatches, proof.nodes, "nodes", notes)
    columns = (Column("check", "counted equals", importance=9), Column("compared", "compared", True, 9))
    counts = (proof.nodes, proof.computing, proof.constants)
    rows = tuple((Cell(check, check), Cell(exact(count), count)) for check, count in zip(CHECKS, counts, strict=True))
    return Table(f"{title}: exact proof", columns, rows, (), ("0 mismatches", *notes))


def _notes(proof: ModelProof) -> Iterator[str]:
    for one in proof.open[:MOST_OPEN]:
        yield f"not compared: {one.layer}: {one.what}: {one.why}"
    if len(proof.open) > MOST_OPEN:
        yield f"and {counted(len(proof.open) - MOST_OPEN, 'other')} (all with -f json)"
    if proof.unseen:
        yield f"constants that are cut, joined or passed on are not compared: those of {counted(proof.unseen, 'layer')}"
    for name, size in proof.sizes.items():
        yield f"{name} is known in a run only: {size:,} in this one"
    for made in proof.inputs:
        yield f"input made: {made.says}"


def _model_entry(proof: ModelProof) -> dict[str, Any]:
    """The JSON of a proof, as for specs, and what only files have."""
    return {
        "layers": proof.layers,
        "mismatches": _mismatch_entries(proof.mismatches),
        "run_on_ones": 0,
        "nodes": proof.nodes,
        "multiplying": proof.computing,
        "constants": proof.constants,
        "constants_not_compared_in": proof.unseen,
        "not_compared": [{"layer": one.layer, "what": one.what, "why": one.why} for one in proof.open],
        "sizes": dict(proof.sizes),
        "inputs": [
            {"name": made.name, "type": made.dtype, "shape": list(made.shape), "says": made.says}
            for made in proof.inputs
        ],
    }
