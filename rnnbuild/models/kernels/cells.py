"""The cells there are, by the class of Keras that each stands for."""

from types import ModuleType

from rnnbuild.models.kernels import gru, lstm, simple_rnn

KERNELS: dict[str, ModuleType] = {"SimpleRNN": simple_rnn, "GRU": gru, "LSTM": lstm}
