"""`this@variant(settings).row.metric` -> its exact value; specs are read and analyzed once each."""

from fractions import Fraction

from inception_calc.analysis import analyze
from inception_calc.audit.counts import WORDS, Counted, metric_value
from inception_calc.dims.formula import Assignment, Part, ReferenceParts
from inception_calc.problems import Fault, InputError, listed, nearest
from inception_calc.spec_file import DEFAULT, LoadedSpec, load, shipped
from inception_calc.spec_file.load import load_text

THIS = "this"

Values = tuple[tuple[str, str], ...]
"""Symbols and what they are set to, as texts."""


class Library:
    """Specs and their analyses, each made once for the whole audit."""

    def __init__(self) -> None:
        self._specs: dict[tuple[str, str], LoadedSpec] = {}
        self._counted: dict[tuple[str, str, Values, bool], Counted] = {}

    def variant(self, home: LoadedSpec, name: str) -> LoadedSpec:
        """Another variant of a spec that is loaded."""
        key = (home.source, name)
        if home.variant == name:
            self._specs.setdefault(key, home)
        if key not in self._specs:
            self._specs[key] = load_text(home.origin, name)
        return self._specs[key]

    def other(self, home: LoadedSpec, name: str) -> LoadedSpec:
        """Another spec by name: a neighbour in the same folder, else a shipped one."""
        origin = None
        try:
            origin = home.origin.neighbour(name)
        except InputError:
            if name not in shipped.names():
                raise
        source = origin.source if origin else name
        if (source, DEFAULT) not in self._specs:
            self._specs[source, DEFAULT] = load_text(origin) if origin else load(name)
        return self._specs[source, DEFAULT]

    def counted(self, spec: LoadedSpec, settings: Values = (), training: bool = False) -> Counted:
        """The counts of a spec at a setting."""
        key = (spec.source, spec.variant, settings, training)
        if key not in self._counted:
            analysis = analyze(spec, symbols=dict(settings), training=training)
            self._counted[key] = Counted.of(analysis)
        return self._counted[key]

    def value(self, home: LoadedSpec, reference: ReferenceParts) -> int:
        """What a reference in the spec `home` is worth; a `Fault` with a span where it means nothing."""
        spec = self._spec(home, reference)
        settings, training = _settings(reference.settings)
        rows = [*spec.spec.rows, *spec.spec.heads]
        first = reference.path[0]
        row = first.text if first.quoted or (first.text in rows and first.text not in WORDS) else ""
        if first.quoted and row not in rows:
            hint = nearest(row, rows) or f"its rows are {listed(rows, all_in=f'`inception-calc table {spec.source}`')}"
            raise Fault("unknown-row", f"'{spec.spec.name}' has no row '{row}'", fix=hint, span=first.span)
        path = reference.path[1:] if row else reference.path
        if not path:
            what = f"the row '{row}' alone is no number"
            raise Fault("bad-reference", what, fix=f"say which count: .{row}.ops", span=first.span)
        heads = row in spec.spec.heads or (not row and path[0].text == "heads")
        try:
            counted = self.counted(spec, settings, training or heads)
        except InputError as error:
            problem = error.problems[0]
            where = reference.settings[0].name.span if reference.settings else reference.whole
            raise Fault(problem.code, problem.what, fix=problem.fix, span=where) from None
        value = metric_value(counted, row, path)
        assert isinstance(value, int)  # a reference leaves no symbol free
        return value

    def _spec(self, home: LoadedSpec, reference: ReferenceParts) -> LoadedSpec:
        name, variant = reference.spec, reference.variant
        try:
            found = home if name.text == THIS else self.other(home, name.text)
        except InputError as error:
            raise _unusable(name, error) from None
        if variant is None:
            return found
        if variant.text not in (DEFAULT, *found.spec.variants):
            what = f"'{found.spec.name}' has no variant '{variant.text}'"
            known = [DEFAULT, *found.spec.variants]
            hint = (
                nearest(variant.text, known)
                or f"the variants are {listed(known, all_in=f'variants of {found.source}')}"
            )
            raise Fault("unknown-variant", what, fix=hint, span=variant.span)
        return self.variant(found, variant.text)


def _unusable(name: Part, error: InputError) -> Fault:
    problem = error.problems[0]
    if problem.code == "unreadable":
        hint = nearest(name.text, [THIS, *shipped.names()]) or "name a file of this folder, or what `list` shows"
        return Fault("unknown-spec", f"there is no spec '{name.text}' beside this one", fix=hint, span=name.span)
    place = f" ({problem.location.file}:{problem.location.line})" if problem.location else ""
    return Fault(problem.code, f"cannot use '{name.text}': {problem.what}{place}", fix=problem.fix, span=name.span)


def _settings(settings: tuple[Assignment, ...]) -> tuple[Values, bool]:
    """Symbols and their values as texts, and whether heads are counted."""
    training = False
    symbols: list[tuple[str, str]] = []
    for setting in settings:
        if setting.name.text == "training":
            if setting.value not in ("true", "false"):
                what = f"training is true or false, not '{setting.value}'"
                raise Fault("bad-value", what, fix="write training=true", span=setting.name.span)
            training = setting.value == "true"
            continue
        try:
            Fraction(setting.value)
        except (ValueError, ZeroDivisionError):
            what = f"'{setting.value}' is no value for {setting.name.text}"
            raise Fault("bad-value", what, fix="write a number", span=setting.name.span) from None
        symbols.append((setting.name.text, setting.value))
    return tuple(symbols), training
