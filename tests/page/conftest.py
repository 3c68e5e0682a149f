"""One browser and one page of each network for the whole session."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.program import called
from tests.page.browser import Opened, chromium


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    with chromium() as running:
        yield running


@pytest.fixture(scope="session")
def opened(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Opened]]:
    """`opened(*arguments)`: the page that `report` writes for these arguments, opened once."""
    folder: Path = tmp_path_factory.mktemp("pages")
    pages: dict[tuple[str, ...], Opened] = {}

    def page_of(*arguments: str) -> Opened:
        if arguments not in pages:
            path = folder / f"{len(pages)}.html"
            result = called("report", *arguments, "-o", str(path))
            assert (result.returncode, result.stderr) == (0, "")
            pages[arguments] = Opened(browser, path)
        return pages[arguments]

    yield page_of
    for page in pages.values():
        page.context.close()
