"""inception-calc: what a neural-network architecture costs.

    >>> from inception_calc import analyze, load
    >>> analysis = analyze(load("googlenet"))
    >>> analysis.totals.multiply_adds
    1582671872
    >>> [row.totals.params for row in analysis.rows if row.name == "3a"]
    [163696]

`load` reads and checks a spec, `analyze` counts it; both are imported when they are first asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from inception_calc.analysis import Analysis, analyze
    from inception_calc.problems import InputError
    from inception_calc.spec_file import LoadedSpec, load

__version__ = "0.1.0"
__all__ = ["Analysis", "InputError", "LoadedSpec", "__version__", "analyze", "load"]

_HOMES = {
    "Analysis": "inception_calc.analysis",
    "analyze": "inception_calc.analysis",
    "InputError": "inception_calc.problems",
    "LoadedSpec": "inception_calc.spec_file",
    "load": "inception_calc.spec_file",
}


def __getattr__(name: str) -> Any:
    """The public names, imported when they are first used: the command line starts without them."""
    if name not in _HOMES:
        raise AttributeError(f"module 'inception_calc' has no attribute '{name}'")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
