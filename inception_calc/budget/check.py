"""Budgets and specs -> report: which specs, which base, waivers, stale limits, and the worst first."""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from itertools import chain
from pathlib import Path

from inception_calc.analysis import CONVENTION
from inception_calc.budget.base import SUFFIXES, Base, BaseFinder
from inception_calc.budget.case import Case
from inception_calc.budget.flags import spec_of
from inception_calc.budget.holdings import count_judged, notes_on
from inception_calc.budget.judge import Judge
from inception_calc.budget.judgement import ORDER, PASS, UNDECIDED, WARN, Judgement, Report
from inception_calc.budget.library import Library, Spec
from inception_calc.budget.loosened import loosened
from inception_calc.budget.match import is_glob, leads_out, left_out_files, matching_files, means
from inception_calc.budget.model_notes import notes_on_models
from inception_calc.budget.models import Budget
from inception_calc.budget.moved import lost_files
from inception_calc.budget.numbers import tightened
from inception_calc.budget.placed import placed
from inception_calc.budget.read import BUDGET_FILE, NAME, Budgets, files_above, read_file, shown
from inception_calc.budget.selection import Held
from inception_calc.budget.waivers import with_waivers
from inception_calc.problems import InputError, Location, Problem, Stop, Undecided, listed, nearest
from inception_calc.spec_file.git import check_revision
from inception_calc.spec_file.load import in_file_order
from inception_calc.spec_file.nodes import Scalar
from inception_calc.spec_file.yaml_reader import decode, read_yaml


def check(
    budgets: Budgets | str | Path = NAME,
    *,
    specs: Sequence[str] = (),
    base: str | None = None,
    today: datetime.date | None = None,
    environment: Mapping[str, str] | None = None,
) -> Report:
    """Holds every spec against every budget of a file that speaks of it. The file is a path, or was read already.

    `specs` (paths from the current folder) leaves out all others. `base` replaces the base of the file. `today`
    judges waivers. `environment` is what CI systems say; without it `auto` asks git alone. Raises `InputError`
    where a budget or a spec cannot be read, or where a budget would judge nothing.
    """
    if not isinstance(budgets, Budgets):
        budgets = read_file(Path.cwd() / budgets)
    if base is not None:
        check_revision(base)
    finder = BaseFinder(budgets.file.base if base is None else base, budgets.folder, environment or {})
    day = today or datetime.datetime.now(datetime.UTC).date()
    return _Check(budgets, tuple(specs), finder, day, base is not None, today is not None).report()


