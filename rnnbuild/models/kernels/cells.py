"""The cells that have kernels, by the Keras class that each computes."""

from types import ModuleType

from rnnbuild.models.kernels import gru, lstm, simple_rnn

KERNELS: dict[str, ModuleType] = {"SimpleRNN": simple_rnn, "GRU": gru, "LSTM": lstm}
"""Each has `forward` and `backward`; STATES, how many arrays its state is; and WIDTHS, of what the
backward pass needs. The first width is that of W and U too, in units."""
