"""inception-calc: what a neural-network architecture costs."""

__version__ = "0.1.0"