@dataclass
class _Check:
    budgets: Budgets
    specs: tuple[str, ...]
    finder: BaseFinder
    today: datetime.date
    base_is_named: bool
    day_is_given: bool
    notes: list[str] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)
    left_out: set[int] = field(default_factory=set)
    """Budgets of which the user asked about some specs only."""

    @cached_property
    def library(self) -> Library:
        return Library(self.finder.find)

    def report(self) -> Report:
        files = self._files()
        judged_once = dict.fromkeys(chain.from_iterable(files))
        self.finder.files = lambda: chain.from_iterable(map(self.library.files, judged_once))
        self._add_lost(files)
        judged = [self._judged(index, budget, files[index]) for index, budget in enumerate(self.budgets.file.budgets)]
        judgements = [judgement for found in judged for judgement in self._with_stale(found)]
        judgements = with_waivers(judgements, self.budgets, self.today, bool(self.specs))
        judgements += self._unused_base(judgements)
        self.notes += [f"{name} was called {old} at the base" for name, old in self.library.base_names.items()]
        self.notes += [
            f"{name} is counted at input {now}, at the base at {then}; input: {then} in its budget would hold it there"
            for name, now, then in self.library.other_inputs()
        ]
        self.notes += chain.from_iterable(map(notes_on, self.held))
        self.notes += dict.fromkeys(notes_on_models(self.library.counted()))
        base = self._base_if_found()
        self.notes += self._notes_on_the_file(base)
        return Report(
            tuple(sorted(judgements, key=_badness)),
            self.budgets.source,
            base.name if base else "",
            base.why if base else "",
            CONVENTION,
            tuple(self.notes),
            self.library.counted(),
            tuple(self.held),
        )

    def _notes_on_the_file(self, base: Base | None) -> Iterator[str]:
        """What a reader of the report would have to know about the budget file: it is not judged itself."""
        if base is not None and self.budgets.root is not None:
            yield from loosened(self.budgets, base)
        if self.budgets.root is not None:
            for other in files_above(self.budgets.path):
                yield f"{self.budgets.source} is the nearest budget file; {shown(other)} was not read"
        if self.day_is_given and self.budgets.file.waivers:
            yield f"waivers are judged on {self.today}, which the caller chose"

    # -- which files -------------------------------------------------------------------------------------------------

    def _files(self) -> list[list[Spec]]:
        """For each budget the specs that it judges; every glob that means nothing is a problem."""
        if self.budgets.root is None:  # budgets from the command line: one for each spec
            return [[spec_of(budget.match[0])] for budget in self.budgets.file.budgets]
        problems: list[Problem] = []
        wanted = self._wanted()
        found: list[list[Spec]] = []
        for index, budget in enumerate(self.budgets.file.budgets):
            names = self._meant(index, budget, problems)
            chosen = [name for name in names if wanted is None or name in wanted]
            if len(chosen) < len(names):
                self.left_out.add(index)
            found.append([Spec(name, self.budgets.folder / name) for name in chosen])
            for name in chosen:
                if wanted is not None:
                    wanted[name] = True
        for name in [name for name, used in (wanted or {}).items() if not used]:
            fix = "name a spec that a budget matches, or give limits: --max multiply_adds=1.6G"
            problems.append(Problem("no-budget", f"no budget of {self.budgets.source} speaks of '{name}'", None, fix))
        if problems:
            raise InputError(*in_file_order(problems))
        return found

    def _meant(self, index: int, budget: Budget, problems: list[Problem]) -> list[str]:
        """The files that a budget's globs mean, each once; what is wrong with a glob joins `problems`."""
        names: dict[str, None] = {}
        for place, pattern in enumerate(budget.match):
            matched = matching_files(pattern, self.budgets.folder, self.budgets.path)
            names |= dict.fromkeys(matched)
            if not matched and not budget.optional:
                problems.append(self._nothing(index, place, pattern))
            where = self.budgets.location("budgets", index, "match", place)
            for name in matched:
                if leads_out(self.budgets.folder / name, self.budgets.folder):
                    what = f"'{name}' is a link that leads out of the repository"
                    problems.append(Problem("outside", what, where, "put a file in its place"))
        return list(names)

    def _wanted(self) -> dict[str, bool] | None:
        """The specs that the user names, from the folder of the budget file; None for all."""
        if not self.specs:
            return None
        folder = self.budgets.folder
        return {shown(Path.cwd() / spec, folder): False for spec in self.specs}

    def _nothing(self, index: int, place: int, pattern: str) -> Problem:
        path: tuple[str | int, ...] = ("budgets", index, "match", place)
        fix = "mend the path, or write optional: true"
        if not is_glob(pattern):
            folder = self.budgets.folder
            files = (folder / pattern).parent.glob("*")
            known = [file.relative_to(folder).as_posix() for file in files if file.name.endswith(SUFFIXES)]
            fix = nearest(pattern, known) or fix
        return Problem("no-spec", f"'{pattern}' matches no file", self.budgets.location(*path), fix)

    def _add_lost(self, files: list[list[Spec]]) -> None:
        """Adds specs that were moved out of a budget's reach since the base to those that it judges; says others."""
        if self.specs or self.budgets.root is None:
            return
        deleted: dict[str, None] = {}
        for budget, specs in zip(self.budgets.file.budgets, files, strict=True):
            if not (budget.change or budget.optional or any(map(is_glob, budget.match))):
                continue  # a path that means nothing is an error
            try:
                present = [*(spec.name for spec in specs), *self._sparse]
                lost = list(lost_files(self.finder.find(), self.budgets.folder, budget.match, present))
            except Undecided:
                return  # every relative limit says so
            for before, now in lost:
                if now is None:
                    deleted[before] = None
                    continue
                specs.append(Spec(now, self.budgets.folder / now))
                how = f"{before} was moved to {now}, out of reach of the budget"
                self.notes.append(f"{budget.id}: {how}; it is judged all the same")
        self.notes += [f"{name} was deleted since the base" for name in deleted]

    # -- judging -----------------------------------------------------------------------------------------------------

    def _judged(self, index: int, budget: Budget, specs: list[Spec]) -> list[Judgement]:
        if self.specs and not specs:
            return []  # the user asked about other specs
        if budget.level == "off":
            return [Judgement(budget.id, WARN, "off", listed(spec.name for spec in specs), how="this budget is off")]
        found: list[Judgement] = []
        silent = []
        holdings: list[Held] = []
        for spec in specs:
            case = Case(budget, spec, self.library, self._base_name)
            try:
                judged = list(Judge(case, self._limit_location(index)).judgements())
                held = case.held()
            except InputError as error:
                raise InputError(*(placed(problem, self.budgets, index) for problem in error.problems)) from None
            if not judged:
                silent.append(spec.name)
            if held is not None and (judged or held.lost):
                holdings.append(held)
            found += judged
        self.held += holdings
        count = None if index in self.left_out else count_judged(budget, index, holdings, self.budgets)
        found += [count] if count is not None else []
        found += [_left_out(budget, name) for name in self._sparse if any(means(glob, name) for glob in budget.match)]
        if specs and not found:
            key = "rows" if budget.rows is not None else "layers"
            what = f"no {key[:-1]} of {listed(silent)} fits the filter"
            place = self.budgets.location("budgets", index, key)
            raise InputError(Problem("no-part", what, place, "inception-calc table SPEC shows names and types"))
        if silent:
            self.notes.append(f"{budget.id}: nothing to judge in {listed(silent)}")
        if not found:
            how = "no spec matches, and the budget is optional"
            found.append(Judgement(budget.id, WARN, "nothing to judge", "", how=how))
        if self._other_convention is not None:
            found = [replace(judgement, verdict=UNDECIDED, status="undecided", problem=self._other_convention,
                             proposal="") for judgement in found]  # fmt: skip
        return found

    @cached_property
    def _sparse(self) -> list[str]:
        """What a sparse checkout leaves out; nothing where the user asks about some specs only."""
        return [] if self.specs or self.budgets.root is None else left_out_files(self.budgets.folder)

    def _limit_location(self, index: int) -> "LimitLocation":
        return LimitLocation(self.budgets, index)

    # -- the base ----------------------------------------------------------------------------------------------------

    def _base_if_found(self) -> Base | None:
        """The base, where a limit asked for it and it was there."""
        try:
            return self.finder.find() if self.finder.was_asked else None
        except Stop:
            return None

    def _unused_base(self, judgements: list[Judgement]) -> list[Judgement]:
        """A base that the caller names must be there, even where no limit needs it."""
        if not self.base_is_named or any(judgement.problem is not None for judgement in judgements):
            return []
        try:
            self.finder.find()
        except Stop as stop:
            return [Judgement("base", UNDECIDED, "undecided", "", problem=stop.problems[0])]
        return []

    def _base_name(self) -> str:
        """The base's name; raises `Undecided` where there is none, or where it counted differently."""
        name = self.finder.find().name
        if self._other_base_convention is not None:
            raise Undecided(self._other_base_convention)
        return name

    @cached_property
    def _other_convention(self) -> Problem | None:
        """What is wrong where the limits were set under another way of counting."""
        written = self.budgets.file.convention
        if written is None or written == CONVENTION:
            return None
        return _conventions_differ("the limits were set", written, self.budgets.location("convention"))

    @cached_property
    def _other_base_convention(self) -> Problem | None:
        """The same for the budget file at the base."""
        base = self.finder.find()
        path = base.text_path(self.budgets.path)
        entry = base.commit.entry(path) if path is not None else None
        if entry is None:
            return None
        source = f"{base.name}:{path}"
        try:
            root, _ = read_yaml(decode(base.commit.read(entry), source, BUDGET_FILE), source, BUDGET_FILE)
        except InputError as error:
            what = f"the budget file cannot be read at {base.name}: {error.problems[0].what}"
            return Problem("unreadable-base", what, None, "give another --base")
        written = root.values.get("convention")
        text = written.text if isinstance(written, Scalar) else CONVENTION
        return None if text == CONVENTION else _conventions_differ(f"{base.name} was counted", text, None)

    # -- stale limits ------------------------------------------------------------------------------------------------

    def _with_stale(self, judgements: list[Judgement]) -> Iterator[Judgement]:
        """The judgements, the closest of each limit marked where even it is looser than the budget's slack."""
        slack = {budget.id: budget.slack for budget in self.budgets.file.budgets}
        groups: dict[str, list[Judgement]] = {}
        for judgement in judgements:
            if judgement.section == "max":
                groups.setdefault(judgement.metric, []).append(judgement)
        closest = {}
        for found in groups.values():
            allowed = slack[found[0].id]
            if allowed is None or self.specs or any(j.verdict != PASS for j in found):
                continue
            top = max(found, key=lambda judgement: judgement.value or 0)
            limit, value = top.limit, top.value
            assert limit is not None
            assert value is not None
            if limit and Fraction(limit - value) / Fraction(limit) > allowed:
                closest[id(top)] = self._proposal(top, Fraction(value))
        for judgement in judgements:
            text = closest.get(id(judgement))
            yield (
                judgement
                if text is None
                else replace(
                    judgement,
                    verdict=WARN,
                    status="stale limit",
                    proposal=text,
                    how="the limit is looser than its slack",
                )
            )

    def _proposal(self, judgement: Judgement, value: Fraction) -> str:
        budget = next(budget for budget in self.budgets.file.budgets if budget.id == judgement.id)
        return tightened(budget.max[judgement.metric], value)


@dataclass(frozen=True, slots=True)
class LimitLocation:
    """Where the limits of one budget stand."""

    budgets: Budgets
    index: int

    def __call__(self, section: str, metric: str) -> Location | None:
        """The place of one limit."""
        return self.budgets.location("budgets", self.index, section, metric)


def _left_out(budget: Budget, name: str) -> Judgement:
    fix = f"git sparse-checkout add {Path(name).parent.as_posix()}"
    what = f"'{name}' is in the last commit and left out of this sparse checkout"
    return Judgement(budget.id, UNDECIDED, "undecided", name, problem=Problem("not-checked-out", what, None, fix))


def _conventions_differ(who: str, written: str, place: Location | None) -> Problem:
    what = f"{who} under another convention: '{written}'; this program counts '{CONVENTION}'"
    return Problem("other-convention", what, place, "check every limit, then write the new convention")


def _badness(judgement: Judgement) -> tuple[int, int]:
    """Worst verdict first; among equals the one that is most over its limit, in parts per billion of it."""
    margin, limit = judgement.margin, judgement.limit
    left = 0 if margin is None else int(margin * 10**9 // limit) if limit else int(margin * 10**9)
    return ORDER.index(judgement.verdict), left
