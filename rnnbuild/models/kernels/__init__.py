"""Recurrent cells over whole sequences, compiled by Numba: what PyTorch's fused kernels do.

TensorFlow runs a cell as some thirty small operations a step, each of which costs more to start
than to compute. A kernel here takes a layer through all its steps in one call, the element-wise
arithmetic of a step fused, and the products with W and U left to BLAS. The equations are Keras'
(keras/src/layers/rnn), and `tests/models/test_fused.py` compares outputs and gradients with Keras.

compiled.py    compiled code on the disk
functions.py   tanh and the sigmoid, and how kernels are compiled
blocks.py      what a kernel is given; products with W, and gradients, a block of steps at a time
steps.py       a cell over all steps, forward and backward: what cells share
simple_rnn.py  SimpleRNN's step
gru.py         GRU's, `reset_after`
lstm.py        LSTM's
cells.py       which there are
passes.py      a layer's directions, forward and backward, with a state in and out
workspace.py   what the forward pass leaves for the backward pass
shards.py      parts of a batch's rows side by side on all CPUs
adam.py        Adam over the rows of a large embedding, deferred until they are read
"""

from rnnbuild.dependencies import starting

with starting("Numba", "NUMBA_"):
    import numba  # noqa: F401
with starting("SciPy"):
    import scipy.linalg.cython_blas  # noqa: F401  (what Numba multiplies with)
with starting("threadpoolctl"):
    import threadpoolctl  # noqa: F401
