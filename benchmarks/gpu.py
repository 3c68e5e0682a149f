"""Proves four networks on a GPU, times them, predicts each from the others, and writes it all into docs/validate.md.

    python benchmarks/gpu.py [--out FOLDER] [--seconds 325] [--no-page]
    python benchmarks/gpu.py --out FOLDER --page

Needs inception-calc[run-gpu], CUDA, and six minutes: it begins no step after SECONDS. After every step FOLDER holds
all that is done, whole, so whatever ends it early costs one step; results of an earlier run are never written over.
`--page` measures nothing and writes the page and the calibrations from a FOLDER that was measured elsewhere.
`--provider cpu --quick` runs the same code on a CPU and tiny networks; its times are those of a CPU, and it never
writes the page. Ends with 1 where a proof fails or was not made.
"""

from __future__ import annotations

import argparse
import datetime
import gc
import json
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from inception_calc.analysis import analyze
from inception_calc.files.whole import make_folder, whole_file
from inception_calc.latency.calibration import Calibration, calibration_text, with_measurement
from inception_calc.latency.ratio import ratio_of
from inception_calc.onnx_export.plan import part, plan
from inception_calc.onnx_run.clock import RoofSampler
from inception_calc.onnx_run.machine import environment
from inception_calc.onnx_run.measure import Layers, measure, measure_pair
from inception_calc.onnx_run.ones import check_ones, run_alike
from inception_calc.onnx_run.proof import prove
from inception_calc.onnx_run.runtime import PROVIDERS, Options
from inception_calc.problems import InputError, Problem, Stop

PROVED = ("googlenet", "vgg_d", "inception_v3", "resnet50")
BESIDE = ("alexnet",)
"""In the fits alone: the other network with local response norms, without which GoogLeNet could not be predicted."""
PAIRS = (("inception_module@naive", "inception_module"), ("googlenet@naive", "googlenet"))
DTYPES = ("fp32", "fp16")
BATCHES = (32, 1, 128)
"""The first is the one that is predicted in any case; a GPU is full, launch-bound, and fuller."""
QUICK = ("lenet5", "lenet_caffe")
QUICK_BATCHES = (2, 1)
ROUNDS = 15
LIMIT = 325.0
RESULTS = "gpu.json"
INTERRUPTED = 130


class Step(NamedTuple):
    """A part of the work, done or left out as a whole."""

    name: str
    run: Callable[[], None]


