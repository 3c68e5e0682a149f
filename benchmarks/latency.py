"""Measures latencies and writes them into docs/validate.md: GoogLeNet's report with its pictures, a calibration, each
network predicted from the others, and two networks run in turns.

    python benchmarks/latency.py [ROUNDS]

Needs inception-calc[run] and a machine with nothing else to do: a network that is too noisy is measured again, three
times at most. Everything between `<!-- measured: NAME -->` and `<!-- end -->` in the page is replaced. Ends with 1
where a prediction that has a threshold is off by more.
"""

from __future__ import annotations

import datetime
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "validate.md"
PICTURES = ROOT / "docs" / "pictures"
CALIBRATIONS = ROOT / "benchmarks" / "calibrations"
MOST_ERROR = 0.15
WITH_THRESHOLD = ("VGG-16", "GoogLeNet", "Inception-v3", "ResNet-50")
NETWORKS = {
    "VGG-16": "vgg_d",
    "GoogLeNet": "googlenet",
    "Inception-v3": "inception_v3",
    "ResNet-50": "resnet50",
    "AlexNet": "alexnet",
    "MobileNetV2": "mobilenet_v2",
}
ATTEMPTS = 3
NOISY = 3
LAYERS_SHOWN = 7
HEADING_LINES = 6
WIDTH = 120
HEADINGS = (
    *("network", "measured ms (95 %)", "rounds kept", "CPU / wall"),
    *("predicted ms", "error", "95 % interval", "R2", "Spearman"),
)


class Answer(NamedTuple):
    """What a call wrote, as text and as JSON."""

    text: str
    document: dict[str, Any]


def call(folder: Path, *arguments: str, noise: bool = False) -> Answer:
    """`inception-calc ARGUMENTS`, again where it was too noisy; raises `RuntimeError` where it fails."""
    target = folder / "answer.json"
    command = [sys.executable, "-m", "inception_calc", *arguments, "-f", "plain", "-o", str(target)]
    for _ in range(ATTEMPTS if noise else 1):
        print("+ inception-calc", *arguments, file=sys.stderr)
        variables = os.environ | {"PYTHONPATH": str(ROOT)}
        done = subprocess.run(command, cwd=folder, env=variables, capture_output=True, text=True, check=False)
        if done.returncode == 0 or (done.returncode == NOISY and not noise):
            return Answer(done.stdout, json.loads(target.read_text(encoding="utf-8")))
        print(done.stdout.rpartition("\n\n")[0][-400:], done.stderr, file=sys.stderr)
        if done.returncode != NOISY:
            break
    raise RuntimeError(f"inception-calc {' '.join(arguments)} ended with {done.returncode}")


def report_of(text: str, document: dict[str, Any]) -> str:
    """The measured tables of GoogLeNet, most layers left out, the pictures, and what they say."""
    _, layers, kinds = text.strip("\n").split("\n\n")
    lines = layers.split("\n")
    ours = next(number for number, line in enumerate(lines) if line.startswith("("))
    shown = [*lines[: HEADING_LINES + LAYERS_SHOWN], "...", *lines[ours:], "", *kinds.split("\n")]
    command = "$ inception-calc validate googlenet --rounds 30 --scatter time.svg --roofline roof.svg"
    share = {kind["kind"]: kind for kind in document["kinds"]}
    convolution, norm = share["convolution"], share["local response norm"]
    spearman = document["fit"]["convolutions"]["spearman"]
    said = (
        f"The time of GoogLeNet's {convolution['layers']} convolutions, {convolution['multiply_adds_share']:.1%} of "
        f"its multiply-adds, goes with them nearly perfectly (Spearman {spearman:.3f}), "
        "near the roof. And two local response norms, with no multiply-adds at all, take "
        f"{norm['time_share']:.0%} of the time."
    )
    return "\n".join(
        [
            "```console",
            command,
            "...",
            *shown,
            "```",
            "",
            "![time against multiply-adds](pictures/googlenet-time.svg)",
            "![roofline](pictures/googlenet-roofline.svg)",
            "",
            textwrap.fill(said, WIDTH),
        ]
    )


def line_of(name: str, measured: dict[str, Any], predicted: dict[str, Any]) -> str:
    """One network's line of the table."""
    rounds = measured["rounds"]
    share = sum(each["cpu_milliseconds"] for each in rounds) / sum(each["wall_milliseconds"] for each in rounds)
    unseen = predicted["unseen"]
    (low, high), interval = measured["interval"], predicted["interval"]
    fit = measured["fit"]["convolutions"]
    cells = [
        name,
        f"{measured['milliseconds']:.3g} ({low:.3g} to {high:.3g})",
        f"{sum(each['kept'] for each in rounds)} of {len(rounds)}",
        f"{share:.2f}",
        f"{predicted['milliseconds']:.3g}" + (f" without {' and '.join(unseen)}" if unseen else ""),
        f"{predicted['error']:+.0%}",
        "exit 3" if unseen else f"{interval[0]:.3g} to {interval[1]:.3g}",
        f"{fit['r_squared']:.3f}",
        f"{fit['spearman']:.3f}",
    ]
    return f"| {' | '.join(cells)} |"


