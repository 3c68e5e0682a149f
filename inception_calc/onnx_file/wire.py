"""Protocol buffers' wire format, read through a window over the file: fields with their places, payloads skipped.

A field is `(number, value, end)`. For a varint and for fixed sizes `value` is the number and `end` a mark below zero;
for everything with a length, `value` and `end` are where it begins and ends in the file. Pages of a memory map would
count as memory of the process, so the file is read by `pread`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from inception_calc.problems import Fault, counted

Field: TypeAlias = tuple[int, int, int]

VARINT = -1
FIXED64 = -2
FIXED32 = -6

HEADER = 20
"""A key and a length, ten bytes each at most."""
SMALLEST_WINDOW = 1 << 12
LARGEST_WINDOW = 1 << 18
LONGEST_NAME = 1 << 16
MOST_FIELDS = 10_000_000
"""A network of 300,000 nodes has fewer; more would take minutes."""
MOST_TEXT = 1 << 26
"""Bytes of all names together."""

FIX_DAMAGED = "the file is damaged or no ONNX file: fetch or export it again"


class Source:
    """Bytes that can be asked for by place. `read(start, size)` gives fewer bytes only at the end."""

    def __init__(self, read: Callable[[int, int], bytes], size: int) -> None:
        self.size = size
        self._read = read
        self._start = 0
        self._buffer = b""
        self._window = SMALLEST_WINDOW
        self._texts: dict[bytes, str] = {}
        self._text_bytes = 0
        self._fields = 0

    def bytes(self, start: int, end: int) -> bytes:
        """The bytes from `start` up to `end`."""
        if start < self._start or end > self._start + len(self._buffer):
            self._load(start, end - start)
        return self._buffer[start - self._start : end - self._start]

    def text(self, start: int, end: int, what: str) -> str:
        """A name; bytes that are no UTF-8 stay visible, so that different names stay different."""
        if end - start > LONGEST_NAME:
            size = f"{what} at byte {start:,} is a text of {end - start:,} bytes, {LONGEST_NAME:,} are the most"
            raise Fault("too-large", size, fix=FIX_DAMAGED)
        raw = self.bytes(start, end)
        known = self._texts.get(raw)
        if known is not None:
            return known
        self._text_bytes += len(raw)
        if self._text_bytes > MOST_TEXT:
            raise Fault("too-large", f"the names in this file are longer than {MOST_TEXT:,} bytes together")
        text = raw.decode("utf-8", "backslashreplace")
        self._texts[raw] = text
        return text

    def fields(self, start: int, end: int, message: str) -> Iterator[Field]:
        """The fields of the message between two places. A `Fault` names the byte where they make no sense."""
        position = start
        while position < end:
            offset = position - self._start
            if offset < 0 or offset + HEADER > len(self._buffer):
                self._load(position, HEADER)
                offset = 0
            buffer, origin = self._buffer, self._start
            try:
                key, offset = buffer[offset], offset + 1
                if key > 0x7F:
                    key, offset = _varint(buffer, offset - 1)
                wire = key & 7
                if wire == 2:
                    size, offset = buffer[offset], offset + 1
                    if size > 0x7F:
                        size, offset = _varint(buffer, offset - 1)
                    value = origin + offset
                    mark = after = value + size
                elif wire == 0:
                    value, offset = buffer[offset], offset + 1
                    if value > 0x7F:
                        value, offset = _varint(buffer, offset - 1)
                    mark, after = VARINT, origin + offset
                elif wire in {1, 5}:
                    size = 8 if wire == 1 else 4
                    value = int.from_bytes(buffer[offset : offset + size], "little")
                    mark, after = FIXED64 if wire == 1 else FIXED32, origin + offset + size
                else:
                    raise Fault(
                        "damaged", f"{_place(key >> 3, message, position)} has no type ({wire})", fix=FIX_DAMAGED
                    )
            except IndexError:
                raise self._cut(message, position) from None
            except OverflowError:
                what = f"a number of {message} at byte {position:,} is longer than ten bytes"
                raise Fault("damaged", what, fix=FIX_DAMAGED) from None
            if key < 8:
                raise Fault("damaged", f"a field of {message} at byte {position:,} has the number 0", fix=FIX_DAMAGED)
            if after > end:
                raise self._too_long(_place(key >> 3, message, position), after, end, message)
            self._fields += 1
            if self._fields > MOST_FIELDS:
                raise Fault("too-large", f"the file has more than {MOST_FIELDS:,} fields", fix="split the model")
            position = after
            yield key >> 3, value, mark

    def varints(self, start: int, end: int, message: str) -> Iterator[int]:
        """The numbers of a packed list; the list is read at once, so its length must have been looked at."""
        raw, offset = self.bytes(start, end), 0
        try:
            while offset < len(raw):
                value, offset = _varint(raw, offset)
                yield value
        except IndexError:
            raise self._cut(message, start + offset) from None
        except OverflowError:
            what = f"a number of {message} at byte {start + offset:,} is longer than ten bytes"
            raise Fault("damaged", what, fix=FIX_DAMAGED) from None

    def _load(self, start: int, size: int) -> None:
        """A window from `start` on: it grows while the reading goes on from place to place."""
        behind = self._start + len(self._buffer)
        near = self._start <= start <= behind + SMALLEST_WINDOW
        self._window = min(2 * self._window, LARGEST_WINDOW) if near else SMALLEST_WINDOW
        self._buffer = self._read(start, max(size, self._window))
        self._start = start

    def _cut(self, message: str, position: int) -> Fault:
        what = f"a field of {message} at byte {position:,} has no end in the file of {self.size:,} bytes: truncated?"
        return Fault("truncated", what, fix="fetch or export the file again")

    def _too_long(self, place: str, after: int, end: int, message: str) -> Fault:
        if after > self.size:
            what = f"{place} ends {counted(after - self.size, 'byte')} after the file: truncated?"
            return Fault("truncated", what, fix="fetch or export the file again")
        what = f"{place} ends {counted(after - end, 'byte')} after {message}"
        return Fault("damaged", what, fix=FIX_DAMAGED)


def _place(number: int, message: str, position: int) -> str:
    return f"field {number} of {message} at byte {position:,}"


def _varint(buffer: bytes, offset: int) -> tuple[int, int]:
    """A number, seven bits a byte, and the place behind it; IndexError where bytes end, OverflowError after ten."""
    value = shift = 0
    while True:
        byte = buffer[offset]
        offset += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value & 0xFFFF_FFFF_FFFF_FFFF, offset
        shift += 7
        if shift == 70:
            raise OverflowError


def signed(value: int) -> int:
    """A varint as the signed number of 64 bits that it stands for."""
    return value - (1 << 64) if value >> 63 else value
