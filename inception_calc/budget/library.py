"""Networks of one check: each is read once and counted once for each setting, at HEAD and at the base."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from inception_calc.analysis import Analysis, analyze
from inception_calc.analysis.analyze import source_of
from inception_calc.analysis.spec_source import SpecSource, sizes_judged, spec_behind
from inception_calc.budget.base import Base, Before
from inception_calc.budget.models import Budget
from inception_calc.budget.read import shown
from inception_calc.comparison import Account, Cause, Change, Subject
from inception_calc.comparison.compare import account_between, changes, followers
from inception_calc.dims import formula_text
from inception_calc.files.references import is_onnx
from inception_calc.graph import Source
from inception_calc.problems import InputError, Problem, Undecided
from inception_calc.spec_file import DEFAULT, load
from inception_calc.spec_file.load import from_file, load_text


class Spec(NamedTuple):
    """A spec under budget: its name in reports, and its file where it has one in the working tree."""

    name: str
    file: Path | None = None

    def open(self, variant: str) -> Source:
        """The spec with a variant, or the model."""
        if is_onnx(self.name):
            from inception_calc.graph.onnx import check_variant  # specs do without

            check_variant(self.name, variant)
            return source_of(self.name if self.file is None else shown(self.file))
        with sizes_judged():
            if self.file is not None:
                return SpecSource(load_text(from_file(self.file, shown(self.file)), variant))
            return SpecSource(load(f"{self.name}@{variant}"))


@dataclass(frozen=True)
class Since:
    """What was edited in a spec since the base."""

    before: Subject
    now: Subject

    @cached_property
    def account(self) -> Account:
        """The edits with their costs."""
        return account_between(self.before, self.now)

    def changes(self) -> list[Change]:
        """What changed, layer by layer."""
        return changes(self.before, self.now)

    def follow(self, cause: Cause) -> list[Change]:
        """The layers that only see another input because of an edit."""
        return followers(cause, self.now)


Key = tuple[Spec, str, tuple[tuple[str, Any], ...]]


def setting_of(budget: Budget) -> dict[str, Any]:
    """What a budget chooses about the specs it judges, for `analyze`; a range of inputs is left to `ranges`."""
    setting: dict[str, Any] = {
        "batch": budget.batch,
        "symbols": dict(budget.set),
        "training": budget.training,
        "dtype": budget.dtype,
        "operators": dict(budget.operators),
    }
    if budget.input is not None and budget.input.is_fixed:
        setting["input"] = budget.input.at(low for low, _ in budget.input.sides)
    return setting


def analyzed(origin: Source, setting: Mapping[str, Any]) -> Analysis:
    """A network at a setting of `setting_of`."""
    return analyze(origin.told(setting.get("operators") or {}), **_arguments(setting))


def _arguments(setting: Mapping[str, Any]) -> dict[str, Any]:
    """Those of `analyze`."""
    return {name: value for name, value in setting.items() if name != "operators"}


def _size(analysis: Analysis) -> str:
    return "x".join(map(formula_text, analysis.setting.input))


def _frozen(setting: Mapping[str, Any]) -> tuple[tuple[str, Any], ...]:
    return tuple((key, tuple(value.items()) if isinstance(value, dict) else value) for key, value in setting.items())


@dataclass
class Library:
    """Reads and counts on demand."""

    find_base: Callable[[], Base]
    base_names: dict[str, str] = field(default_factory=dict)
    """Spec -> its name at the base, where it was renamed."""
    _opened: dict[tuple[Spec, str], Source] = field(default_factory=dict)
    _analyses: dict[Key, Analysis] = field(default_factory=dict)
    _before: dict[tuple[Spec, str], Before | Undecided | None] = field(default_factory=dict)
    _before_analyses: dict[Key, Analysis | None] = field(default_factory=dict)
    _since: dict[Key, Since | None] = field(default_factory=dict)

    def origin(self, spec: Spec, variant: str = DEFAULT) -> Source:
        """The network as it stands in the working tree."""
        key = (spec, variant)
        if key not in self._opened:
            self._opened[key] = spec.open(variant)
        return self._opened[key]

    def _used(self, spec: Spec, variant: str = DEFAULT) -> tuple[str, ...]:
        """The specs of the same folder that it takes blocks from."""
        loaded = spec_behind(self.origin(spec, variant))
        return () if loaded is None else tuple(loaded.spec.use)

    def files(self, spec: Spec) -> list[Path]:
        """What a spec is read from: its file, and those that it takes blocks from; none for one that has no file."""
        if spec.file is None:
            return []
        return [spec.file, *(spec.file.with_name(f"{name}.yaml") for name in self._used(spec))]

    def analysis(self, spec: Spec, variant: str, setting: Mapping[str, Any]) -> Analysis:
        """Its costs."""
        key = (spec, variant, _frozen(setting))
        if key not in self._analyses:
            self._analyses[key] = analyzed(self.origin(spec, variant), setting)
        return self._analyses[key]

    def counted(self) -> tuple[tuple[str, Analysis], ...]:
        """Everything that was counted, under the names of the specs."""
        return tuple((spec.name, analysis) for (spec, _, _), analysis in self._analyses.items())

    def before(self, spec: Spec, variant: str) -> Before | None:
        """The spec at the base; None where it is new. Raises `Undecided` where that cannot be known."""
        key = (spec, variant)
        if key not in self._before:
            try:
                self._before[key] = self._read_before(spec, variant)
            except Undecided as stop:
                self._before[key] = stop
        found = self._before[key]
        if isinstance(found, Undecided):
            raise found
        return found

    def _read_before(self, spec: Spec, variant: str) -> Before | None:
        if spec.file is None:
            what = f"'{spec.name}' is no file of the working tree, so it has no base"
            raise Undecided(Problem("no-base", what, None, "name a file, or drop the relative limit"))
        base, now = self.find_base(), self.origin(spec, variant)
        if base.unchanged(spec.file, with_neighbours=bool(self._used(spec, variant))):
            return Before(now, spec.name, renamed=False)  # nothing changed, nothing has to be read or counted twice
        found = base.before(spec.file, variant)
        if found is not None and found.renamed:
            self.base_names[spec.name] = found.path
        return found

    def is_tracked(self, spec: Spec) -> bool:
        """Whether git knows the spec; one that it does not know never gets a base."""
        return spec.file is not None and self.find_base().is_tracked(spec.file)

    def analysis_before(self, spec: Spec, variant: str, setting: Mapping[str, Any]) -> Analysis | None:
        """The costs at the base; None where the spec is new."""
        key = (spec, variant, _frozen(setting))
        if key not in self._before_analyses:
            found = self.before(spec, variant)
            self._before_analyses[key] = None if found is None else self._counted(spec, found, variant, setting)
        return self._before_analyses[key]

    def _counted(self, spec: Spec, found: Before, variant: str, setting: Mapping[str, Any]) -> Analysis:
        if found.origin is self.origin(spec, variant):
            return self.analysis(spec, variant, setting)
        try:
            return analyzed(found.origin, setting)
        except InputError as error:
            first = error.problems[0]
            raise Undecided(
                Problem(
                    "unreadable-base", f"'{found.path}' cannot be counted at the base: {first.what}", None, first.fix
                )
            ) from None

    def other_inputs(self) -> tuple[tuple[str, str, str], ...]:
        """Specs that were counted at another input size at the base, with both sizes: now and then."""
        found: dict[tuple[str, str, str], None] = {}
        for key, before in self._before_analyses.items():
            now = self._analyses.get(key)
            if before is not None and now is not None and before.setting.input != now.setting.input:
                found[key[0].name, _size(now), _size(before)] = None
        return tuple(found)

    def since(self, spec: Spec, variant: str, setting: Mapping[str, Any], now: Analysis) -> Since | None:
        """What was edited since the base; None for a new spec and where nothing was. Raises `Undecided`.

        `now` is the network at the setting, which may be one size of a range that nothing else is counted at.
        """
        key = (spec, variant, _frozen(setting))
        if key not in self._since:
            found, origin = self.before(spec, variant), self.origin(spec, variant)
            if found is None or found.origin is origin:
                self._since[key] = None
            else:
                known = self._before_analyses.get(key)
                before = self._counted(spec, found, variant, setting) if known is None else known
                chosen = _arguments(setting)
                old = Subject(found.path, before, spec_behind(found.origin), setting=chosen)
                self._since[key] = Since(old, Subject(spec.name, now, spec_behind(origin), setting=chosen))
        return self._since[key]
