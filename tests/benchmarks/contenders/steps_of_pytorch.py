"""PyTorch's steps at the points of a grid, one point after the other, at its fastest."""

import sys

from tests.benchmarks.contenders.protocol import serve_pieces
from tests.benchmarks.contenders.pytorch import fastest

DEPTH = int(sys.argv[1])
# Rows are of full length, so that there is nothing to pack.
serve_pieces(lambda piece: fastest(piece, DEPTH, (False,)))
