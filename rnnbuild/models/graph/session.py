"""A graph in onnxruntime."""

from typing import Any

from rnnbuild.dependencies import starting

with starting("onnxruntime"):
    # By name: what a half removed package leaves can be imported, and is empty.
    from onnxruntime import InferenceSession, SessionOptions

ERRORS = 3
"""Its log level; what it warns of are operators that it removes."""


def open_session(content: bytes) -> Any:
    """The `onnxruntime.InferenceSession` of an ONNX file, on one CPU; several threads may use it.

    With more threads, recurrent operators gain little on small batches, and the threads wait for
    work in a loop that takes CPUs from others.
    """
    options = SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = ERRORS
    return InferenceSession(content, options, providers=["CPUExecutionProvider"])
