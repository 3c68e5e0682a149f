"""One sweep from beginning to end: progress, checkpoints, Ctrl-C."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

import typer

from inception_calc.cli.progress import Progress
from inception_calc.report.sweep import progress_text
from inception_calc.sweep.answer import Answer
from inception_calc.sweep.checkpoint import Checkpoint
from inception_calc.sweep.findings import Found
from inception_calc.sweep.run import Executor, sweep
from inception_calc.sweep.sample import count, sample
from inception_calc.sweep.setup import Setup
from inception_calc.sweep.walk import LEAF, Walk
from inception_calc.sweep.wording import Wording

TIMED = 16 * LEAF
"""Points at which the rate is measured; of networks without a closed form only a few."""


def answered(
    setup: Setup, wording: Wording, counting: bool, run: Executor, resume: Path | None
) -> tuple[Answer, Checkpoint | None]:
    """The answer, and the checkpoint that is of no use once it is written."""
    progress = Progress()
    kept: list[Checkpoint] = []

    def found_exactly(counting: bool) -> Answer:
        checkpoint = Checkpoint(setup, resume, counting=counting)
        kept.append(checkpoint)
        start, first = perf_counter(), checkpoint.position

        def told(position: int, found: Found) -> None:
            if progress.shown:
                progress(progress_text(setup.space.size, first, position, found, perf_counter() - start))

        with _interruptible(checkpoint, resume):
            try:
                return sweep(setup, counting=counting, executor=run, checkpoint=checkpoint, told=told)
            finally:
                progress.done()

    if counting:
        found, estimate = count(setup, lambda: found_exactly(True).found)
        answer = Answer(setup, found, True, None, estimate)
    elif wording.sample is not None:
        found, estimate = sample(setup, wording.sample, wording.seed, lambda: found_exactly(True).found)
        answer = Answer(setup, found, False, None, estimate, wording.sample)
    else:
        answer = found_exactly(False)
    return answer, kept[0] if kept else None


@contextmanager
def _interruptible(checkpoint: Checkpoint, resume: Path | None) -> Iterator[None]:
    """What is done is kept where somebody interrupts it."""
    try:
        yield
    except (KeyboardInterrupt, SystemExit):
        if checkpoint.position:
            path = resume or Path(f"inception-calc-sweep-{checkpoint.print[:12]}.checkpoint")
            checkpoint.save(path)
            words = sys.argv[1:] if resume else [*sys.argv[1:], "--resume", str(path)]
            typer.echo(f"what is done is kept; this goes on:\n  inception-calc {shlex.join(words)}", err=True)
        raise


def rate(setup: Setup) -> float:
    """Points a second, measured on a part of the space."""
    space = setup.space
    walk = Walk(space, setup.families(), setup.asked)
    most = min(TIMED, 4 * space.strides[setup.leading - 1]) if setup.leading else TIMED
    box = next(space.pieces(space.whole, most))
    walk.families.of(box.prefix)
    start = perf_counter()
    walk.through(box)
    return space.volume(box) / max(perf_counter() - start, 1e-6)
