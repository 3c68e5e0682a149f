"""Can I believe the paper: every printed number and claim of a spec, judged against its own table."""

from inception_calc.audit.audit import audit
from inception_calc.audit.entries import Audit, ClaimEntry, PrintedEntry
from inception_calc.audit.verdicts import VERDICTS, Verdict, verdict_of

__all__ = ["VERDICTS", "Audit", "ClaimEntry", "PrintedEntry", "Verdict", "audit", "verdict_of"]
