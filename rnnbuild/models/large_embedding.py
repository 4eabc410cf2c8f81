"""An embedding of many words, of which a batch has few: only their rows go through TensorFlow.

Adam moves every row in every step, since moments fall where there is no gradient either, and so
goes over the whole table; a step of MR's, with 19,000 words, spends more on that than on its LSTM.
Here a row's steps are deferred until it is next read (`kernels/adam.py`): the same mathematics,
step by step, and not the approximation that leaves rows without a gradient where they are.
"""

from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnbuild.models.descent import Beginning, Step
from rnnbuild.models.framework import keras, tf
from rnnbuild.models.kernels import shards
from rnnbuild.models.kernels.adam import Falls, Held, catch_up, distinct, move, step_size
from rnnbuild.models.kernels.aligned import empty

PAYS_FROM = 1 << 16
"""Weights of the table. Below, Adam over all of it costs less than the ways in and out."""
NUMBERS_OF_TASK = 1 << 15
"""Numbers that a task writes at least: less is done before another thread has woken up."""

Floats = NDArray[np.float32]


class LargeEmbedding:
    """The table of a model's Embedding while it is trained, and Adam's moments of it.

    They are taken out of their variables by the first step, and put back by `settle`, until which
    the variables keep their old values.
    """

    def __init__(self, embedding: Any, optimizer: Any) -> None:
        # The embedding is the first layer, and so its table the first weight.
        self._variables = (
            embedding.embeddings,
            optimizer._momentums[0],
            optimizer._velocities[0],
        )
        self._name, self.variables = embedding.name, [embedding.embeddings]
        self._optimizer = optimizer
        rows, self._width = embedding.embeddings.shape
        # Scratch of `distinct`, (rows,): -1 between calls.
        self._seen = np.full(rows, -1, np.int32)
        self._falls = Falls.of(optimizer)
        # Table and moments while they are out of their variables; None while they are in them.
        self._held: Held | None = None
        # The words of the batch under way, (words,), from `_read` to `_move`.
        self._words = np.empty(0, np.int32)
        # The size of each step since the table was taken out, with room for more: a row that has
        # made k of them is brought up to date by going through [k:]. Their number, the greatest.
        self._rates, self._steps = np.zeros(64, np.float32), 0
        self._greatest = np.float32(0)

    def begin(self, inputs: Any) -> Beginning:
        """Gradients are taken with respect to the rows of the batch's words, (words, width)."""
        rows, places = self.rows_of(inputs)
        # Its backward pass adds up the gradients at all places of a word.
        return Beginning(rows, {self._name: lambda ids, lengths: tf.gather(rows, places)})

    def rows_of(self, ids: Any) -> tuple[Any, Any]:
        """The rows of a batch's words, float32 (words, width), as they are after all steps so far,
        and the place of each id, int32 as the ids are shaped, among them."""
        rows, places = tf.numpy_function(self._read, [ids], [tf.float32, tf.int32])
        rows.set_shape((None, self._width))
        places.set_shape(ids.shape)
        return rows, places

    def norms(self, gradient: Any) -> Any:
        return tf.norm(gradient)[tf.newaxis]

    def move(self, gradient: Any, scale: Any, step: Step) -> None:
        """Moves the rows that `rows_of` gave last."""
        scaled = gradient if scale is None else gradient * scale
        tf.numpy_function(self._move, [scaled, *step], [])

    def settle(self) -> None:
        """Puts the table and its moments into their variables, every row after all steps so far."""
        if self._held is None:
            return
        self._catch_up(np.arange(len(self._seen), dtype=np.int32))
        for variable, array in zip(self._variables, self._held, strict=False):
            variable.assign(array)
        self._held = None

    def _read(self, ids: NDArray[np.int32]) -> tuple[Floats, NDArray[np.int32]]:
        if self._held is None:
            # Copies: TensorFlow may share a variable's memory with what it returns, and these are
            # written to in place. No row owes a step, since steps are counted from here.
            table, first, second = (np.array(one.value.numpy()) for one in self._variables)
            made = np.zeros(len(self._seen), np.int64)
            self._held = Held(table, first, second, made)
            self._steps, self._greatest = 0, np.float32(0)
        words, places = np.empty(ids.size, np.int32), np.empty(ids.shape, np.int32)
        count = distinct(ids.reshape(-1), self._seen, words, places.reshape(-1))
        self._words = words[:count]
        # Before they are read, so that the batch sees the rows that Adam over the whole table
        # would have left; and before they move, since `move` wants rows that owe no step.
        self._catch_up(self._words)
        # Copied, (words, width): the table itself goes on changing while TensorFlow has these.
        rows = empty((count, self._width))
        np.take(self._held.weights, self._words, axis=0, out=rows)
        return rows, places

    def _catch_up(self, words: NDArray[np.int32]) -> None:
        held = self._held
        assert held is not None
        rates = self._rates[: self._steps]
        # Steps of rows that are still due: how much work there is, to be cut into parts by
        # words. No two words share a row, so threads do not meet.
        owed = int((self._steps - held.made[words]).sum())

        if owed:
            shards.run(
                [
                    partial(catch_up, held, self._falls, rates, self._greatest, words, *part)
                    for part in parts_of(len(words), owed * self._width)
                ]
            )

    def _move(self, gradients: Floats, step: np.float32, rate: np.float32) -> None:
        held = self._held
        assert held is not None
        # Kept, for the rows that are not in this batch.
        size = step_size(rate, step, self._optimizer.beta_1, self._optimizer.beta_2)
        if self._steps == len(self._rates):
            self._rates = np.append(self._rates, np.zeros_like(self._rates))
        self._rates[self._steps], self._greatest = size, max(self._greatest, size)
        self._steps += 1

        shards.run(
            [
                partial(move, held, self._falls, size, self._words, gradients, *part)
                for part in parts_of(len(self._words), gradients.size)
            ]
        )


def parts_of(rows: int, numbers: int) -> list[shards.Part]:
    """The rows of each task, for tasks that together write this many numbers."""
    return shards.parts_of(rows, min(shards.processors(), numbers // NUMBERS_OF_TASK))


def is_large(layer: Any) -> bool:
    """Whether the layer is a large embedding whose rows move by nothing but their own gradients."""
    return (
        isinstance(layer, keras.layers.Embedding)
        and layer.trainable
        and layer.embeddings_regularizer is None
        and layer.embeddings_constraint is None
        and layer.input_dim * layer.output_dim >= PAYS_FROM
    )
