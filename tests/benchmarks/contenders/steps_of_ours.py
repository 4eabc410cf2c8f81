"""rnnbuild's steps at the points of a grid, one point after the other, in the way that is named."""

import gc
import sys
from collections.abc import Callable

from rnnbuild.models.framework import keras
from tests.benchmarks.contenders.ours import epoch_of
from tests.benchmarks.contenders.protocol import Piece, serve_pieces

DEPTH, SPEED = int(sys.argv[1]), sys.argv[2]


def fresh(piece: Piece) -> Callable[[], None]:
    """An epoch of a new model; the last one's memory is free."""
    keras.backend.clear_session()
    gc.collect()
    return epoch_of(piece, DEPTH, SPEED)


serve_pieces(fresh)
