"""Recurrent cells over whole sequences, compiled by Numba: what PyTorch's fused kernels do.

TensorFlow runs a cell as some thirty small operations a step, each of which costs more to start
than to compute. A kernel here takes a layer through all its steps in one call, the element-wise
arithmetic of a step fused, and the products with W and U left to BLAS. The equations are Keras'
(keras/src/layers/rnn), and `tests/models/test_fused.py` holds outputs and gradients against Keras.

functions.py   tanh and the sigmoid, and how kernels are compiled
simple_rnn.py  SimpleRNN
gru.py         GRU, `reset_after`
lstm.py        LSTM
cells.py       which there are
blocks.py      inputs in the order of steps, products with W and slopes by the weights
passes.py      a layer's directions, forward and backward
workspace.py   what the one leaves for the other
shards.py      parts of a batch's rows side by side on all processors
adam.py        Adam over the rows of a large embedding, put off until they are read
"""

from rnnbuild.cache import cache_compiled_code

cache_compiled_code()
