"""What tokens cost by the number of those read before, against sums by hand."""

from collections import defaultdict

import numpy as np
import pytest

from rnnbuild.metrics.by_position import nats_by_position
from rnnbuild.metrics.language_model import NextTokens


def passages_of(lengths: list[int], seed: int = 0) -> NextTokens:
    draw = np.random.default_rng(seed)
    tokens = sum(lengths)
    return NextTokens(
        draw.exponential(2.0, tokens),
        None,
        np.ones(tokens, np.int32),
        np.cumsum([0, *lengths]),
    )


def test_a_token_is_in_the_group_of_as_many_read_before_it() -> None:
    every = passages_of([512] * 30 + [300, 1, 7])
    by_hand: dict[int, list[float]] = defaultdict(list)
    for first, end in zip(every.offsets[:-1], every.offsets[1:], strict=True):
        for place, nats in enumerate(every.nats[first:end].tolist()):
            by_hand[min(8, (place + 1).bit_length() - 1)].append(nats)
    groups = nats_by_position(every)
    assert [(each.fewest, each.most) for each in groups] == [
        *((2**power, 2 ** (power + 1) - 1) for power in range(8)),
        (256, 512),
    ]
    for power, group in enumerate(groups):
        assert group.tokens == len(by_hand[power])
        assert group.nats.value == pytest.approx(np.mean(by_hand[power]), rel=1e-12)
        assert group.nats.low is not None and group.nats.high is not None
        assert group.nats.low < np.mean(by_hand[power]) < group.nats.high
    # Passages that end before a group have no part in it.
    assert [group.nats.count for group in groups] == [33, 32, 32, *[31] * 6]


def test_a_text_of_one_short_passage_has_the_groups_that_there_are() -> None:
    groups = nats_by_position(passages_of([5]))
    assert [(each.fewest, each.most, each.tokens) for each in groups] == [
        (1, 1, 1),
        (2, 3, 2),
        (4, 5, 2),
    ]
    assert all(group.nats.low is None and group.nats.no_interval for group in groups)
