"""Constants: their sizes always, their values where shape arithmetic may need them.

Integers and booleans are kept up to 4,096 elements, floats up to 16; the payload of everything else is passed over.
"""

from __future__ import annotations

import struct
from math import prod

from inception_calc.onnx_file.messages import DataType, SparseTensor, Tensor
from inception_calc.onnx_file.wire import FIXED32, FIXED64, VARINT, Source, signed
from inception_calc.problems import Fault, counted

MOST_INTEGERS = 4096
MOST_FLOATS = 16
MOST_DIMS = 64
"""ONNX Runtime and numpy stop at 64 axes too."""

EXTERNAL = 1

INTEGERS: dict[int, str] = {
    DataType.UINT8: "B",
    DataType.INT8: "b",
    DataType.UINT16: "H",
    DataType.INT16: "h",
    DataType.INT32: "i",
    DataType.INT64: "q",
    DataType.BOOL: "B",
    DataType.UINT32: "I",
    DataType.UINT64: "Q",
}
FLOATS: dict[int, str] = {DataType.FLOAT: "f", DataType.DOUBLE: "d", DataType.FLOAT16: "e", DataType.BFLOAT16: "H"}

FLOAT_DATA, INT32_DATA, INT64_DATA, RAW_DATA, DOUBLE_DATA, UINT64_DATA = 4, 5, 7, 9, 10, 11
PAYLOADS = frozenset({FLOAT_DATA, INT32_DATA, INT64_DATA, RAW_DATA, DOUBLE_DATA, UINT64_DATA})


def read_tensor(source: Source, start: int, end: int) -> Tensor:
    """A TensorProto; its payload is looked at only when it is small."""
    dims: list[int] = []
    data_type = location = 0
    name, external = "", ""
    payload: list[tuple[int, int, int]] = []
    for number, value, mark in source.fields(start, end, "a tensor"):
        if number in PAYLOADS:
            if len(payload) <= MOST_INTEGERS:
                payload.append((number, value, mark))
        elif number == 1:
            dims += numbers(source, value, mark, "dims", MOST_DIMS)
        elif number == 2:
            data_type = integer(value, mark, "data_type of a tensor")
        elif number == 8:
            name = text(source, value, mark, "name of a tensor")
        elif number == 13:
            key, content = read_pair(source, value, mark, "external_data")
            external = content if key == "location" else external
        elif number == 14:
            location = integer(value, mark, "data_location of a tensor")
    sizes = _sizes(name, dims)
    if location == EXTERNAL:
        _must_stay(name, external)
        return Tensor(name, sizes, data_type, None, external)
    return Tensor(name, sizes, data_type, _values(source, name, prod(sizes), data_type, payload))


def _must_stay(name: str, location: str) -> None:
    """A `Fault` for data that do not lie in the model's folder or below: the format forbids it, and so do runtimes."""
    parts = location.replace("\\", "/").split("/")
    if ".." in parts or parts[0] == "" or parts[0][1:2] == ":":
        what = f"the data of tensor '{name}' lie outside the model's folder: {location or 'nowhere'}"
        raise Fault("outside", what, fix="put them beside the model, and write the path from there")


def read_sparse(source: Source, start: int, end: int) -> SparseTensor:
    """A SparseTensorProto."""
    values, indices, dims = Tensor("", (), 0), None, list[int]()
    for number, value, mark in source.fields(start, end, "a sparse tensor"):
        if number == 1:
            values = read_tensor(source, *span(value, mark, "values of a sparse tensor"))
        elif number == 2:
            indices = read_tensor(source, *span(value, mark, "indices of a sparse tensor"))
        elif number == 3:
            dims += numbers(source, value, mark, "dims", MOST_DIMS)
    return SparseTensor(values, indices, _sizes(values.name, dims))


def _sizes(name: str, dims: list[int]) -> tuple[int, ...]:
    """The dims of a constant; a `Fault` for those that none can have."""
    if len(dims) > MOST_DIMS:
        raise Fault("too-large", f"tensor '{name}' has {len(dims)} axes, {MOST_DIMS} are the most")
    if any(dim < 0 for dim in dims):
        raise Fault("wrong-size", f"tensor '{name}' has the dims {dims}", fix="constants have sizes of 0 or more")
    return tuple(dims)


