"""Kernels on all processors: their products leave the other threads alone."""

import subprocess
import sys

# A process of its own: in this one, BLAS may have been loaded and limited by another test.
SOURCE = """
import numpy as np
from rnnbuild.models.kernels import shards, simple_rnn

inputs, recurrent = np.zeros((2, 3, 4), np.float32), np.zeros((4, 4), np.float32)
lengths, outputs = np.full(2, 3, np.int32), np.zeros((2, 3, 4), np.float32)
def task(first, last):
    simple_rnn.forward(inputs, recurrent, lengths, False, first, last, outputs)
shards.run([task], 2, 1 << 20)

import threadpoolctl
print(*(pool["num_threads"] for pool in threadpoolctl.threadpool_info()
        if pool["user_api"] == "blas"))
"""


def test_every_blas_that_a_kernel_may_call_has_one_thread() -> None:
    done = subprocess.run([sys.executable, "-c", SOURCE], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert set(done.stdout.split()) == {"1"}
