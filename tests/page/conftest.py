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
def written(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """`written(*arguments)`: the file that `report` writes for these arguments, once."""
    folder: Path = tmp_path_factory.mktemp("pages")
    files: dict[tuple[str, ...], Path] = {}

    def file_of(*arguments: str) -> Path:
        if arguments not in files:
            path = folder / f"{len(files)}.html"
            result = called("report", *arguments, "-o", str(path))
            assert (result.returncode, result.stderr) == (0, "")
            files[arguments] = path
        return files[arguments]

    return file_of


@pytest.fixture(scope="session")
def opened(browser: Any, written: Callable[..., Path]) -> Iterator[Callable[..., Opened]]:
    """`opened(*arguments)`: that page in the browser, opened once."""
    pages: dict[tuple[str, ...], Opened] = {}

    def page_of(*arguments: str) -> Opened:
        if arguments not in pages:
            pages[arguments] = Opened(browser, written(*arguments))
        return pages[arguments]

    yield page_of
    for page in pages.values():
        page.context.close()
