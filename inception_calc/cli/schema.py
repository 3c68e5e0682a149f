"""`inception-calc schema`: JSON Schemas, for completion and checks in editors."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from inception_calc.problems import InputError, Problem, listed, nearest
from inception_calc.report.output import write_out

EXAMPLES = """\b
Examples:
  inception-calc schema spec > spec.schema.json
  inception-calc schema budget > budget.schema.json
  inception-calc schema sweep > sweep.schema.json"""

KINDS = ("spec", "budget", "sweep")


def schema_text(kind: str) -> str:
    """The schema as it is kept in a file."""
    if kind == "budget":
        from inception_calc.budget.json_schema import budget_schema as schema
    elif kind == "sweep":
        from inception_calc.sweep.sweep_file import sweep_schema as schema
    else:
        from inception_calc.spec.json_schema import spec_schema as schema
    return json.dumps(schema(), indent=1, ensure_ascii=False) + "\n"


def command(kind: Annotated[str, typer.Argument(metavar="KIND", help="spec, budget or sweep.")] = "spec") -> None:
    """The JSON Schema of specs, budget or sweep files; named in a file's first line, editors complete and check by it.

    # yaml-language-server: $schema=spec.schema.json
    """
    if kind not in KINDS:
        raise InputError(
            Problem(
                "bad-usage", f"there is no schema '{kind}'", None, nearest(kind, KINDS) or f"there are {listed(KINDS)}"
            )
        )
    write_out(schema_text(kind))
