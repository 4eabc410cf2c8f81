"""A language model that writes."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice
from math import inf

import numpy as np

from rnnbuild.data.running_text.codec import FIRST_UNIT, RunningTextCodec
from rnnbuild.data.running_text.tokens import start_of_text
from rnnbuild.data.text.vocabulary import FIRST_WORD
from rnnbuild.errors import ArgumentError, RunError
from rnnbuild.formatting import plural
from rnnbuild.inference.generation.prompt import known_tokens
from rnnbuild.inference.generation.settings import TextSettings
from rnnbuild.inference.generation.writing import ids_after, until_stop
from rnnbuild.inference.outputs import refuse_not_finite
from rnnbuild.inference.stream.steps import Floats, Layers, StepModel

FIRST_KNOWN = FIRST_WORD - FIRST_UNIT
"""The model's first output that is written: the unknown token, before it, is no text."""


@dataclass(frozen=True, eq=False)
class TextWriter:
    """A model and what turns ids into text. Several threads may use it at once."""

    codec: RunningTextCodec
    model: StepModel

    def pieces(self, prompt: str, settings: TextSettings) -> Iterator[str]:
        """The text piece by piece, a token each, as it is written: the prompt, as the model reads
        it, and what follows. The model takes a step for each, when the next one is asked for.

        Raises ArgumentError, before anything is written, for a prompt or a stop text with something
        that the model does not know; later RunError for outputs that no token follows from.
        """
        codec = self.codec
        if not isinstance(prompt, str):
            raise ArgumentError(f"the prompt is {prompt!r:.40}, not a text", 'give one: "text"')
        given = known_tokens(codec, prompt, "prompt")
        stop = [self.known_stop(text) for text in settings.stop]
        self.refuse_idle(settings)
        read = codec.ids(given).tolist() or [start_of_text(codec.vocabulary.ids)]
        ids = ids_after(
            read, self.step, self.model.initial, FIRST_WORD, settings.sampling, settings.seed or 0
        )
        if not given:
            ids = islice(ids, 1, None)  # the start of a text is read, and is none of it
        written = chain(islice(ids, len(given)), islice(ids, settings.length))
        pieces = codec.tokeniser.pieces_of(map(codec.name, written))
        return chain(islice(pieces, len(given)), until_stop(pieces, stop))

    def step(self, one: int, state: Layers) -> tuple[Floats, Layers]:
        """The probabilities of the tokens that may come after an id and what came before it."""
        (outputs,), state = self.model.outputs(np.array([one], np.int32), state)
        known = outputs[FIRST_KNOWN:]
        if not 0 < known.sum() < inf:
            refuse_not_finite(outputs)
            raise RunError(
                "the model gives each token that it knows the probability 0: no text goes on here",
                "give it another prompt, or train it on more text",
            )
        return known, state

    def known_stop(self, text: str) -> str:
        """A stop text as the model would write it. Raises ArgumentError where it never would."""
        if self.codec.level == "character":
            known_tokens(self.codec, text, "stop text")
        return self.codec.tokeniser.normal(text)

    def refuse_idle(self, settings: TextSettings) -> None:
        """Raises ArgumentError for a top-k that leaves every token."""
        top_k, tokens = settings.sampling.top_k, len(self.codec.vocabulary.words)
        if top_k is not None and top_k >= tokens:
            raise ArgumentError(
                f"a top-k of {top_k} does nothing: the model knows "
                f"{plural(tokens, self.codec.tokeniser.unit)}",
                "leave it out, or state less",
            )


def text_of(writer: TextWriter, prompt: str, settings: TextSettings) -> str:
    """All of a text."""
    return "".join(writer.pieces(prompt, settings))
