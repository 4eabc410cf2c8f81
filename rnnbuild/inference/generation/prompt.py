"""What a text begins with, as tokens that the model knows."""

from collections.abc import Sequence

import numpy as np

from rnnbuild.data.running_text.codec import RunningTextCodec
from rnnbuild.data.running_text.tokens import LINE_END
from rnnbuild.data.text.vocabulary import FIRST_WORD, UNKNOWN
from rnnbuild.errors import ArgumentError, Problem, did_you_mean
from rnnbuild.formatting import plural
from rnnbuild.inference.generation.places import place_at, starts_of

MOST_LISTED = 300
"""Known characters that are all named."""


def start_of_text(codec: RunningTextCodec) -> int:
    """The id that is read, and not written, before a text without a prompt: as if a line had ended;
    of a model that knows no line end, the most common token."""
    return codec.vocabulary.ids.get(LINE_END, FIRST_WORD)


def known_tokens(codec: RunningTextCodec, text: str, named: str) -> Sequence[str]:
    """The tokens of a text, all of which the model knows. `named` is what it is: "prompt".

    Raises ArgumentError for one that it does not know, with its place.
    """
    tokens = codec.tokens(text)
    unknown = np.flatnonzero(codec.ids(tokens) == UNKNOWN)
    if not len(unknown):
        return tokens
    normal = codec.tokeniser.normal(text)
    first = int(unknown[0])
    token, others = tokens[first], {tokens[number] for number in unknown.tolist()} - {tokens[first]}
    also = f" and {plural(len(others), 'other')}" if others else ""
    known = codec.vocabulary.words
    raise ArgumentError(
        Problem(
            f"the {named} has `{token}`{also}, which {'are' if others else 'is'} not among the "
            f"{plural(len(known), codec.level)} that the model knows"
            f"{did_you_mean(token, known) if codec.level == 'word' else ''}",
            place_at(
                int(starts_of(tokens, normal, codec.tokeniser)[first]), normal, named, len(token)
            ),
            hint_on_known(codec),
        )
    )


def hint_on_known(codec: RunningTextCodec) -> str:
    """What may stand in a prompt: the characters, or where they, or words, are listed."""
    known = codec.vocabulary.words
    if codec.level == "character" and len(known) <= MOST_LISTED:
        return f"it knows: {''.join(sorted(known))}"
    return "they are listed in the run's codec.json; it was trained on text without any other"
