"""An ONNX file -> the text of a spec that counts the same, with the proof that it does."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from inception_calc.analysis import Analysis, analyze
from inception_calc.files.references import is_at_revision
from inception_calc.graph.onnx import OnnxSource
from inception_calc.graph.onnx.layers import layers_of
from inception_calc.graph.source import Choice
from inception_calc.onnx_import.blocks import with_blocks
from inception_calc.onnx_import.defaults import defaults_of
from inception_calc.onnx_import.parts import Network, read_parts
from inception_calc.onnx_import.proof import differences, other_element_ops
from inception_calc.onnx_import.table import rows_of
from inception_calc.onnx_import.text import spec_text
from inception_calc.problems import InputError
from inception_calc.spec_file.load import load_text
from inception_calc.spec_file.use import Origin

SCHEMA = "yaml-language-server: $schema=spec.schema.json"


class Imported(NamedTuple):
    """The text of the spec, and what is to be said about it."""

    text: str
    spec: Analysis
    notes: tuple[str, ...]
    """What the spec says otherwise than the file, without a difference in cost."""
    differences: tuple[str, ...]
    """Where it does not count the same."""


def import_spec(source: OnnxSource, choice: Choice) -> Imported:
    """The spec of a model; raises `InputError` with each node that cannot be said in the words of specs."""
    setting = source.setting(choice)
    walked = source.walked(setting)
    made = layers_of(walked)
    graph = source.graph_of(walked, made, setting)
    network = read_parts(walked, made, graph, source.source)
    rows, order = rows_of(network, graph)
    file = analyze(source, input=choice.input, batch=choice.batch, symbols=choice.symbols)
    comments = [SCHEMA, *_comments(file, network)]
    defaults = defaults_of(step for row in rows for step in (row.step, *row.then))

    def text(with_modules: bool) -> str:
        blocks, table = with_blocks(rows, defaults) if with_modules else ([], [*rows])
        path = source.source.rpartition(":")[2] if is_at_revision(source.source) else source.source
        name = Path(path).stem
        return spec_text(name, comments, network.inputs, defaults, blocks, table)

    written = text(True)
    try:
        spec = spec_analyzed(written, network.batch)
    except InputError:  # two layers of a block would bear one name
        written = text(False)
        spec = spec_analyzed(written, network.batch)
    notes = [*network.notes, *filter(None, [other_element_ops(file, spec)])]
    return Imported(written, spec, tuple(notes), tuple(differences(file, spec, network, order)))


def _comments(file: Analysis, network: Network) -> list[str]:
    totals = file.totals
    batch = "" if network.batch == 1 else f" for a batch of {network.batch}"
    counts = f"{totals.params:,} params, {totals.multiply_adds:,} multiply-adds{batch}"
    return [f"From {Path(file.source).name}: {counts}.", *network.notes]


def spec_analyzed(text: str, batch: int) -> Analysis:
    """What the written spec counts."""

    def none(name: str) -> Origin:
        raise AssertionError(name)

    return analyze(load_text(Origin("the spec written", text, none)), batch=batch)
