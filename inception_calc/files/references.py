"""What a SPEC on the command line may name: a spec with a variant, or a file of another kind."""

from __future__ import annotations

from pathlib import Path

from inception_calc.problems import InputError, Problem

DEFAULT = "default"
"""The variant where none is chosen."""

SPECS = (".yaml", ".yml", ".prototxt")
"""How files end that are read as specs."""
ONNX = "an ONNX file"


def is_onnx(reference: str) -> bool:
    """Whether a SPEC names an ONNX file: by its suffix, whatever variant is asked for."""
    return reference.lower().endswith(".onnx") or ".onnx@" in reference.lower()


def is_at_revision(reference: str) -> bool:
    """Whether a SPEC names a file of a git revision, `main:net.yaml`, and none that is there under this name."""
    path = Path(reference)
    try:
        return ":" in reference and not path.drive and not path.exists()
    except OSError:  # a name that is too long for the file system
        return False


def is_prototxt(source: str) -> bool:
    """Whether a file is a network as Caffe writes it, by its suffix."""
    return source.lower().endswith(".prototxt")


def needs_spec(source: str, kind: str) -> InputError:
    """That a question is about specs alone."""
    what = f"this question needs a spec; '{source}' is {kind}"
    return InputError(Problem("needs-spec", what, None, "ask `inception-calc table`, or name a spec"))
