"""`check --tighten`: limits that went stale are rewritten in place; every other byte of the file stays."""

from inception_calc.budget.judgement import Judgement, Report
from inception_calc.budget.read import Budgets
from inception_calc.files.whole import whole_file
from inception_calc.problems import InputError, Location, Problem


def tighten(budgets: Budgets, report: Report) -> list[str]:
    """Writes the proposed limits; one line in words for each."""
    stale = [judgement for judgement in report.judgements if judgement.proposal]
    if not stale:
        return []
    data = budgets.path.read_bytes()
    lines = data.decode("utf-8").split("\n")
    said = []
    for judgement in sorted(stale, key=_place, reverse=True):  # from the end, so that earlier places stay right
        place = judgement.limit_location
        assert place is not None
        _replace(lines, place, judgement)
        change = f"{judgement.metric}: {judgement.limit_text} -> {judgement.proposal}"
        said.append(f"{place.file}:{place.line}: {judgement.id}: {change}")
    with whole_file(budgets.path, even_if_read=True) as file:
        file.write("\n".join(lines).encode("utf-8"))
    return said[::-1]


def _place(judgement: Judgement) -> tuple[int, int]:
    place = judgement.limit_location
    return (place.line, place.column) if place is not None else (0, 0)


def _replace(lines: list[str], place: Location, judgement: Judgement) -> None:
    bom = "\N{ZERO WIDTH NO-BREAK SPACE}"  # the reader does not count it
    start = place.column - 1 + (place.line == 1 and lines[0].startswith(bom))
    line = lines[place.line - 1]
    end = start + len(judgement.limit_text)
    if line[start:end] != judgement.limit_text:
        raise InputError(
            Problem("moved", f"the limit '{judgement.limit_text}' does not stand here any more", place, "run it again")
        )
    lines[place.line - 1] = line[:start] + judgement.proposal + line[end:]
