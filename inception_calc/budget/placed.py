"""Problems of a spec that come from how a budget counts it, put where the budget says so."""

from inception_calc.budget.models import Budget
from inception_calc.budget.read import Budgets
from inception_calc.problems import Path, Problem

SETTINGS = ("input", "batch", "set")
"""What a budget may choose and a spec may not bear."""


def placed(problem: Problem, budgets: Budgets, index: int) -> Problem:
    """The problem at the key of the budget that is meant.

    A symbol or a variant that there is not is the budget's mistake; what stands in the spec stays there, with a note
    where the budget chose another input, batch or symbol than the spec's own.
    """
    budget = budgets.file.budgets[index]
    path = _path(problem, budget)
    at_key = problem.code == "unknown-symbol"
    place = budgets.location("budgets", index, *path, at_key=at_key) if path else None
    if place is not None:
        in_symbols = path[0] == "set" and problem.code == "bad-value"
        fix = f"write {problem.about}: 4, or '{problem.about}:' alone to leave it free" if in_symbols else problem.fix
        return problem._replace(location=place, fix=fix)
    if problem.location is None:
        return problem._replace(location=budgets.location("budgets", index, "id"))
    chosen = [budgets.location("budgets", index, key) for key in SETTINGS if key in budget.model_fields_set]
    notes = [f"counted as {place.file}:{place.line}:{place.column} says" for place in chosen if place is not None]
    return problem._replace(notes=(*problem.notes, *notes))


def _path(problem: Problem, budget: Budget) -> Path:
    """Keys of the budget that lead to what the problem is about; none where it is the spec's own."""
    about = problem.about
    if about and about in budget.set:
        return ("set", about)
    if about and problem.code == "unknown-variant":
        if budget.compare is not None:
            return ("compare", "to" if about == budget.compare.to else "variant")
        return ("variant",)
    return (about,) if about in SETTINGS else ()
