"""Settings of the whole suite: no example of a property test is judged by how long it takes, no maker told what ran."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("house", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")

os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")  # read when onnxruntime is first imported, by a test or by us


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """No workers for one file, which would wait longer for them than it runs; else what pytest-xdist finds."""
    files = [argument.partition("::")[0] for argument in config.args]
    return 0 if len(set(files)) == 1 and Path(files[0]).is_file() else None
