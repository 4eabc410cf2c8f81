"""A graph in onnxruntime."""

from typing import Any

from rnnbuild.dependencies import starting

with starting("onnxruntime"):
    import onnxruntime

ERRORS = 3
"""Its log level; what it warns of are operators that it removes."""


def open_session(content: bytes, threads: int = 1) -> Any:
    """The `onnxruntime.InferenceSession` of an ONNX file, on CPUs.

    Several threads may use it at once. No bit of its outputs depends on `threads`.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = ERRORS
    return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
