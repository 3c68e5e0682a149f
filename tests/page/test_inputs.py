"""The page of a network with several inputs: each is called by its name and drawn at its size."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

TWO = """
name: two
input: {image: 3x8x8, text: 7}
rows:
  pool: {average pool: global}
  met: {concat: {picture: identity, words: {input: text}}}
  classes: {linear: 2}
"""


def test_inputs_are_called_by_their_names(
    opened: Callable[..., object], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path: Path = tmp_path_factory.mktemp("specs") / "two.yaml"
    path.write_text(TWO, encoding="utf-8")
    page = opened(str(path)).page  # type: ignore[attr-defined]
    names = "[-1, -2].map((index) => [inceptionCalc.networks[0].nameOf(index), inceptionCalc.networks[0].shape(index)])"
    assert page.evaluate(names) == [["image", "8x8x3"], ["text", "7"]]