def _values(
    source: Source, name: str, elements: int, data_type: int, payload: list[tuple[int, int, int]]
) -> tuple[int, ...] | tuple[float, ...] | None:
    """The elements of a small constant."""
    whole = data_type in INTEGERS
    layout = INTEGERS.get(data_type) or FLOATS.get(data_type)
    hollow = all(number == RAW_DATA and value == mark for number, value, mark in payload)
    if layout is None or elements > (MOST_INTEGERS if whole else MOST_FLOATS) or (hollow and elements):
        return None
    found: list[int] | list[float] = []
    for number, value, mark in payload:
        if number == RAW_DATA:
            found += _raw(source, *span(value, mark, "raw_data of a tensor"), layout, name, elements)
        elif number in {FLOAT_DATA, DOUBLE_DATA}:
            found += floats(source, value, mark, number == DOUBLE_DATA, f"tensor '{name}'", elements)
        else:
            found += numbers(source, value, mark, f"tensor '{name}'", elements)
    if len(found) != elements:
        what = f"tensor '{name}' has room for {counted(elements, 'value')} and holds {len(found)}"
        raise Fault("wrong-size", what, fix="export the model again")
    if data_type == DataType.UINT64:
        return tuple(int(value) & 0xFFFF_FFFF_FFFF_FFFF for value in found)
    if whole or all(isinstance(value, float) for value in found):
        return tuple(found)
    return tuple(_from_bits(int(value), data_type) for value in found)


def _raw(source: Source, start: int, end: int, layout: str, name: str, elements: int) -> list[int] | list[float]:
    """Elements that lie side by side, little end first; 16-bit floats of the brain kind come as their bits."""
    size = struct.calcsize(layout)
    if end - start != elements * size:
        what = f"tensor '{name}' needs {elements * size:,} bytes and holds {end - start:,}"
        raise Fault("wrong-size", what, fix="export the model again")
    return list(struct.unpack(f"<{elements}{layout}", source.bytes(start, end)))


def _from_bits(bits: int, data_type: int) -> float:
    """A float of 16 bits; they are stored as numbers in int32_data, and so are brain floats in raw_data."""
    if data_type == DataType.BFLOAT16:
        return float(struct.unpack("<f", struct.pack("<I", (bits & 0xFFFF) << 16))[0])
    return float(struct.unpack("<e", struct.pack("<H", bits & 0xFFFF))[0])


# single values, checked for the type that the field must have


def span(value: int, mark: int, what: str) -> tuple[int, int]:
    """Where a message or text lies."""
    if mark < 0:
        raise _wrong_type(what, "a number stands where bytes are expected")
    return value, mark


def text(source: Source, value: int, mark: int, what: str) -> str:
    """A text."""
    return source.text(*span(value, mark, what), what)


def integer(value: int, mark: int, what: str) -> int:
    """A signed number."""
    if mark != VARINT:
        raise _wrong_type(what, "it is no whole number")
    return signed(value)


def numbers(source: Source, value: int, mark: int, what: str, most: int) -> list[int]:
    """One number, or a packed list of at most `most`."""
    if mark < 0:
        return [integer(value, mark, what)]
    if mark - value > 10 * most:
        raise Fault("too-large", f"{what} at byte {value:,} has more than {counted(most, 'value')}")
    return [signed(number) for number in source.varints(value, mark, what)]


def floats(source: Source, value: int, mark: int, double: bool, what: str, most: int) -> list[float]:
    """One float, or a packed list of at most `most`."""
    size, layout = (8, "d") if double else (4, "f")
    if mark == (FIXED64 if double else FIXED32):
        return list(struct.unpack(f"<{layout}", value.to_bytes(size, "little")))
    start, end = span(value, mark, what)
    if (end - start) % size or end - start > size * most:
        raise Fault("wrong-size", f"{what} at byte {start:,}: {end - start:,} bytes are not its values")
    return list(struct.unpack(f"<{(end - start) // size}{layout}", source.bytes(start, end)))


def read_pair(source: Source, value: int, mark: int, what: str) -> tuple[str, str]:
    """A key and a text."""
    key = content = ""
    for number, inner, inner_mark in source.fields(*span(value, mark, what), what):
        if number == 1:
            key = text(source, inner, inner_mark, f"key of {what}")
        elif number == 2:
            content = _shortened(source, inner, inner_mark, what)
    return key, content


def _shortened(source: Source, value: int, mark: int, what: str) -> str:
    """A text of which only the beginning is kept when it is very long (metadata may hold a whole stack trace)."""
    start, end = span(value, mark, what)
    return source.text(start, min(end, start + 4096), what)


def _wrong_type(what: str, why: str) -> Fault:
    return Fault("damaged", f"{what}: {why}", fix="the file is damaged or no ONNX file: fetch or export it again")
