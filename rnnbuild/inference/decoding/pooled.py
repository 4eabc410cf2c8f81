"""Answers of several models, each to rows of its own, as those of one.

The models were trained on different rows, so that labels and target words may differ: their numbers
become places in a list of all. The label of a row counts as what it is, though the model that
answers it was trained without that label, as long as another model knows it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnbuild.data.examples.encoded import UNSEEN, Encoded, end_to_end
from rnnbuild.data.kind.codec import Codec
from rnnbuild.data.kind.loaded import Baselines, OnRequest
from rnnbuild.data.labelled_text.codec import LabelledTextCodec, in_order
from rnnbuild.data.pairs.codec import PairsCodec
from rnnbuild.data.pairs.ends import END
from rnnbuild.inference.decoding.choices import every_probability
from rnnbuild.metrics.classification import Classified
from rnnbuild.metrics.multi_label import MultiLabelled
from rnnbuild.metrics.tagging import Tagged
from rnnbuild.metrics.tasks import AnyAnswers
from rnnbuild.metrics.translation import Translated

Places = NDArray[np.int64]
Array = NDArray[Any]


@dataclass(frozen=True, eq=False)
class Pool:
    """The codecs of several models, and one that knows the labels, or target words, of all."""

    codecs: tuple[Codec, ...]

    @cached_property
    def codec(self) -> Codec:
        """The codec by which pooled answers are decoded; it encodes no input."""
        first = self.codecs[0]
        if isinstance(first, LabelledTextCodec):
            return replace(first, labels=self._names)
        assert isinstance(first, PairsCodec)
        longest = max(codec.longest_target for codec in self._pairs)
        return replace(first, target_words=self._names, longest_target=longest)

    @property
    def _pairs(self) -> Iterable[PairsCodec]:
        return (codec for codec in self.codecs if isinstance(codec, PairsCodec))

    @cached_property
    def _names(self) -> tuple[str, ...]:
        each = [names_of(codec) for codec in self.codecs]
        if all(names == each[0] for names in each):
            return each[0]
        every = dict.fromkeys(name for names in each for name in names)
        return in_order(every) if isinstance(self.codecs[0], LabelledTextCodec) else tuple(every)

    @cached_property
    def places(self) -> tuple[Places, ...]:
        """For each model, the pooled number of each of its own; UNSEEN, -1 and so the last, stays.

        Target words are numbered after END, which all models have. Trivial methods write one number
        more, for words that a model does not know: it is more than all here too.
        """
        places = {name: place for place, name in enumerate(self._names)}
        of_names = [[places[name] for name in names_of(codec)] for codec in self.codecs]
        if isinstance(self.codec, PairsCodec):
            unknown = self.codec.target_size
            of_names = [[END, *(END + 1 + each for each in own), unknown] for own in of_names]
        return tuple(np.array([*own, UNSEEN], np.int64) for own in of_names)

    @property
    def of_labels(self) -> bool:
        """Whether answers are labels, and not words of a target text."""
        return isinstance(self.codec, LabelledTextCodec)

    def encoded(self, parts: Sequence[Encoded]) -> Encoded:
        """The rows of all models, one model's after the other's, without their input.

        Labels are numbered as in `codec`, target words as in the codec of each model.
        """
        lengths = np.concatenate([part.lengths for part in parts])
        per_step = parts[0].per_step
        targets = [part.targets for part in parts]
        pooled = joined(targets) if self.of_labels else self._of_all(targets, numbers=True)
        unseen = [part.unseen for part in parts if part.unseen is not None]
        offsets = np.concatenate(([0], np.cumsum(lengths, dtype=np.int64)))
        nothing = np.zeros(0, np.int32)
        return end_to_end(
            nothing, offsets, pooled, per_step, np.concatenate(unseen) if unseen else None
        )

    def outputs(self, parts: Sequence[Array]) -> Array:
        """The outputs of all models to those rows, reduced as their decoders reduce them."""
        names = parts[0].dtype.names
        if names is None:
            if all(names_of(codec) == self._names for codec in self.codecs):
                return np.concatenate(parts)
            return self._of_all([every_probability(part) for part in parts], numbers=False)
        if parts[0].ndim > 1:
            parts = list(map(cut_at_last_step, parts))
        columns = {
            name: self._of_all([part[name] for part in parts], numbers=True)
            if name == "label"
            else joined([part[name] for part in parts])
            for name in names
        }
        pooled = np.empty(columns["label"].shape, parts[0].dtype)
        for name, column in columns.items():
            pooled[name] = column
        return pooled

    def answers(self, parts: Sequence[AnyAnswers], rows: Encoded) -> AnyAnswers:
        """The answers of a method to the `rows` of all, which was fitted on other rows for each."""
        first = parts[0]

        def every(name: str) -> list[Any]:
            return [getattr(part, name) for part in parts]

        def pooled(name: str, numbers: bool) -> Array:
            return self._of_all(every(name), numbers)

        match first:
            case Classified():
                bare = any(each is None for each in every("probabilities"))
                return replace(
                    first,
                    labels=self._names,
                    targets=rows.targets,
                    predictions=pooled("predictions", True),
                    probabilities=None if bare else pooled("probabilities", False),
                )
            case MultiLabelled():
                return replace(
                    first,
                    labels=self._names,
                    targets=rows.targets,
                    probabilities=pooled("probabilities", False),
                    unseen=rows.unseen,
                )
            case Tagged():
                return replace(
                    first,
                    labels=self._names,
                    targets=rows.targets,
                    predictions=pooled("predictions", True),
                    offsets=joined_offsets(every("offsets")),
                )
            case Translated():
                return Translated(
                    pooled("targets", True),
                    joined_offsets(every("target_offsets")),
                    pooled("predictions", True),
                    joined_offsets(every("prediction_offsets")),
                )
        raise TypeError(f"answers of {type(first).__name__} are not pooled")

    def _of_all(self, parts: Sequence[Array], numbers: bool) -> Array:
        """Numbers of labels at their places, or columns of labels in theirs, of all models."""
        moved = [
            places[part] if numbers else in_columns(part, places, len(self._names))
            for part, places in zip(parts, self.places, strict=True)
        ]
        return joined(moved).astype(parts[0].dtype)


def names_of(codec: Codec) -> tuple[str, ...]:
    """The labels, or target words, that a model answers with, in the order of its outputs."""
    match codec:
        case LabelledTextCodec():
            return codec.labels
        case PairsCodec():
            return codec.target_words
    raise TypeError(f"answers of {type(codec).__name__} are not pooled")


def in_columns(columns: Array, places: Places, width: int) -> Array:
    """Columns of labels (rows, labels), where they belong in (rows, width); others are 0."""
    table = np.zeros((len(columns), width), columns.dtype)
    table[:, places[:-1]] = columns
    return table


def cut_at_last_step(choices: Array) -> Array:
    """Choices (rows, steps) whose texts end at the last step, as the model's own decoder cuts them;
    other models may have more steps."""
    choices = choices.copy()
    choices["label"][:, -1] = END
    return choices


def joined(parts: Sequence[Array]) -> Array:
    """Rows one after another; narrower tables of steps are filled up with 0, the end mark."""
    if parts[0].ndim == 1:
        return np.concatenate(parts)
    width = max(part.shape[1] for part in parts)
    return np.concatenate([np.pad(part, ((0, 0), (0, width - part.shape[1]))) for part in parts])


def joined_offsets(parts: Sequence[Array]) -> Array:
    """Where each row begins once the rows of all parts lie end to end, and the end."""
    sizes = [np.diff(part) for part in parts]
    return np.concatenate(([0], np.cumsum(np.concatenate(sizes)))).astype(np.int64)


def pooled_baselines(pool: Pool, parts: Sequence[Baselines], rows: Encoded) -> Baselines:
    """The answers to the `rows` of all by each trivial method that all parts have, computed when
    they are looked up."""

    def answers(name: str) -> AnyAnswers:
        return pool.answers([part[name] for part in parts], rows)

    names = [name for name in parts[0] if all(name in part for part in parts)]
    return OnRequest({name: partial(answers, name) for name in names})
