"""Recurrent cells over whole sequences, compiled by Numba: what PyTorch's fused kernels do.

TensorFlow runs a cell as some thirty small operations a step, each of which costs more to start
than to compute. A kernel here takes a layer through all its steps in one call, the element-wise
arithmetic of a step fused and one matrix product a step left to BLAS. The equations are Keras'
(keras/src/layers/rnn), and `tests/models/test_fused.py` holds outputs and gradients against Keras.

functions.py   tanh and the sigmoid, and how kernels are compiled
simple_rnn.py  SimpleRNN
gru.py         GRU, `reset_after`
lstm.py        LSTM
sequences.py   which kernels a cell has, and a batch through them
shards.py      rows of a batch and directions side by side on all processors
"""

from rnnbuild.data.cache import keep_compiled

keep_compiled()
