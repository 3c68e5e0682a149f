"""The JSON Schema of budget files, from the models that read them."""

from typing import Any

from inception_calc.budget.models import Budget, BudgetFile, Waiver
from inception_calc.spec.json_schema import DRAFT, object_schema


def budget_schema() -> dict[str, Any]:
    """The schema of a budget file."""
    budget = object_schema(Budget)
    budget["anyOf"] = [{"required": ["max"]}, {"required": ["change"]}]
    return {
        "$schema": DRAFT,
        "title": "inception-calc budgets",
        "description": "What architectures may cost, checked by `inception-calc check`.",
        **object_schema(BudgetFile),
        "$defs": {"Budget": budget, "Waiver": object_schema(Waiver)},
    }
