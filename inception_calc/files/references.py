"""What a SPEC on the command line may name: a spec with a variant, or a file of another kind."""

from __future__ import annotations

from inception_calc.problems import InputError, Problem

DEFAULT = "default"
"""The variant where none is chosen."""

ONNX = "an ONNX file"


def is_onnx(reference: str) -> bool:
    """Whether a SPEC names an ONNX file: by its suffix, whatever variant is asked for."""
    return reference.lower().endswith(".onnx") or ".onnx@" in reference.lower()


def needs_spec(source: str, kind: str) -> InputError:
    """That a question is about specs alone."""
    what = f"this question needs a spec; '{source}' is {kind}"
    return InputError(Problem("needs-spec", what, None, "ask `inception-calc table`, or name a spec"))
