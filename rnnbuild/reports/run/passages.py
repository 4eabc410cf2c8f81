"""A language model's passages: what context buys, and which tokens it did not expect."""

from itertools import groupby

from rnnbuild.metrics.by_position import PositionBin
from rnnbuild.metrics.language_model import NATS_A_TOKEN
from rnnbuild.reports.blocks import Figure, Passage, Passages, Piece
from rnnbuild.reports.plots.intervals import Measured
from rnnbuild.reports.plots.lengths import lengths_plot
from rnnbuild.runs.metrics_file import SurprisingPassage
from rnnbuild.wording.details import position_table, steps_text
from rnnbuild.wording.language_model import excerpt, surprise_text
from rnnbuild.wording.metric_names import metric_name
from rnnbuild.wording.mistakes import mean_text

SHADES = (2.0, 4.0, 6.0)
"""Nats from which a token is marked, the more strongly the more."""
LEGEND = (
    "2 to 4 nats: given a probability of 14 % to 2 %",
    "4 to 6 nats: 2 % to 0.2 %",
    "6 nats or more",
)


def position_figure(by_position: tuple[PositionBin, ...], token: str) -> Figure:
    """Nats per token by the number of tokens read before."""
    groups = [
        Measured(steps_text(each.fewest, each.most), each.nats.value, each.nats.low, each.nats.high)
        for each in by_position
        if each.nats.value is not None
    ]
    name = metric_name(NATS_A_TOKEN.name, token)
    return Figure(
        "positions",
        f"{name} by position in the passage",
        lengths_plot(groups, name, "tokens read before", "by number of tokens read before"),
        position_table(by_position, token),
        "Every passage is read from an empty state, its context first. Lower is better; lines are "
        "95 % intervals.",
    )


def passages_block(passages: list[SurprisingPassage], split: str, token: str) -> Passages:
    """The most surprising passages, with what their tokens cost."""
    return Passages(
        "Most surprising passages",
        LEGEND,
        [
            Passage(
                f"{split} row {each.row:,}",
                mean_text(each, token),
                pieces_of(each),
                [(excerpt(each, one.place - 1), surprise_text(one)) for one in each.surprises],
            )
            for each in passages
        ],
    )


def pieces_of(passage: SurprisingPassage) -> list[Piece]:
    """The text of a passage, tokens that cost about as much together."""
    shaded = zip(map(shade_of, passage.nats), passage.pieces, strict=True)
    return [
        Piece("".join(text for _, text in group), shade)
        for shade, group in groupby(shaded, key=lambda each: each[0])
    ]


def shade_of(nats: float | None) -> int:
    """How strongly a token is marked: 0 for not at all."""
    return len(SHADES) if nats is None else sum(nats >= least for least in SHADES)
