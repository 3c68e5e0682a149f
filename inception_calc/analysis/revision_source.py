"""An ONNX file as it stands at a git revision."""

from __future__ import annotations

from inception_calc.graph.onnx import OnnxSource, without_variant
from inception_calc.onnx_file import read_open
from inception_calc.spec_file.git import Commit
from inception_calc.spec_file.large_files import opened
from inception_calc.spec_file.revision import entry_of, named_at


def open_revision(reference: str) -> OnnxSource:
    """The model behind `REF:path`; raises `InputError`, `Undecided` where revision or file are not there."""
    name = without_variant(reference)
    return open_at(*named_at(name), name)


def open_at(commit: Commit, path: str, name: str) -> OnnxSource:
    """A model of a git revision; `name` is what people call it. Raises `InputError`, `Undecided` where it is not."""
    with opened(commit, entry_of(commit, path, "ONNX file", (".onnx",))) as file:
        return OnnxSource(read_open(file, name), name)
