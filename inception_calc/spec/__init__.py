"""What a YAML file may say, as pydantic models, and the checks of names across them."""

from inception_calc.spec.models import Block, Claim, Head, PrintedNumber, Reason, Row, Source, Spec, read_spec

__all__ = ["Block", "Claim", "Head", "PrintedNumber", "Reason", "Row", "Source", "Spec", "read_spec"]
