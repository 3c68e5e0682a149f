"""What `init` writes: a starter spec, and a commented budget file from the present costs."""

import datetime
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

from inception_calc.analysis import CONVENTION, Analysis
from inception_calc.analysis.metrics import COMPARABLE
from inception_calc.budget.examples import ROOM, examples, input_text, modules, of_rows, quoted
from inception_calc.budget.numbers import BYTES, COUNT, Limit, tightened

LIMITED = ("multiply_adds", "params", "param_bytes", "peak_activation_bytes")

RELATIVE = (
    "    change: {multiply_adds: +5%, params: +5%}   # against the base; decreases always pass",
    "    existing: warn                     # over max already, and not higher than at the base",
)

SPEC = """\
# A layer table. `inception-calc table specs/network.yaml` counts it; `inception-calc list` shows many more.
name: network
input: 3x32x32                         # channels x height x width
symbols: {classes: 10}
defaults:
  convolution: {padding: same, activation: relu}

rows:
  conv1:  {convolution: 3x3, filters: 32}
  pool1:  {max pool: 2x2/2}
  conv2:  {convolution: 3x3, filters: 64}
  pool2:  {max pool: 2x2/2}
  linear: {linear: classes}
"""


def budget_text(
    specs: Mapping[str, Analysis], in_git: bool, variants: Mapping[str, Analysis], until: datetime.date
) -> str:
    """A budget file for some specs: each limit a little over the present cost, which stands beside it.

    `variants` holds for some specs a variant that costs more, for an example; `until` is the day of another one.
    """
    parts = [
        "# What the architectures here may cost: `inception-calc check` holds them to it.",
        "# `inception-calc schema budget > budget.schema.json`, then this line gives completion in editors:",
        "# yaml-language-server: $schema=budget.schema.json",
        "version: 1",
        "base: auto                             # the merge base with the target branch, read with git",
        f"convention: {CONVENTION}",
        "budgets:",
    ]
    ids = identities(specs)
    parts += [*budget_lines(specs, in_git, ids), "", *examples(specs, variants, ids, until)]
    return "\n".join(parts) + "\n"


def budget_lines(specs: Mapping[str, Analysis], in_git: bool, ids: Mapping[str, str]) -> Iterator[str]:
    """The budgets of some specs, as they stand in a file's list.

    Outside of git nothing can be compared with what was before, so relative limits are a comment there.
    """
    for path, analysis in specs.items():
        yield from _budget(path, analysis, in_git, ids[path])
        yield from (f"  {line}" for line in (of_rows(path, analysis, ids[path]) if modules(analysis) else ()))


def identities(specs: Iterable[str], taken: Iterable[str] = ()) -> dict[str, str]:
    """An id for the budget of each spec, none of them `taken` or given twice."""
    used = set(taken)
    return {path: _identity(path, used) for path in specs}


def _identity(path: str, used: set[str]) -> str:
    """A budget's id: the file's stem, its whole path where that is taken, a number where both are."""
    stem = path.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    texts = (stem, path.rsplit(".", 1)[0], *(f"{stem[:50]}-{number}" for number in range(2, len(used) + 3)))
    plain = ("".join(c if c.isascii() and (c.isalnum() or c in "_-.") else "-" for c in text) for text in texts)
    found = next(word for word in (text.lstrip(".-")[:60] or "spec" for text in plain) if word not in used)
    used.add(found)
    return found


def _budget(path: str, analysis: Analysis, in_git: bool, identity: str) -> list[str]:
    limits = []
    for name in LIMITED:
        value = COMPARABLE[name].of(analysis)
        if isinstance(value, int):
            unit = BYTES if COMPARABLE[name].in_bytes else COUNT
            text = tightened(Limit(Fraction(0), "MB", unit), Fraction(int(value * ROOM) + 1))
            limits.append(f"      {f'{name}: {text}':<32} # now {value:,}")
    return [
        f"  - id: {identity}",
        f"    match: {quoted(path)}",
        f"    {f'input: {input_text(analysis)}':<34} # whatever its own input becomes",
        "    max:",
        *limits,
        *(line if in_git else f"    # {line.strip()}" for line in RELATIVE),
        "    slack: 15%                         # warn when a limit is looser; `check --tighten` rewrites it",
    ]
