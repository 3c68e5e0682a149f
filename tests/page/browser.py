"""A browser for the tests: Debian's Chromium, driven by playwright, one for the whole session."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

SWITCHES = [
    "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-default-browser-check",
]  # fmt: skip


def missing() -> str:
    """Why no page can be opened here; empty where one can."""
    try:
        import playwright.sync_api  # noqa: F401
        import vl_convert  # noqa: F401
    except ImportError as error:
        return f"{error.name} is not installed"
    return "" if shutil.which("chromium") else "chromium is not installed"


needs_browser = pytest.mark.skipif(bool(missing()), reason=missing())


@contextmanager
def chromium() -> Iterator[Any]:
    """A running browser, its profile a fresh folder of its own."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=SWITCHES)
        yield browser
        browser.close()


class Opened:
    """A page that was opened from disk, and all that it complained of or asked a network for."""

    def __init__(self, browser: Any, path: Path, **options: Any) -> None:
        self.faults: list[str] = []
        self.context = browser.new_context(viewport={"width": 1200, "height": 800}, **options)
        self.page = self.context.new_page()
        self.page.on("console", lambda message: self.faults.append(f"{message.type}: {message.text}"))
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("request", self._asked)
        self.page.on("dialog", lambda dialog: self.faults.append(f"dialog: {dialog.message}"))
        self.page.goto(path.as_uri())
        self.page.wait_for_selector("#cost svg, #cost canvas")

    def _asked(self, request: Any) -> None:
        if not request.url.startswith(("file:", "data:")):
            self.faults.append(f"request: {request.url}")


def until(page: Any, expression: str) -> None:
    """Waits until an expression is true; playwright's own way to wait is an `eval`, which the page's policy forbids."""
    for _ in range(100):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"never true: {expression}")
