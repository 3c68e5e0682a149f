from pathlib import Path

import pytest

from tests.budget.scratch import Scratch, net, repository


@pytest.fixture
def scratch(tmp_path: Path) -> Scratch:
    """A repository whose main branch holds `net.yaml` with 16 filters, on a branch `feature` with a commit."""
    made = repository(tmp_path / "repo")
    made.write("net.yaml", net(16))
    made.commit("net")
    made.git("checkout", "-q", "-b", "feature")
    made.commit("begun")
    return made