def table_of(answers: dict[str, Answer], predictions: dict[str, dict[str, Any]], load: list[float]) -> str:
    """Every network, predicted from the others."""
    facts = answers["GoogLeNet"].document["environment"]
    roofs = [answer.document["roof"] for answer in answers.values()]
    peak = between(*(roof["multiply_adds_per_millisecond"] / 1e6 for roof in roofs))
    copy = between(*(roof["bytes_per_millisecond"] / 1e6 for roof in roofs))
    rounds = len(answers["GoogLeNet"].document["rounds"])
    linear = next(kind for kind in answers["AlexNet"].document["kinds"] if kind["kind"] == "linear")
    today = datetime.datetime.now(tz=datetime.UTC).date()
    said = (
        f"{today}, {os.cpu_count()} cores of {facts['machine']}, {platform.system()}, "
        f"ONNX Runtime {facts['onnxruntime']}, {facts['threads']} thread, {rounds} rounds; "
        f"load average {between(*load, digits=1)}; roof {peak} G multiply-adds/s and {copy} GB/s. "
        f"Each network was left out of the fit to the other {len(answers) - 1}. R2 (of the model) and "
        "Spearman's correlation (with multiply-adds alone) are those of the convolutions."
    )
    bound = (
        f"AlexNet's linear layers, {linear['multiply_adds_share']:.0%} of its multiply-adds and bound by memory, take "
        f"{linear['time_share']:.0%} of its time."
    )
    heading = [f"| {' | '.join(HEADINGS)} |", "|---|---:|---:|---:|---:|---:|---|---:|---:|"]
    rows = [line_of(name, answers[name].document, predictions[name]) for name in NETWORKS]
    lines = [textwrap.fill(said, WIDTH), "", *heading, *rows, "", textwrap.fill(bound, WIDTH)]
    return "\n".join(lines)


def between(*values: float, digits: int = 0) -> str:
    """`55 to 57`."""
    return f"{min(values):.{digits}f} to {max(values):.{digits}f}"


def console(call_shown: str, *texts: str) -> str:
    """A block as a terminal shows it."""
    return "\n".join(["```console", f"$ inception-calc {call_shown}", *(text.strip("\n") for text in texts), "```"])


def replaced(page: str, parts: dict[str, str]) -> str:
    """The page with its measured parts; raises `ValueError` for one that it has not."""
    for name, text in parts.items():
        pattern = re.compile(rf"(<!-- measured: {name} -->\n).*?(\n<!-- end -->)", re.DOTALL)
        page, found = pattern.subn(lambda match, text=text: match[1] + text + match[2], page)
        if found != 1:
            raise ValueError(f"the page has {found} parts called {name}")
    return page


def main() -> None:
    """Measures, predicts, writes; says what is off by too much."""
    from measuring import rounds_asked  # beside this script: a test reads the rest of it as a module

    rounds = str(rounds_asked(__doc__ or "", 30))
    answers: dict[str, Answer] = {}
    loads = [os.getloadavg()[0]]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for network, spec in NETWORKS.items():
            pictures = [f"--scatter={folder / 'time.svg'}", f"--roofline={folder / 'roofline.svg'}"]
            drawn = pictures if network == "GoogLeNet" else []
            measured = ("validate", spec, "--rounds", rounds, "--calibrate", "machine.json", *drawn)
            answers[network] = call(folder, *measured, noise=True)
            loads.append(os.getloadavg()[0])
        pair = ("validate", "inception_module@naive", "--against", "inception_module")
        turns = call(folder, *pair, "--rounds", rounds, noise=True)
        # All is measured: from here on files of the repository change.
        machine = answers["GoogLeNet"].document["environment"]["machine"]
        slug = re.sub(r"[^a-z0-9]+", "-", machine.lower()).strip("-")
        kept = CALIBRATIONS / f"{slug}-1-thread.json"
        kept.write_bytes((folder / "machine.json").read_bytes())
        predicted = {
            network: call(folder, "predict", spec, "--calibration", str(kept)) for network, spec in NETWORKS.items()
        }
        for picture in ("time", "roofline"):
            (PICTURES / f"googlenet-{picture}.svg").write_bytes((folder / f"{picture}.svg").read_bytes())
    parts = {
        "googlenet": report_of(*answers["GoogLeNet"]),
        "predict": console(f"predict googlenet --calibration {kept.relative_to(ROOT)}", predicted["GoogLeNet"].text),
        "networks": table_of(answers, {name: each.document for name, each in predicted.items()}, loads),
        "turns": console(" ".join(pair), "...", turns.text.split("\n\n")[-1].partition("\n")[2].split("\n", 1)[1]),
    }
    PAGE.write_text(replaced(PAGE.read_text(encoding="utf-8"), parts), encoding="utf-8")
    off = {name: predicted[name].document["error"] for name in WITH_THRESHOLD}
    for name, error in off.items():
        print(f"{name:<14} {error:+.1%} (at most {MOST_ERROR:.0%})")
    sys.exit(any(abs(error) > MOST_ERROR for error in off.values()))


if __name__ == "__main__":
    main()
