"""Recurrent cells over whole sequences, compiled by Numba: what PyTorch's fused kernels do.

TensorFlow runs a cell as some thirty small operations a step, each of which costs more to start
than to compute. A kernel here takes a layer through all its steps in one call: weights are packed
for the processor's registers once a batch, and the arithmetic of a step is done while the products
that it needs are still in the cache. The equations are Keras' (keras/src/layers/rnn), and
`tests/models/test_fused.py` compares outputs and gradients with Keras.

compiled.py       compiled code on the disk
functions.py      how kernels are compiled
vectors.py        vectors of numbers, as wide as a register, that equations are written with
activations.py    tanh, the sigmoid and the exponential function of vectors
products.py       products of matrices with panels of weights
panels.py         weights as panels, and gradients back in Keras' order
weights.py        a direction's weights in panels, and room for their gradients
held.py           weights that stay in panels between steps, moved there by Adam
aligned.py        arrays that TensorFlow takes over without copying them
blocks.py         what a kernel is given; a layer's inputs in the order of its steps
simple_rnn.py     SimpleRNN's step
gru.py            GRU's, `reset_after`
lstm.py           LSTM's
steps.py          a step of whichever cell
forward.py        the forward pass of some rows
backward.py       the backward pass of some rows
gradients.py      gradients with respect to weights and inputs, from those of all steps
cells.py          which cells there are
directions.py     one direction of a layer, by NumPy's arrays
passes.py         a layer's directions, forward and backward, with a state in and out
workspace.py      what the forward pass leaves for the backward pass
meeting.py        where threads that share a step wait for each other
phases.py         work in phases on several threads
shards.py         rows and panels side by side on all CPUs
adam.py           Adam, and Adam over the rows of a large embedding, deferred until they are read
cross_entropy.py  softmax and cross-entropy
"""

from rnnbuild.dependencies import starting

with starting("Numba", "NUMBA_"):
    import numba  # noqa: F401
