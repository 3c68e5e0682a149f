"""What is done of a sweep, in a file that is whole or absent, so that it goes on where it was cut off."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from time import monotonic
from typing import Any

from inception_calc import __version__
from inception_calc.analysis.spec_source import spec_behind
from inception_calc.files.whole import whole_file
from inception_calc.problems import InputError, Problem
from inception_calc.spec_file.written import yaml_text
from inception_calc.sweep.findings import Found, Refusals
from inception_calc.sweep.setup import Setup
from inception_calc.sweep.spool import Spool

EVERY = 5.0
"""Seconds between two checkpoints."""
LARGEST_FILE = 2**28


def fingerprint(setup: Setup, counting: bool) -> str:
    """What tells one question from another: the networks, the space, what is asked, and the program's version."""
    networks = setup.networks
    parts: list[object] = [
        __version__, counting, setup.asked, networks.symbols, networks.input, networks.training, networks.round_to,
        networks.dtype, [(axis.name, axis.kind, axis.targets, _values(axis.values)) for axis in networks.axes],
    ]  # fmt: skip
    for name, source in networks.sources.items():
        spec = spec_behind(source)
        parts += [name, _bytes(source.source) if spec is None else yaml_text(spec.root)]
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def _bytes(name: str) -> bytes:
    """A model's file; of one that git keeps its name and revision."""
    try:
        return Path(name).read_bytes()
    except OSError:
        return name.encode()


def _values(values: Any) -> object:
    return values if isinstance(values, tuple) else (values.numerators, values.divisor)


class Checkpoint:
    """A checkpoint file, and beside it the numbers of the networks that were found."""

    def __init__(self, setup: Setup, path: Path | None, *, counting: bool = False) -> None:
        """`path` is where it is kept up to date; without one it is written where somebody asks for it."""
        self.path = path
        self._setup = setup
        self._counting = counting
        self.position = 0
        self.found = Found()
        self._last = monotonic()
        count = 0
        if path is not None and path.exists():
            count = self._read(path)
        self.spool = Spool(None if path is None else _beside(path), count)

    @cached_property
    def print(self) -> str:
        """The fingerprint of the question."""
        return fingerprint(self._setup, self._counting)

    def _read(self, path: Path) -> int:
        try:
            if path.stat().st_size > LARGEST_FILE:
                raise ValueError
            document = json.loads(path.read_bytes())
            if document["kind"] != "inception-calc sweep" or not isinstance(document["position"], int):
                raise ValueError
            if document["question"] == self.print:
                self.position, self.found = document["position"], _found(document)
            count = int(document["spooled"])
            beside = _beside(path)
            if count < 0 or (count and beside.stat().st_size < 8 * count):
                raise ValueError
        except (ValueError, KeyError, TypeError, AttributeError, OSError, RecursionError) as error:
            why = f": {error.strerror}" if isinstance(error, OSError) else ""
            what = f"'{path}' is no whole checkpoint of a sweep{why}"
            raise InputError(Problem("bad-checkpoint", what, None, "name another file, or remove it")) from None
        if document["question"] != self.print:
            what = f"'{path}' is the checkpoint of another question, or of another version of the program"
            raise InputError(Problem("other-question", what, None, "ask as it was asked, or name another file"))
        return count

    def advance(self, position: int, found: Found) -> None:
        """So far the sweep has come; every few seconds that is written down."""
        self.position, self.found = position, found
        if self.path is not None and monotonic() - self._last > EVERY:
            self.save(self.path)
            self._last = monotonic()

    def save(self, path: Path) -> None:
        """Writes what is done: the numbers first, then the file that knows how many of them count."""
        if path == self.path:
            self.spool.keep()
        else:
            self.spool.copy_to(_beside(path))
        document = {
            "kind": "inception-calc sweep", "question": self.print, "position": self.position,
            "spooled": self.spool.count, **_record(self.found),
        }  # fmt: skip
        with whole_file(path) as file:
            file.write(json.dumps(document).encode())

    def remove(self) -> None:
        """The sweep is done: nothing is left to go on from."""
        if self.path is not None:
            self.path.unlink(missing_ok=True)
            _beside(self.path).unlink(missing_ok=True)


def _beside(path: Path) -> Path:
    return path.with_name(f"{path.name}.found")


def _record(found: Found) -> dict[str, Any]:
    return {
        "fit": found.fit,
        "evaluated": found.evaluated,
        "counted": found.counted,
        "refused": {reason: list(numbers) for reason, numbers in found.refused.reasons.items()},
        "indices": [int(index) for array in found.indices for index in array],
        "keys": [[int(key) for key in row] for array in found.keys for row in array],
    }


def _found(document: Mapping[str, Any]) -> Found:
    import numpy

    refused = Refusals()
    for reason, (count, first) in document["refused"].items():
        refused.add(reason, int(count), int(first))
    found = Found(int(document["fit"]), int(document["evaluated"]), int(document["counted"]), refused)
    if document["indices"]:
        found.indices = [numpy.array(document["indices"], numpy.int64)]
    if document["keys"]:
        small = all(-(2**63) <= key < 2**63 for row in document["keys"] for key in row)
        found.keys = [numpy.array(document["keys"], numpy.int64 if small else object)]
    return found
