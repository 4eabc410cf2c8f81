"""What goes from layer to layer."""

from typing import NamedTuple


class Flow(NamedTuple):
    """The names of tensors in the graph, and what their shapes are known to be.

    Steps come first, as recurrent operators have them: a sequence is (T, B, width).

    values:  ids (T, B), or float32 (T, B, width), or (B, width) where the sequence has ended
    width:   features; of ids, the size of the vocabulary
    steps:   whether it is a sequence
    real:    bool (T, B), whether a step comes before its row's padding
    lengths: int32 (B,), the number of these steps; both None where nothing is padded
    carried: whether the steps continue a sequence: recurrent layers take up their state
    """

    values: str
    width: int
    steps: bool = True
    real: str | None = None
    lengths: str | None = None
    carried: bool = False
