"""A language model's results: how much text, whether it is worth its cost, what it expected."""

from collections.abc import Mapping
from math import inf
from typing import Literal, NamedTuple

from rnnbuild.formatting import difference_text, percent, plural, score_text
from rnnbuild.metrics.language_model import NATS_A_TOKEN, UNIGRAM
from rnnbuild.metrics.scoring import Score
from rnnbuild.runs.metrics_file import (
    Evaluation,
    Split,
    SurprisingPassage,
    SurprisingToken,
    TextSize,
)
from rnnbuild.wording.metric_names import ANY_TOKEN, metric_name

BEFORE, AFTER = 20, 10
"""Characters of a passage that are shown on either side of a surprising token."""
SHOWN_SURPRISES = 3
LINE_END_SIGN = "↵"
UNSEEN_TOKENS = {" ": "a blank", "\t": "a tab", "\n": "a line end"}

Worth = Literal["good", "warning", "bad", "plain"]


class Verdict(NamedTuple):
    """Whether a network is worth its cost, with the evidence."""

    text: str
    worth: Worth


def text_size_text(size: TextSize) -> str:
    """`11,938 characters`; of other tokens `2,345 tokens (11,938 characters)`."""
    characters = plural(size.characters, "character")
    if size.tokens == size.characters:
        return characters
    return f"{plural(size.tokens, 'token')} ({characters})"


def scored_text(evaluation: Evaluation, split: Split) -> str | None:
    """How much text of a split was scored; None where its rows are examples of their own."""
    size = (evaluation.text or {}).get(split)
    return None if size is None else text_size_text(size)


def token_of(evaluation: Evaluation, split: Split) -> str:
    """What a token of a language model is: `character`; `token` where that is not known."""
    size = (evaluation.text or {}).get(split)
    return ANY_TOKEN if size is None else size.token


def beside_n_grams(evaluation: Evaluation, split: Split) -> Verdict | None:
    """Whether a language model costs fewer nats than the best answer that takes seconds.

    None for other models, and where one of the two is not known. The text that both learned from
    decides nothing.
    """
    main = NATS_A_TOKEN.name
    if evaluation.main != main:
        return None
    ours = evaluation.scores[split][main].value
    known = {
        name: value
        for name, values in evaluation.baselines.get(split, {}).items()
        if (value := values[main]) is not None
    }
    if ours is None or not known:
        return None
    if split == "train":
        return Verdict(
            "The training text says nothing of whether the network is worth its cost: the n-grams "
            "were counted in this very text.",
            "plain",
        )
    what = metric_name(main, token_of(evaluation, split))
    if ours >= known.get(UNIGRAM, inf):
        return Verdict(
            f"The network has learned nothing yet: {beside(ours, UNIGRAM, known, what)}, which "
            "knows no more than how often each token occurs. While the validation loss falls, more "
            "steps help.",
            "bad",
        )
    name = min(known, key=lambda method: known[method])
    details = evaluation.details.get(split)
    gain = ((details and details.gains) or {}).get(name)
    compared = f"{beside(ours, name, known, what)}, the best answer that takes seconds"
    if ours >= known[name]:
        return Verdict(
            f"The network is not worth its cost yet: {compared}{interval_of(gain)}.", "bad"
        )
    if gain is not None and (gain.low is None or gain.low <= 0):
        why = f": {gain.no_interval}" if gain.no_interval else interval_of(gain)
        return Verdict(
            f"The network is not shown to be worth its cost: {compared}, which may be chance{why}.",
            "warning",
        )
    return Verdict(f"The network is worth its cost: {compared}{interval_of(gain)}.", "good")


def beside(ours: float, name: str, known: Mapping[str, float], what: str) -> str:
    """`1.4600 nats per character are 0.0800 below `Kneser-Ney 6-gram` (1.5400)`."""
    gap = difference_text(ours - known[name])  # signed; 0 where there is none
    side = "as many as" if gap == "0" else f"{gap[1:]} {'below' if gap[0] == '−' else 'above'}"
    return f"{score_text(ours)} {what} are {side} `{name}` ({score_text(known[name])})"


def interval_of(gain: Score | None) -> str:
    """` (95 % interval of the difference +0.06 to +0.10)`; nothing without one."""
    if gain is None or gain.low is None or gain.high is None:
        return ""
    # Above 0 the network is better, and its nats are lower.
    low, high = difference_text(-gain.high), difference_text(-gain.low)
    return f" (95 % interval of the difference {low} to {high})"


def passage_lines(passage: SurprisingPassage) -> list[str]:
    """The tokens of a passage that were least expected, each in its place."""
    return [
        f"{excerpt(passage, each.place - 1)}  {surprise_text(each)}"
        for each in passage.surprises[:SHOWN_SURPRISES]
    ]


def excerpt(passage: SurprisingPassage, place: int) -> str:
    """A token within brackets, with the text around it: `for Ju[p]iter Shou`."""
    pieces = [piece.replace("\n", LINE_END_SIGN) for piece in passage.pieces]
    before, after = "".join(pieces[:place]), "".join(pieces[place + 1 :])
    token = pieces[place].lstrip(" ") or pieces[place]
    blank = " " if token != pieces[place] else ""
    return f"{before[-BEFORE:]}{blank}[{token}]{after[:AFTER]}"


def surprise_text(token: SurprisingToken) -> str:
    """`9.21 nats; expected` the likeliest token, with its probability."""
    sure = "" if token.probability is None else f" ({percent(token.probability, digits=0)})"
    nats = "nan" if token.nats is None else f"{token.nats:.2f}"
    return f"{nats} nats; expected {named_token(token.expected)}{sure}"


def named_token(token: str) -> str:
    """A token by itself, within backticks; what cannot be seen is named."""
    return UNSEEN_TOKENS.get(token, f"`{token}`")
