"""An epoch's batches: every row once, like lengths together, another order each epoch."""

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnbuild.data.examples.batches import POOL, batch_plan, lanes_plan


def plan_by_lists(lengths, batch_size, seed, epoch):
    """The rule as lists of arrays: what every earlier run was trained on."""
    generator = np.random.default_rng([seed, epoch])
    order = generator.permutation(len(lengths))
    batches = []
    for first in range(0, len(order), batch_size * POOL):
        pool = order[first : first + batch_size * POOL]
        pool = pool[np.argsort(lengths[pool], kind="stable")]
        whole, left = divmod(len(pool), batch_size)
        ends = [*range(batch_size, len(pool), batch_size)]
        if left:
            start = int(generator.integers(whole + 1)) * batch_size
            ends = [*range(batch_size, start + 1, batch_size)]
            ends += [*range(start + left, len(pool), batch_size)]
        batches += np.split(pool, ends)
    return [batches[number].tolist() for number in generator.permutation(len(batches))]


@settings(deadline=None)
@given(
    rows=st.integers(0, 400),
    batch_size=st.integers(1, 5),
    seed=st.integers(0, 3),
    epoch=st.integers(0, 3),
)
def test_a_plan_is_what_its_rule_gives_in_plain_lists(rows, batch_size, seed, epoch):
    lengths = np.random.default_rng(rows).integers(1, 9, rows, np.int32)
    plan = batch_plan(lengths, batch_size, seed, epoch)
    expected = plan_by_lists(lengths, batch_size, seed, epoch)
    assert [batch.tolist() for batch in plan] == expected
    assert len(plan) == len(expected)
    assert [plan[number].tolist() for number in range(len(plan))] == expected


@settings(deadline=None)
@given(rows=st.integers(1, 400), batch_size=st.integers(1, 5), epoch=st.integers(0, 3))
def test_every_row_comes_once_and_one_batch_alone_is_short(rows, batch_size, epoch):
    plan = batch_plan(np.ones(rows, np.int32), batch_size, 1, epoch)
    assert sorted(row for batch in plan for row in batch) == list(range(rows))
    assert sorted(map(len, plan))[1:] == [batch_size] * (len(plan) - 1)


def test_each_epoch_has_an_order_of_its_own():
    first, second = (batch_plan(np.ones(100, np.int32), 4, 1, epoch) for epoch in (0, 1))
    assert first.order.tolist() != second.order.tolist()


def test_a_plan_takes_four_bytes_a_row_and_gives_rows_that_index_anything():
    plan = batch_plan(np.ones(100, np.int32), 4, 1, 0)
    assert plan.order.dtype == np.int32
    assert plan[0].dtype == np.int64


@given(rows=st.integers(1, 300), batch_size=st.integers(1, 40))
def test_rows_that_follow_one_another_do_so_from_batch_to_batch(rows: int, batch_size: int) -> None:
    batches = [batch.tolist() for batch in lanes_plan(rows, batch_size)]
    lanes = min(rows, batch_size)
    assert sorted(row for batch in batches for row in batch) == list(range(rows))
    assert [len(batch) for batch in batches[:-1]] == [lanes] * (len(batches) - 1)
    assert 1 <= len(batches[-1]) <= lanes
    for before, after in pairwise(batches):
        assert after == [row + 1 for row in before[: len(after)]]
    # Each lane goes on where the one before it ends.
    ends = [batch[lane] for lane in range(lanes) for batch in batches if lane < len(batch)]
    assert ends == list(range(rows))
