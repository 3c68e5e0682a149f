"""What runs on a worker: one stretch of a space, from a setup that came as bytes and is read once."""

from __future__ import annotations

import hashlib
import pickle

from inception_calc.sweep.family import Families
from inception_calc.sweep.findings import Found
from inception_calc.sweep.setup import Setup
from inception_calc.sweep.space import Box
from inception_calc.sweep.walk import Walk

_read: dict[str, tuple[Setup, Families]] = {}
"""The setups of this process; one, as a rule."""


def packed(setup: Setup) -> bytes:
    """The setup for other processes."""
    return pickle.dumps(setup.portable(), protocol=pickle.HIGHEST_PROTOCOL)


def run_task(data: bytes, box: Box, counting: bool) -> Found:
    """What a stretch holds."""
    name = hashlib.sha256(data).hexdigest()
    if name not in _read:
        _read.clear()
        setup: Setup = pickle.loads(data)  # noqa: S301 - from the process that asks, through its own scheduler
        _read[name] = setup, setup.families()
    setup, families = _read[name]
    return Walk(setup.space, families, setup.asked, counting=counting).through(Box(*box))