class Work:
    """What is to be done, and what was found."""

    def __init__(self, provider: str, folder: Path, quick: bool, rounds: int) -> None:
        self.provider, self.folder, self.rounds = provider, folder, rounds
        self.proved = QUICK if quick else PROVED
        self.beside = () if quick else BESIDE
        self.pairs = (QUICK,) if quick else PAIRS
        self.batches = QUICK_BATCHES if quick else BATCHES
        self.calibrations: dict[tuple[str, int], Calibration] = {}
        self.samplers: dict[str, RoofSampler] = {}
        self.found: dict[str, Any] = {
            "date": datetime.datetime.now(tz=datetime.UTC).date().isoformat(),
            "provider": PROVIDERS[provider],
            **dict.fromkeys(("proofs", "runs", "pairs", "roofs", "failures", "left_out", "steps"), ()),
        }

    def options(self, dtype: str) -> Options:
        """On the provider that was asked for."""
        return Options(self.provider, dtype=dtype)

    def steps(self) -> Iterator[Step]:
        """In the order of what would be missed most."""
        first, *others = self.batches
        yield Step("environment", self.environment)
        yield Step("full float32", self.full_float32)
        for spec in self.proved:
            yield Step(f"proof {spec}", partial(self.prove, spec))
        for dtype in DTYPES:
            yield Step(f"roof {dtype}", partial(self.roof, dtype))
            for pair in self.pairs:
                yield Step(f"{' : '.join(pair)} {dtype}", partial(self.pair, *pair, first, dtype))
            yield from self.networks(first, dtype, "alone")
        for batch in others:
            for dtype in DTYPES:
                yield from self.networks(batch, dtype, "none")
        for spec in self.proved:
            yield Step(f"ones {spec} fp16", partial(self.ones, spec))
        for batch in others:
            for dtype in DTYPES:
                yield from self.networks(batch, dtype, "alone")

    def networks(self, batch: int, dtype: str, layers: Layers) -> Iterator[Step]:
        """The networks at one batch and type; those beside only where layers are timed."""
        for spec in (*self.proved, *(self.beside if layers == "alone" else ())):
            name = f"{spec} batch {batch} {dtype}" + (" by layer" if layers == "alone" else "")
            yield Step(name, partial(self.time, spec, batch, dtype, layers))

    # -- steps ---------------------------------------------------------------------------------------------------------

    def environment(self) -> None:
        """The machine and the versions."""
        self.found["environment"] = dict(environment(self.options("fp32")))

    def full_float32(self) -> None:
        """Weights of 1 + 2^-12, which TF32 would round to 1: the sums say whether every bit took part."""
        analysis = analyze(self.proved[0])
        planned, weight = plan(analysis), 1 + 2**-12
        shares: dict[str, list[float]] = {}
        for index, cost in enumerate(analysis.layers):
            if cost.multiply_adds:
                y = run_alike(part(planned, frozenset({index})), self.options("fp32"), weight)
                share = float(y.sum(dtype="float64")) / (cost.effective_multiply_adds * weight)
                shares.setdefault(cost.layer.op.op, []).append(share)
        self.found["full_float32"] = all(abs(share - 1) < 2**-15 for kind in shares.values() for share in kind)
        self.found["shares_of_float32"] = shares

    def prove(self, spec: str) -> None:
        """Shapes, params and multiply-adds of what ran, and sums on ones, in fp32."""
        analysis = analyze(spec)
        proof = prove(analysis, self.options("fp32"))
        mismatches = [[each.layer, each.what, each.counted, each.ran] for each in proof.mismatches]
        self.add("proofs", network=analysis.name, dtype="fp32", layers=proof.layers, ones=proof.ones, wrong=mismatches)

    def ones(self, spec: str) -> None:
        """Sums on ones in fp16: layers of no more inputs than fp16 can count."""
        analysis = analyze(spec, dtype="fp16")
        covered, wrong = check_ones(analysis, plan(analysis), self.options("fp16"), lambda _: None)
        self.add("proofs", network=analysis.name, dtype="fp16", layers=0, ones=covered, wrong=wrong)

    def roof(self, dtype: str) -> None:
        """What the device can do at best; each network's rounds sample it again."""
        sampler = self.samplers[dtype] = RoofSampler(self.options(dtype))
        sampler.sample()
        found = sampler.roof()
        self.add("roofs", dtype=dtype, multiply_adds=found.peak, bytes=found.bandwidth)

    def pair(self, first: str, second: str, batch: int, dtype: str) -> None:
        """Two networks in turns."""
        one, other = (analyze(spec, batch=batch, dtype=dtype) for spec in (first, second))
        rounds = measure_pair(one, other, self.options(dtype), self.rounds, 0, quiet)
        ratio = ratio_of((first, one.totals.multiply_adds), (second, other.totals.multiply_adds), rounds)
        self.add(
            "pairs",
            first=first,
            second=second,
            batch=batch,
            dtype=dtype,
            multiply_adds=float(ratio.multiply_adds),
            time=ratio.time,
            interval=ratio.interval,
            verdict=ratio.verdict,
            noise=ratio.noise,
        )

    def time(self, spec: str, batch: int, dtype: str, layers: Layers) -> None:
        """One network; with its layers, also into the calibration of this batch and type."""
        analysis = analyze(spec, batch=batch, dtype=dtype)
        sampler = self.samplers.get(dtype)
        found = measure(analysis, self.options(dtype), self.rounds, 0, quiet, layers=layers, sampler=sampler)
        if found.interrupted:
            raise KeyboardInterrupt
        self.found["runs"] = [
            run for run in self.found["runs"] if (run["spec"], run["batch"], run["dtype"]) != (spec, batch, dtype)
        ]
        self.add(
            "runs",
            network=analysis.name,
            spec=spec,
            batch=batch,
            dtype=dtype,
            multiply_adds=analysis.totals.multiply_adds,
            milliseconds=found.milliseconds,
            interval=found.interval,
            noise=found.noise,
            in_layers=found.in_units,
            apart=found.apart,
            roof=found.roof.peak,
            rounds=[round_.wall for round_ in found.rounds],
            runs_in_a_round=found.rounds[0].runs,
        )
        if layers == "alone" and not (found.noise or found.apart):
            known = with_measurement(self.calibrations.get((dtype, batch)), found)
            self.calibrations[dtype, batch] = known
            write(self.folder / calibration_name(dtype, batch), calibration_text(known))

    # -- keeping -------------------------------------------------------------------------------------------------------

    def add(self, part: str, **facts: Any) -> None:
        """One more entry of a part of the results."""
        self.found[part] = [*self.found[part], facts]

    def keep(self) -> None:
        """All that is done, whole, on the disk."""
        write(self.folder / RESULTS, json.dumps(self.found, indent=1) + "\n")

    def do(self, limit: float) -> None:
        """Every step for which there is time; one that fails says why and does not stop the others."""
        prove(analyze(self.proved[0]), self.options("fp32"))  # raises where this provider does not run at all
        start = time.monotonic()
        for step in self.steps():
            passed = time.monotonic() - start
            if passed > limit:
                self.found["left_out"] = [*self.found["left_out"], step.name]
                continue
            try:
                step.run()
            except Exception as error:  # a runtime's errors are of its own types; all are kept, none is hidden
                self.add("failures", step=step.name, what=f"{type(error).__name__}: {error}"[:400])
            gc.collect()  # a session gives a GPU's memory back when it goes
            took = time.monotonic() - start - passed
            self.add("steps", name=step.name, seconds=round(took, 2))
            print(f"{passed:6.1f} s  {step.name}: {took:.1f} s", file=sys.stderr, flush=True)
            self.keep()
        self.keep()

    @property
    def failed(self) -> bool:
        """Whether a proof found a difference, or was not made: it failed, or there was no time for it."""
        wrong = any(proof["wrong"] for proof in self.found["proofs"]) or not self.found.get("full_float32")
        missing = [*self.found["left_out"], *(failure["step"] for failure in self.found["failures"])]
        return wrong or any(step.startswith(("proof ", "ones ")) for step in missing)


