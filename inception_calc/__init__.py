"""inception-calc: what a neural-network architecture costs.

    >>> from inception_calc import analyze, load
    >>> analysis = analyze(load("googlenet"))
    >>> analysis.totals.multiply_adds
    1582671872
    >>> [row.totals.params for row in analysis.rows if row.name == "3a"]
    [163696]
    >>> from inception_calc import check, compare
    >>> float(compare(["googlenet@naive", "googlenet"]).ratios["multiply_adds"][1]) < 0.13
    True

`load` reads and checks a spec, `analyze` counts it, `compare` sets several side by side, `check` holds them against a
budget file. Each is imported when it is first asked for.
"""

from __future__ import annotations

TYPE_CHECKING = False  # as typing says it; importing typing takes longer than Ctrl-C should be met by a traceback
if TYPE_CHECKING:
    from typing import Any

    from inception_calc.analysis import Analysis, analyze
    from inception_calc.budget import Report, check
    from inception_calc.comparison import Comparison, compare
    from inception_calc.problems import InputError, Undecided
    from inception_calc.spec_file import LoadedSpec, load

__version__ = "0.1.0"
__all__ = [
    "Analysis",
    "Comparison",
    "InputError",
    "LoadedSpec",
    "Report",
    "Undecided",
    "__version__",
    "analyze",
    "check",
    "compare",
    "load",
]

_HOMES = {
    "Analysis": "inception_calc.analysis",
    "analyze": "inception_calc.analysis",
    "Report": "inception_calc.budget",
    "check": "inception_calc.budget",
    "Comparison": "inception_calc.comparison",
    "compare": "inception_calc.comparison",
    "InputError": "inception_calc.problems",
    "Undecided": "inception_calc.problems",
    "LoadedSpec": "inception_calc.spec_file",
    "load": "inception_calc.spec_file",
}


def __getattr__(name: str) -> Any:
    """The public names, imported when they are first used: the command line starts without them."""
    if name not in _HOMES:
        raise AttributeError(f"module 'inception_calc' has no attribute '{name}'")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
