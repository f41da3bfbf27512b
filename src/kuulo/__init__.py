"""Kuulo hears what residents say and groups it into themes in their own words."""

import os

__version__ = "0.1.0"

# onnxruntime reads this once, when it is loaded: without it, it numbers this machine and reports each session home.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