def write(path: Path, text: str) -> None:
    """A file that is whole or as it was."""
    with whole_file(path) as file:
        file.write(text.encode())


def new_folder(folder: Path) -> None:
    """Makes the folder; raises `InputError` where it holds results, which this run would mix with its own."""
    if (folder / RESULTS).exists() or any(folder.glob(calibration_name("*", "*"))):
        raise InputError(Problem("bad-usage", f"{folder} holds the results of an earlier run: --out another folder"))
    make_folder(folder)


def calibration_name(dtype: str, batch: int | str) -> str:
    """The file of a type and a batch, in the folder of the results."""
    return f"calibration-{dtype}-batch-{batch}.json"


def quiet(*_: object) -> None:
    """No progress within a step."""


def main() -> None:
    """Measures, keeps, writes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("gpu-results"), metavar="FOLDER", help="default: gpu-results")
    parser.add_argument("--seconds", type=float, default=LIMIT, help=f"no step begins later; default: {LIMIT:.0f}")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"default: {ROUNDS}")
    parser.add_argument("--provider", choices=tuple(PROVIDERS), default="cuda", help="cpu only tries the script out")
    parser.add_argument("--quick", action="store_true", help="tiny networks")
    parser.add_argument("--page", action="store_true", help="measure nothing, write the page from FOLDER")
    parser.add_argument("--no-page", action="store_true", help="measure, and leave the page as it is")
    asked = parser.parse_args()
    failed = False
    if not asked.page:
        work = Work(asked.provider, asked.out, asked.quick, asked.rounds)
        try:
            new_folder(asked.out)
            work.do(asked.seconds)
        except Stop as stop:
            print(f"{stop}\nnothing was measured", file=sys.stderr)
            sys.exit(stop.exit_code)
        except KeyboardInterrupt:
            print(f"interrupted; what is done is in {asked.out}", file=sys.stderr)
            sys.exit(INTERRUPTED)
        failed = work.failed
    if asked.page or not (asked.no_page or asked.provider == "cpu" or asked.quick):
        import gpu_page  # beside this script

        try:
            gpu_page.write_page(asked.out)
        except (OSError, ValueError) as error:
            print(f"{error}\nthe page is as it was", file=sys.stderr)
            sys.exit(2)
    sys.exit(failed)


if __name__ == "__main__":
    main()
