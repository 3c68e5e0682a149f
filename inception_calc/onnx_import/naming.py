"""What layers are called in the spec that is written: as the file calls them, where that says something."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from inception_calc.graph.model import Graph
from inception_calc.graph.modules import Key
from inception_calc.graph.onnx.layers import Made
from inception_calc.graph.onnx.scopes import by_name, dotted, without_repeats
from inception_calc.ops.nodes import Array

VALID = re.compile(r"[^\W_][\w .+-]{0,59}")
"""Names that stand in a spec as they are; others are made anew."""
OF_WEIGHTS = re.compile(r"[._-]?(weights?|kernel|w|bias|b|scale)([._-]?\d+)?$", re.IGNORECASE)
MADE = re.compile(r"(onnx)?_*([A-Z]?[A-Za-z]*)_?\d*$")
SHORT = {
    "convolution": "conv", "depthwise convolution": "depthwise", "transposed convolution": "up",
    "max pool": "pool", "average pool": "pool", "local response norm": "norm", "linear": "fc",
}  # fmt: skip


def names_of(made: Made, graph: Graph) -> list[str]:
    """For each layer its modules and its own name, `3a/5x5 reduce`; empty where nothing says one."""
    found = [_path(index, made) for index in range(len(graph.layers))]
    told = Counter(found)
    fronts = {path[0] for path in found if path}
    if len(fronts) == 1 and all(len(path) > 1 for path in found if path) and any(len(path) > 2 for path in found):
        found = [path[1:] for path in found]
    return ["/".join(path) if told[path] < 2 or len(path) > 1 else "" for path in found]


def _path(index: int, made: Made) -> Key:
    path, step = by_name(made.ways[index]), made.steps[index]
    if step is None:
        return ()
    if not made.named[index]:
        path = path[:-1] or _by_weights(made.layers[index].op.arrays(()))
    path = without_repeats(path) if path else path
    return path if path and all(VALID.fullmatch(part) for part in path) else ()


def _by_weights(held: Sequence[Array]) -> Key:
    """`gpu_0/conv1_w_0` is conv1, `layer1.0.conv1.weight` is layer1.0, conv1; nothing for `onnx::Conv_391`."""
    name = next((array.name for array in held if array.role == "weights"), "")
    *modules, own = re.split(r"[/.](?!\d+$)", name) if name else [""]
    own = OF_WEIGHTS.sub("", own)
    path = (*dotted(".".join(modules)), *([own] if own else ()))
    is_made = len(path) == 1 and (":" in path[0] or path[0].isdigit() or len(path[0].rstrip("0123456789_")) < 2)
    return () if is_made else path


class Names:
    """Names that differ from each other; those that nothing says are made of the operator."""

    def __init__(self) -> None:
        self._taken: set[str] = {"total"}
        self._made: Counter[str] = Counter()

    def unlike(self, name: str, word: str) -> str:
        """The name, or one such as `conv3`, with a number where it is taken."""
        if not name:
            return self._made_of(SHORT.get(word, word), "" if word in SHORT else " ", word != "block")
        chosen, number = name, 1
        while chosen in self._taken:
            number += 1
            chosen = f"{name} {number}"
        self._taken.add(chosen)
        return chosen

    def _made_of(self, short: str, gap: str, may_be_bare: bool) -> str:
        """`conv3`, `block 2`, and `softmax` for the first one."""
        chosen = short if gap and may_be_bare else ""
        while not chosen or chosen in self._taken:
            self._made[short] += 1
            chosen = f"{short}{gap}{self._made[short]}"
        self._made[short] += not self._made[short]
        self._taken.add(chosen)
        return chosen
