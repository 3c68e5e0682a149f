"""Latency from counts: what was measured, a cost model fitted to it, and predictions. Needs no package beside ours."""
