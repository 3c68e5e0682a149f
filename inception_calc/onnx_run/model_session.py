"""ONNX Runtime sessions on a user's own file: from the copy in memory, with the data that lie beside the file."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from inception_calc.onnx_run.made_inputs import MadeInput
from inception_calc.onnx_run.profile import NodeRun, profiled
from inception_calc.onnx_run.runtime import (
    LONGEST_SAID,
    NO_MEMORY,
    PROVIDERS,
    Options,
    is_the_runtimes,
    require_onnxruntime,
    settings_of,
)
from inception_calc.onnx_run.user_model import UserModel
from inception_calc.problems import Problem, Undecided

OPTIMIZED = "optimized.onnx"
"""The graph that a profiled session runs, in the folder of its profile; without its weights."""
FOLDER = "session.model_external_initializers_file_folder_path"
"""ONNX Runtime's setting: where data lie that a model in memory names."""


class ModelSession:
    """A user's model, loaded, and inputs that fit it."""

    def __init__(self, inner: Any, options: Options, inputs: Sequence[MadeInput], seed: int) -> None:
        self.inner = inner
        self.options = options
        self.inputs = tuple(inputs)
        self.seed = seed

    def feeds(self) -> dict[str, Any]:
        """The inputs' arrays."""
        return {one.name: one.array(self.seed + number) for number, one in enumerate(self.inputs)}

    def run(self) -> None:
        """One run. Where integers turn out to lie outside what they index, all of them are made 1, then 0.

        Raises:
            Undecided: the model does not run with any of them.

        """
        first = ""
        for inputs in (self.inputs, *(_alike(self.inputs, value) for value in (1, 0))):
            self.inputs = inputs
            try:
                self.inner.run(None, self.feeds())
            except Exception as error:
                if not is_the_runtimes(error) or any(words in str(error) for words in NO_MEMORY):
                    raise
                first = first or str(error)
            else:
                return
        raise _could_not("run it", first)

    def bound(self, feeds: dict[str, Any]) -> Callable[[], None]:
        """A function that starts one run. Outputs are not bound: files declare other ranks than they give."""
        inner = self.inner
        return lambda: inner.run(None, feeds)


def _alike(inputs: Sequence[MadeInput], value: int) -> tuple[MadeInput, ...]:
    return tuple(one.all_alike(value) for one in inputs)


def open_model(
    model: UserModel, options: Options, inputs: Sequence[MadeInput], seed: int, folder: Path | None = None
) -> ModelSession:
    """A session on the copy of a model; with a folder, it keeps its profile and the optimized graph there.

    Raises `Undecided` where this runtime cannot load the model: the file itself was read and found to make sense.
    """
    runtime = require_onnxruntime()
    settings = settings_of(runtime, options, None if folder is None else folder / "profile")
    settings.add_session_config_entry(FOLDER, str(model.folder))
    if folder is not None and options.optimized:
        settings.optimized_model_filepath = str(folder / OPTIMIZED)
        settings.add_session_config_entry("session.optimized_model_external_initializers_file_name", "weights")
    try:
        data = model.proto.SerializeToString()
        inner = runtime.InferenceSession(data, settings, providers=[PROVIDERS[options.provider]])
    except Exception as error:
        if not is_the_runtimes(error) or any(words in str(error) for words in NO_MEMORY):
            raise
        raise _could_not("load it", str(error)) from None
    return ModelSession(inner, options, inputs, seed)


@contextmanager
def profiled_model(
    model: UserModel, options: Options, inputs: Sequence[MadeInput], seed: int
) -> Iterator[tuple[ModelSession, Callable[[], list[list[NodeRun]]], Path]]:
    """A session with the profile on, a function that ends it and gives the kernels of each run, and its folder.

    The folder is a temporary one, and goes whatever happens: nothing is written beside the user's file.
    """
    with TemporaryDirectory(prefix="inception-calc-") as name:
        folder = Path(name)
        session = open_model(model, options, inputs, seed, folder)
        try:
            with profiled(session.inner) as runs:
                yield session, runs, folder
        finally:
            del session.inner
            gc.collect()


def _could_not(what: str, said: str) -> Undecided:
    why = " ".join(said.split())[:LONGEST_SAID]
    fix = "other sizes or values may do: --input, --set, --value; inception-calc table needs no run"
    return Undecided(Problem("could-not-run", f"ONNX Runtime could not {what}: {why}", None, fix))
