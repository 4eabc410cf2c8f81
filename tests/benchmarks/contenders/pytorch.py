"""A PyTorch script at its best: batches of like length, fused Adam, packed only where that pays."""

import sys
import time
from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import nn

from tests.benchmarks.contenders.protocol import Model, Piece, read, serve

CELLS = {"simple_rnn": nn.RNN, "gru": nn.GRU, "lstm": nn.LSTM}
State = torch.Tensor | tuple[torch.Tensor, torch.Tensor] | None
"""h, or an LSTM's h and c; None for zeros."""


class Network(nn.Module):
    def __init__(self, model: Model, packed: bool, depth: int = 1):
        super().__init__()
        self.model, self.packed = model, packed
        self.embedding = nn.Embedding(model.vocabulary, model.width, padding_idx=0)
        self.recurrent = CELLS[model.cell](
            model.width,
            model.units,
            depth,
            batch_first=True,
            bidirectional=model.bidirectional,
        )
        width = model.units * (2 if model.bidirectional else 1)
        self.head = nn.Linear(width, model.labels)

    def forward(
        self, inputs: torch.Tensor, lengths: torch.Tensor, state: State = None
    ) -> tuple[torch.Tensor, State]:
        """The answers and the last state, given the first."""
        values = self.embedding(inputs)
        if self.packed:
            packed = nn.utils.rnn.pack_padded_sequence(
                values, lengths, batch_first=True, enforce_sorted=False
            )
            outputs, _ = nn.utils.rnn.pad_packed_sequence(
                self.recurrent(packed)[0], batch_first=True, total_length=inputs.shape[1]
            )
        else:
            outputs, state = self.recurrent(values, state)
        if not self.model.per_step:
            units = self.model.units
            last = outputs[torch.arange(len(lengths)), lengths - 1]
            if self.model.bidirectional:
                last = torch.cat([last[:, :units], outputs[:, 0, units:]], dim=-1)
            outputs = last
        return self.head(outputs), state


def batches(piece: Piece, draw: np.random.Generator) -> list[np.ndarray]:
    """Rows of like length together, in random order: pools of fifty batches, sorted and cut."""
    if piece.model.carries_state:
        return list(piece.lanes)
    size = piece.model.batch_size
    order = draw.permutation(len(piece.lengths))
    pools = np.split(order, range(size * 50, len(order), size * 50))
    found = [
        batch
        for pool in pools
        for batch in np.split(
            pool[np.argsort(piece.lengths[pool], kind="stable")], range(size, len(pool), size)
        )
    ]
    return [found[number] for number in draw.permutation(len(found))]


def detached(state: State) -> State:
    """The state, through which no gradient flows back."""
    if isinstance(state, tuple):
        return state[0].detach(), state[1].detach()
    return None if state is None else state.detach()


def epoch_of(piece: Piece, packed: bool, depth: int = 1) -> Callable[[], None]:
    network = Network(piece.model, packed, depth)
    optimizer = torch.optim.Adam(network.parameters(), fused=True)
    entropy = nn.CrossEntropyLoss(ignore_index=-1)
    draw = np.random.default_rng(1)

    def epoch() -> None:
        state: State = None
        for rows in batches(piece, draw):
            starts, lengths = piece.offsets[rows], piece.lengths[rows]
            steps = np.arange(lengths.max())
            real = steps < lengths[:, None]
            places = (starts[:, None] + steps)[real]
            inputs = np.zeros(real.shape, np.int64)
            inputs[real] = piece.values[places]
            if piece.model.per_step:
                targets = np.full(real.shape, -1, np.int64)
                targets[real] = piece.targets[places]
            else:
                targets = piece.targets[rows].astype(np.int64)
            first = state if piece.model.carries_state else None
            answers, state = network(torch.from_numpy(inputs), torch.from_numpy(lengths), first)
            state = detached(state)
            loss = entropy(
                answers.reshape(-1, piece.model.labels), torch.from_numpy(targets).reshape(-1)
            )
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            loss.item()

    return epoch


def fastest(
    piece: Piece, depth: int = 1, ways: Sequence[bool] = (False, True)
) -> Callable[[], None]:
    """The fastest of packing or padding with one thread or two, each having run once before; a
    state is carried without packing, which would not pay for rows of one length."""
    if piece.model.carries_state:
        ways = (False,)
    best, least = None, float("inf")
    for packed in ways:
        epoch = epoch_of(piece, packed, depth)
        for threads in (1, 2):
            torch.set_num_threads(threads)
            epoch()
            started = time.perf_counter()
            epoch()
            taken = time.perf_counter() - started
            if taken < least:
                best, least = (epoch, threads), taken
    assert best is not None
    torch.set_num_threads(best[1])
    return best[0]


if __name__ == "__main__":
    given = read(sys.argv[1])
    # Packing is what makes a bidirectional network exact; padding is close, and often faster.
    serve(fastest(given))
