"""A passage of running text with what each token cost, and those that were least expected."""

from itertools import islice

import numpy as np

from rnnbuild.data.running_text.codec import FIRST_UNIT, RunningTextCodec
from rnnbuild.inference.decoding.decoder import finite_or_none, rounded
from rnnbuild.metrics.language_model import NextTokens
from rnnbuild.runs.metrics_file import SurprisingPassage, SurprisingToken

SURPRISES = 5
"""Tokens of a passage that are recorded as its most surprising ones, each once."""


def surprising_passage(
    codec: RunningTextCodec, answers: NextTokens, row: int, text: str, badness: float | None
) -> SurprisingPassage:
    """The passage of a network's answers with this number, from 0."""
    assert answers.expected is not None
    passage = slice(*answers.offsets[row : row + 2].tolist())
    nats = [finite_or_none(each) for each in answers.nats[passage].round(3)]
    tokens = codec.names((answers.expected.targets[passage] + FIRST_UNIT).tolist())
    expected = codec.names((answers.expected.predictions[passage] + FIRST_UNIT).tolist())
    probabilities = rounded(answers.expected.probabilities[passage])
    worst: dict[str, int] = {}
    for place in np.argsort(-answers.nats[passage], kind="stable").tolist():
        worst.setdefault(tokens[place], place)
    pieces = list(codec.tokeniser.pieces_of(tokens))
    # What is left of bytes that are no character comes behind the last of them.
    pieces[len(tokens) - 1 :] = ["".join(pieces[len(tokens) - 1 :])]
    return SurprisingPassage(
        row=row + 1,
        text=text,
        badness=badness,
        pieces=tuple(pieces),
        nats=tuple(nats),
        surprises=tuple(
            SurprisingToken(
                place + 1,
                codec.tokeniser.readable(tokens[place]),
                nats[place],
                codec.tokeniser.readable(expected[place]),
                probabilities[place],
            )
            for place in islice(worst.values(), SURPRISES)
        ),
    )
