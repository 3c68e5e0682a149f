"""Text -> a checked spec whose every value knows its line and column."""

from inception_calc.files.references import DEFAULT
from inception_calc.spec_file.load import LoadedSpec, SpecError, load

__all__ = ["DEFAULT", "LoadedSpec", "SpecError", "load"]
