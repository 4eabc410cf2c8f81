"""The forward and backward pass of a layer's directions, by NumPy arrays."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

import numpy as np

from rnnbuild.models.kernels import shards
from rnnbuild.models.kernels.blocks import BLOCK, Kept, Read, Rows, Weights
from rnnbuild.models.kernels.workspace import Arrays, Workspace

AT_ONCE = 32
"""Rows that a kernel is called with where it keeps nothing."""
ALIGNMENT = 64
"""Bytes. TensorFlow takes over an array that starts at a multiple, and copies any other."""


def zeros(*shape: int) -> Any:
    """float32, aligned."""
    size = int(np.prod(shape))
    room = np.zeros(size + ALIGNMENT // 4, np.float32)
    start = -room.ctypes.data % ALIGNMENT // 4
    return room[start : start + size].reshape(shape)


@dataclass(frozen=True, eq=False)
class Passes:
    """A layer's directions through their cell's kernels, on all processors.

    Arguments: `places` int32 (B, T) and `lengths` int32 (B,), see `Read`; then the inputs, (N,
    width), one for all directions or one for each; then W, U and the biases of each direction.
    """

    kernels: ModuleType
    backwards: tuple[bool, ...]
    return_sequences: bool
    workspace: Workspace = field(default_factory=Workspace)

    def outputs(self, places: Any, lengths: Any, *given: Any) -> Any:
        """h of all directions side by side, (B, T, features) or (B, 1, features); none is kept.

        An input that is x·W already is as wide as W, whose rows are then left out.
        """
        reads, weights = self._parts(places, lengths, given)
        sizes = self._sizes(len(lengths), min(places.shape[1], BLOCK), weights)
        return self._forward(reads, weights, [np.empty(n, np.float32) for n in sizes])

    def forward(self, places: Any, lengths: Any, *given: Any) -> tuple[Any, Any]:
        """The same, and the number of what is kept for `backward`."""
        reads, weights = self._parts(places, lengths, given)
        kept = self.workspace.take(self._sizes(places.shape[0], places.shape[1], weights))
        outputs = self._forward(reads, weights, kept, keep=True)
        return outputs, np.int64(self.workspace.leave(kept))

    def backward(self, number: Any, slopes: Any, places: Any, lengths: Any, *given: Any) -> Arrays:
        """The slopes by the inputs and the weights, in the order of the arguments."""
        reads, weights = self._parts(places, lengths, given)
        kept = self.workspace.recall(int(number))
        if kept is None:  # a second gradient of one pass, or passes side by side
            kept = self.workspace.take(self._sizes(places.shape[0], places.shape[1], weights))
            self._forward(reads, weights, kept, keep=True)
        found = self._backward(slopes, reads, weights, kept)
        self.workspace.spent(kept)
        return found

    def _parts(
        self, places: Any, lengths: Any, given: Sequence[Any]
    ) -> tuple[list[Read], list[Weights]]:
        """What each direction reads, and its weights; biases as rows."""
        count = len(self.backwards)
        inputs, arrays = list(given[: -3 * count]), given[-3 * count :]
        weights = [
            Weights(arrays[start], arrays[start + 1], np.atleast_2d(arrays[start + 2]))
            for start in range(0, 3 * count, 3)
        ]
        inputs = inputs if len(inputs) == count else inputs * count
        reads = [
            Read(one, places, lengths, way, not len(matrices.kernel))
            for one, way, matrices in zip(inputs, self.backwards, weights, strict=True)
        ]
        return reads, weights

    def _sizes(self, rows: int, steps: int, weights: list[Weights]) -> list[int]:
        """Of what is kept of each direction: the states, one more than steps, and the rest."""
        units = [one.recurrent.shape[0] for one in weights]
        return [
            rows * size
            for n in units
            for size in ((steps + 1) * n, *(steps * width * n for width in self.kernels.WIDTHS))
        ]

    def _kept(
        self, kept: Arrays, direction: int, part: shards.Part, steps: int, units: int
    ) -> Kept:
        """A part's share of what is kept of a direction."""
        first, last = part
        found = []
        for array, width, count in zip(
            kept[3 * direction : 3 * direction + 3],
            (1, *self.kernels.WIDTHS),
            (steps + 1, steps, steps),
            strict=True,
        ):
            size = count * width * units
            share = array[first * size : last * size]
            found.append(share.reshape((last - first) * count, width * units))
        return Kept(*found)

    def _forward(
        self, reads: list[Read], weights: list[Weights], kept: Arrays, keep: bool = False
    ) -> Any:
        rows, steps = reads[0].places.shape
        room = steps if keep else min(steps, BLOCK)
        outputs = zeros(rows, steps if self.return_sequences else 1, features_of(weights))

        def task(_: int, part: shards.Part) -> None:
            first, last = part
            # What is not kept is written over by the next rows, in the processor's cache.
            for start in range(first, last, last - first if keep else AT_ONCE):
                end, offset = last if keep else min(start + AT_ONCE, last), 0
                for number, (read, matrices) in enumerate(zip(reads, weights, strict=True)):
                    units = matrices.recurrent.shape[0]
                    share = self._kept(kept, number, (first, first + end - start), room, units)
                    self.kernels.forward(read, matrices, Rows(start, end, offset), outputs, share)
                    offset += units

        shards.run(task, shards.parts_of(rows, numbers_of(reads[0].places, weights)))
        return outputs

    def _backward(
        self, slopes: Any, reads: list[Read], weights: list[Weights], kept: Arrays
    ) -> Arrays:
        rows, steps = reads[0].places.shape
        parts = shards.parts_of(rows, numbers_of(reads[0].places, weights))
        shared = reads[0].inputs is reads[-1].inputs
        by_inputs = [zeros(*read.inputs.shape) for read in (reads[:1] if shared else reads)]
        by_weights = [
            [np.zeros((len(parts), *array.shape), np.float32) for array in one] for one in weights
        ]

        def task(number: int, part: shards.Part) -> None:
            offset = 0
            for direction, (read, matrices) in enumerate(zip(reads, weights, strict=True)):
                units = matrices.recurrent.shape[0]
                share = self._kept(kept, direction, part, steps, units)
                found = (
                    by_inputs[0 if shared else direction],
                    *(slope[number] for slope in by_weights[direction]),
                )
                self.kernels.backward(read, matrices, Rows(*part, offset), slopes, share, found)
                offset += units

        shards.run(task, parts)
        found: Arrays = [*by_inputs]
        for one in by_weights:
            by_kernel, by_recurrent, by_bias = (array.sum(axis=0) for array in one)
            # Biases came as rows only where there are two.
            found += [by_kernel, by_recurrent, by_bias if len(by_bias) > 1 else by_bias[0]]
        return found


def features_of(weights: list[Weights]) -> int:
    """The units of all directions."""
    return sum(one.recurrent.shape[0] for one in weights)


def numbers_of(places: Any, weights: list[Weights]) -> int:
    """How many products with W there are in all."""
    return sum(places.size * one.recurrent.shape[1] for one in weights)
