"""Kernels on all processors: their products leave the other threads alone."""

import subprocess
import sys

# A process of its own: in this one, BLAS may have been loaded and limited by another test.
SOURCE = """
from rnnbuild.models.kernels import blocks, shards
import numpy as np

matrices = [np.zeros((4, 4), np.float32) for _ in range(4)]
shards.run(lambda number, part: blocks.add_product(*matrices), [(0, 4)])

import threadpoolctl
print(*(pool["num_threads"] for pool in threadpoolctl.threadpool_info()
        if pool["user_api"] == "blas"))
"""


def test_every_blas_that_a_kernel_may_call_has_one_thread() -> None:
    done = subprocess.run([sys.executable, "-c", SOURCE], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert set(done.stdout.split()) == {"1"}
