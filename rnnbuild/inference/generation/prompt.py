"""What a text begins with, as tokens that the model knows."""

from collections.abc import Sequence

import numpy as np

from rnnbuild.data.running_text.codec import RunningTextCodec
from rnnbuild.data.running_text.tokens import LINE_END
from rnnbuild.data.text.vocabulary import UNKNOWN
from rnnbuild.errors import ArgumentError, Problem, did_you_mean
from rnnbuild.formatting import plural
from rnnbuild.inference.generation.places import place_at, starts_of

MOST_LISTED = 300
"""Known characters that are all named."""
MOST_TYPED = 60
"""Characters of a text that is repeated as it should have been typed."""


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
    known, starts = codec.vocabulary.words, starts_of(tokens, normal, codec.tokeniser)
    raise ArgumentError(
        Problem(
            f"the {named} has `{token}`{also}, which {'are' if others else 'is'} not among the "
            f"{plural(len(known), codec.tokeniser.unit)} that the model knows"
            f"{did_you_mean(token, known) if codec.level == 'word' else ''}",
            place_at(int(starts[first]), normal, named, len(token)),
            hint_on_escape(codec, text, normal[int(starts[first]) :]) or hint_on_known(codec),
        )
    )


def hint_on_escape(codec: RunningTextCodec, text: str, rest: str) -> str | None:
    r"""How a line end or a tab is typed, where the `rest` of a text begins with `\n` or `\t` as a
    shell passes it on; None where it does not, or the model knows neither."""
    sign = {r"\n": LINE_END, r"\t": "\t"}.get(rest[:2])
    if sign is None or UNKNOWN in codec.ids(codec.tokens(sign)):
        return None
    typed = text.replace("'", r"\'") if len(text) <= MOST_TYPED else f"...{rest[:2]}..."
    what = "a line end" if sign == LINE_END else "a tab"
    return f"{what} is typed so in a shell: $'{typed}'"


def hint_on_known(codec: RunningTextCodec) -> str:
    """What may stand in a prompt: the characters, or where they, or words, are listed."""
    known = codec.vocabulary.words
    if codec.level == "character" and len(known) <= MOST_LISTED:
        return f"it knows: {''.join(sorted(known))}"
    return "they are listed in the run's codec.json; others were rare in training, or not in it"
