"""The shipped specs as a table or JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping

from inception_calc.analysis import CONVENTION, Analysis
from inception_calc.analysis.spec_source import spec_of
from inception_calc.report.json_values import number, shape
from inception_calc.report.table import Cell, Column, Table
from inception_calc.report.text import short

COLUMNS = (
    Column("spec", "spec", importance=9),
    Column("architecture", "architecture", importance=3),
    Column("year", "year", importance=3),
    Column("input", "input", numeric=True, importance=4),
    Column("params", "params", numeric=True, importance=9),
    Column("multiply_adds", "multiply-adds", numeric=True, importance=9),
    Column("depth", "depth", numeric=True, importance=5),
    Column("variants", "variants", importance=7, prose=True),
)


def catalogue_table(analyses: Mapping[str, Analysis]) -> Table:
    """One line for each spec; costs are those of its default variant."""
    rows = []
    for name, analysis in analyses.items():
        totals, spec = analysis.totals, spec_of(analysis.origin).spec
        variants = ", ".join(spec.variants)
        year = spec.source.year or ""
        rows.append(
            (
                Cell(name, name),
                Cell(analysis.name, analysis.name),
                Cell(year, year),
                Cell("x".join(map(str, analysis.setting.input)), "x".join(map(str, analysis.setting.input))),
                Cell(short(totals.params), totals.params),
                Cell(short(totals.multiply_adds), totals.multiply_adds),
                Cell(str(totals.depth), totals.depth),
                Cell(variants, variants),
            )
        )
    notes = ("inception-calc table SPEC, or SPEC@VARIANT",)
    return Table(f"{len(rows)} shipped specs", COLUMNS, tuple(rows), (), notes, (("convention", CONVENTION),))


def catalogue_document(analyses: Mapping[str, Analysis]) -> str:
    """`{"specs": [...]}`, one line for each spec."""
    entries = [
        json.dumps(
            {
                "spec": name,
                "name": analysis.name,
                "title": spec_of(analysis.origin).spec.source.title,
                "variants": ["default", *spec_of(analysis.origin).spec.variants],
                "input": shape(analysis.setting.input),
                "params": number(analysis.totals.params),
                "multiply_adds": number(analysis.totals.multiply_adds),
                "depth": analysis.totals.depth,
            }
        )
        for name, analysis in analyses.items()
    ]
    body = ",\n ".join(entries)
    return f'{{"convention": {json.dumps({"multiply_adds": CONVENTION})}, "specs": [\n {body}\n]}}\n'
