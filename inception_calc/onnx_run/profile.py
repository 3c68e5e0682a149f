"""ONNX Runtime's profile: what each kernel was given at run time, what it gave, and how long it took."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Shape = tuple[int, ...]
KERNEL = "_kernel_time"


@dataclass(frozen=True, slots=True)
class NodeRun:
    """One kernel in one run. Shapes of inputs include arrays where prepacking is off."""

    name: str
    op_type: str
    microseconds: int
    inputs: tuple[Shape, ...]
    outputs: tuple[Shape, ...]
    provider: str


@contextmanager
def profiled(inner: Any) -> Iterator[Callable[[], list[list[NodeRun]]]]:
    """A function that ends the profile of one of ONNX Runtime's sessions and gives the kernels of each run.

    The profile is ended whatever happens, so that its file can be deleted.
    """
    ended = False

    def runs() -> list[list[NodeRun]]:
        nonlocal ended
        ended = True
        return read_profile(Path(inner.end_profiling()))

    try:
        yield runs
    finally:
        if not ended:
            inner.end_profiling()


def read_profile(path: Path) -> list[list[NodeRun]]:
    """The kernels of each run, in order, and the file deleted.

    The profile is one list of events; a `model_run` stands after the kernels of its run.
    """
    events = json.loads(path.read_text(encoding="utf-8"))
    path.unlink()
    runs: list[list[NodeRun]] = []
    current: list[NodeRun] = []
    for event in events:
        if event.get("cat") == "Node" and event["name"].endswith(KERNEL):
            current.append(_node_run(event))
        elif event.get("name") == "model_run":
            runs.append(current)
            current = []
    return runs


def _node_run(event: dict[str, Any]) -> NodeRun:
    facts = event["args"]
    return NodeRun(
        event["name"].removesuffix(KERNEL),
        facts["op_name"],
        int(event["dur"]),
        _shapes(facts.get("input_type_shape", [])),
        _shapes(facts.get("output_type_shape", [])),
        facts.get("provider", ""),
    )


def _shapes(entries: list[dict[str, list[int]]]) -> tuple[Shape, ...]:
    """`[{"float": [1, 64, 56, 56]}]` without the element types."""
    return tuple(tuple(shape) for entry in entries for shape in entry.values())
