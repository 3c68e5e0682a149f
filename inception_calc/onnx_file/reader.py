"""A file or bytes to a `Model`: the messages that hold other messages, and what the file is when it is no model."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import BinaryIO

from inception_calc.files.foreign import folder, foreign, is_text
from inception_calc.files.reads import remember
from inception_calc.onnx_file.attributes import Nodes
from inception_calc.onnx_file.messages import Function, Graph, Model
from inception_calc.onnx_file.tensors import integer, read_pair, span, text
from inception_calc.onnx_file.wire import FIX_DAMAGED, Source
from inception_calc.problems import Fault, InputError, Problem

FIRST_WITH_OPSETS = 3
MOST_PIPED = 1 << 28
"""A pipe cannot be asked for a place: all that comes through it is kept while it is read."""


def read_file(path: Path) -> Model:
    """The model in a file, which is remembered as read in this run; external data beside it are never opened.

    Raises `InputError` for what is no model, no regular file and no pipe.
    """
    name = str(path)
    try:
        with path.open("rb") as file:
            remember(file.fileno(), name)
            status = os.fstat(file.fileno())
            if stat.S_ISREG(status.st_mode):
                return read_open(file, name)
            if not stat.S_ISFIFO(status.st_mode):
                raise OSError("it is no regular file")
            data = file.read(MOST_PIPED + 1)
    except (OSError, ValueError) as error:
        fix = folder(path) or "name an ONNX file that can be read"
        why = getattr(error, "strerror", None) or error
        raise InputError(Problem("unreadable", f"cannot read '{name}': {why}", None, fix)) from None
    if len(data) > MOST_PIPED:
        what = f"{name}: more than {MOST_PIPED:,} bytes come through the pipe"
        raise InputError(Problem("too-large", what, None, "write them to a file, and name it"))
    return read_bytes(data, name)


def read_open(file: BinaryIO, name: str) -> Model:
    """The model in an open file, which came from `name`. Raises `InputError`."""
    descriptor = file.fileno()
    return _read(Source(lambda start, count: os.pread(descriptor, count, start), os.fstat(descriptor).st_size), name)


def read_bytes(data: bytes, name: str) -> Model:
    """The model in `data`, which came from `name`. Raises `InputError`."""
    view = memoryview(data)
    return _read(Source(lambda start, count: bytes(view[start : start + count]), len(data)), name)


def _read(source: Source, name: str) -> Model:
    try:
        _must_be_model(source.bytes(0, min(source.size, 1024)), name)
        return _model(source)
    except Fault as fault:
        raise InputError(Problem(fault.code, f"{name}: {fault.what}", None, fault.fix)) from None


def _must_be_model(head: bytes, name: str) -> None:
    """A `Fault` for what the first bytes show to be something else."""
    if not head:
        raise Fault("not-onnx", "the file is empty", fix="name an ONNX file")
    if other := foreign(head, name):
        raise Fault("not-onnx", other[0], fix=other[1])
    if is_text(head):
        raise Fault("not-onnx", "this is a text, not an ONNX model", fix="name an ONNX file")


def _model(source: Source) -> Model:
    """ModelProto."""
    nodes = Nodes(source)
    ir_version, producer, producer_version = 0, "", ""
    opsets: list[tuple[str, int]] = []
    functions: list[Function] = []
    metadata: list[tuple[str, str]] = []
    graph: Graph | None = None
    for number, value, mark in source.fields(0, source.size, "the model"):
        if number == 1:
            ir_version = integer(value, mark, "ir_version")
        elif number == 2:
            producer = text(source, value, mark, "producer_name")
        elif number == 3:
            producer_version = text(source, value, mark, "producer_version")
        elif number == 7:
            if graph is not None:
                raise Fault("damaged", f"a second graph begins at byte {value:,}", fix=FIX_DAMAGED)
            graph = nodes.graph(*span(value, mark, "graph of the model"))
        elif number == 8:
            opsets.append(_opset(source, value, mark))
        elif number == 14:
            metadata.append(read_pair(source, value, mark, "metadata of the model"))
        elif number == 25:
            functions.append(_function(nodes, *span(value, mark, "a function of the model")))
    if graph is None:
        raise Fault("not-onnx", "no graph is in this file: it is no ONNX model", fix="name an ONNX file")
    if not opsets and ir_version >= FIRST_WITH_OPSETS:
        raise Fault(
            "damaged", "the model does not say which version of the operators it uses: truncated?", fix=FIX_DAMAGED
        )
    return Model(ir_version, producer, producer_version, tuple(opsets), graph, tuple(functions), tuple(metadata))


def _opset(source: Source, value: int, mark: int) -> tuple[str, int]:
    """OperatorSetIdProto: a domain and a version."""
    domain, version = "", 0
    for number, inner, inner_mark in source.fields(*span(value, mark, "opset_import"), "an opset"):
        if number == 1:
            domain = text(source, inner, inner_mark, "domain of an opset")
        elif number == 2:
            version = integer(inner, inner_mark, "version of an opset")
    return domain, version


def _function(nodes: Nodes, start: int, end: int) -> Function:
    """FunctionProto."""
    source = nodes.source
    texts: dict[int, str] = {}
    lists: dict[int, list[str]] = {4: [], 5: [], 6: []}
    body, defaults, infos, opsets, metadata = [], [], [], [], []
    for number, value, mark in source.fields(start, end, "a function"):
        if number in {1, 10, 13}:
            texts[number] = text(source, value, mark, "a name of a function")
        elif number in lists:
            lists[number].append(text(source, value, mark, "a name of a function"))
        elif number == 7:
            body.append(nodes.node(*span(value, mark, "a node of a function")))
        elif number == 9:
            opsets.append(_opset(source, value, mark))
        elif number == 11:
            defaults.append(nodes.attribute(*span(value, mark, "an attribute of a function")))
        elif number == 12:
            infos.append(nodes.value_info(*span(value, mark, "value_info of a function")))
        elif number == 14:
            metadata.append(read_pair(source, value, mark, "metadata of a function"))
    return Function(
        texts.get(1, ""),
        texts.get(10, ""),
        texts.get(13, ""),
        tuple(lists[4]),
        tuple(lists[5]),
        tuple(lists[6]),
        tuple(defaults),
        tuple(body),
        tuple(opsets),
        tuple(infos),
        tuple(metadata),
    )
