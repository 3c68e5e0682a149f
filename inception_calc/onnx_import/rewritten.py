"""A network in Caffe's words -> the text of a spec: blocks where modules repeat, settings that most share said once."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from pathlib import Path

from inception_calc.analysis import Analysis, LayerCost, analyze
from inception_calc.onnx_import.blocks import with_blocks
from inception_calc.onnx_import.defaults import defaults_of
from inception_calc.onnx_import.importing import SCHEMA, Imported, spec_analyzed
from inception_calc.onnx_import.items import WINDOWED, Item
from inception_calc.onnx_import.table import TableRow
from inception_calc.onnx_import.text import spec_text
from inception_calc.onnx_import.windows import Accepted, Value
from inception_calc.ops.register import REGISTER
from inception_calc.problems import InputError
from inception_calc.spec_file import LoadedSpec
from inception_calc.spec_file.nodes import Mapping, Node, Scalar
from inception_calc.spec_file.nodes import Sequence as NodeSequence


def rewritten(loaded: LoadedSpec) -> Imported:
    """The spec that a prototxt file says, as YAML; it is read again and compared with the file, layer by layer."""
    rows = _Rows(loaded.root).rows
    defaults = defaults_of(row.step for row in rows)
    file = analyze(loaded)
    totals = file.totals
    comment = f"From {Path(loaded.source).name}: {totals.params:,} params, {totals.multiply_adds:,} multiply-adds."
    inputs = {name: tuple(shape) for name, shape in file.setting.entering.items()}

    def text(with_modules: bool) -> str:
        blocks, table = with_blocks(rows, defaults) if with_modules else ([], [*rows])
        return spec_text(str(loaded.spec.name), [SCHEMA, comment], inputs, defaults, blocks, table)

    written = text(True)
    try:
        spec = spec_analyzed(written, 1)
    except InputError:  # two layers of a block would bear one name
        written = text(False)
        spec = spec_analyzed(written, 1)
    return Imported(written, spec, (), tuple(_differences(file, spec)))


class _Rows:
    """The rows of a spec's nodes as steps."""

    def __init__(self, root: Mapping) -> None:
        self.numbers = count()
        self.rounding = _defaults(root)
        table = root.values["rows"]
        assert isinstance(table, Mapping)
        self.rows = [TableRow(name, self._item(node)) for name, node in table.values.items()]

    def _item(self, node: Node, name: str = "") -> Item:
        """One step."""
        if isinstance(node, Scalar):
            return Item(node.text, name=name, part=next(self.numbers))
        assert isinstance(node, Mapping)
        word = next(key for key in node.values if key in REGISTER)
        argument = node.values[word]
        settings = self._settings(node, word)
        if word == "sequence":
            assert isinstance(argument, Mapping)
            return Item(word, steps=tuple(self._item(step, step_name) for step_name, step in argument.values.items()))
        if isinstance(argument, Mapping) and word in ("concat", "sum", "product"):
            branches = tuple((branch, self._chain(step)) for branch, step in argument.values.items())
            return Item(word, settings=tuple(settings.items()), branches=branches, name=name, part=next(self.numbers))
        value = _value(argument)
        if word in WINDOWED and isinstance(value, str) and "/" in value:
            value, _, stride = value.partition("/")
            settings["stride"] = (stride,)
        return Item(word, value, tuple(settings.items()), name=name, part=next(self.numbers))

    def _chain(self, node: Node) -> tuple[Item, ...]:
        """The steps of a branch."""
        if isinstance(node, Scalar) and node.text == "identity":
            return ()
        item = self._item(node)
        return item.steps if item.word == "sequence" else (item,)

    def _settings(self, node: Mapping, word: str) -> dict[str, Accepted]:
        """What is set, for each setting every way in which it may be written."""
        settings: dict[str, Accepted] = {key: (_value(value),) for key, value in node.values.items() if key != word}
        if word in self.rounding and "rounding" not in settings:
            settings["rounding"] = (self.rounding[word],)
        return settings


def _defaults(root: Mapping) -> dict[str, str]:
    """How pools round where they do not say it."""
    found: dict[str, str] = {}
    defaults = root.values.get("defaults")
    for word, settings in defaults.values.items() if isinstance(defaults, Mapping) else ():
        assert isinstance(settings, Mapping)
        rounding = settings.values["rounding"]
        assert isinstance(rounding, Scalar)
        found[word] = rounding.text
    return found


def _value(node: Node) -> Value:
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, NodeSequence):
        return [_value(item) for item in node.items]
    assert isinstance(node, Mapping)
    return {key: value.text for key, value in node.values.items() if isinstance(value, Scalar)}


def _differences(file: Analysis, spec: Analysis) -> list[str]:
    """What differs, in words: there should be nothing."""
    if len(file.layers) != len(spec.layers):
        return [f"layers: {len(spec.layers)} in the spec, {len(file.layers)} in the file"]
    return [
        f"layer '{ours.layer.name}' is not the file's '{theirs.layer.name}'"
        for ours, theirs in zip(spec.layers, file.layers, strict=True)
        if _counts(ours) != _counts(theirs)
    ]


def _counts(cost: LayerCost) -> Sequence[object]:
    return cost.layer.output, cost.params, cost.buffers, cost.multiply_adds, cost.element_ops
