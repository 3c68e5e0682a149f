"""SPECs -> audits."""

from collections.abc import Iterable

from inception_calc.analysis.spec_source import sizes_judged
from inception_calc.audit.auditor import Auditor
from inception_calc.audit.entries import Audit
from inception_calc.audit.references import Library
from inception_calc.problems import Faults, InputError, Stop
from inception_calc.spec_file import DEFAULT, load


def audit(references: Iterable[str]) -> tuple[Audit, ...]:
    """The audits of some specs, in order; a spec without `@variant` also brings its variants that print something.

    Raises `InputError` with every formula and printed number that cannot be read, each in its place.
    """
    library = Library()
    audits: list[Audit] = []
    faults: list[Stop] = []
    for reference in references:
        with sizes_judged():
            loaded = load(reference)
        asked = loaded.variant != DEFAULT or reference.endswith(f"@{DEFAULT}")
        for variant in (loaded.variant,) if asked else (DEFAULT, *loaded.spec.variants):
            if variant != loaded.variant and loaded.is_second_name(variant):
                continue
            auditor = Auditor(library, library.variant(loaded, variant))
            found = auditor.audit()
            if auditor.faults:
                faults.append(auditor.loaded.error(Faults(auditor.faults)))
            if found.entries or variant == loaded.variant:
                audits.append(found)
    if faults:
        raise InputError(*dict.fromkeys(problem for fault in faults for problem in fault.problems))
    return tuple(audits)
