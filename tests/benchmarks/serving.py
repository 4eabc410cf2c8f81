"""A server on loopback beside the engine in a process: what HTTP adds, and what it leaves.

The goals: an idle server adds at most 1 ms to a request; under load it answers at least 70 % as
many inputs a second as `open_run(...).predict` of lists as large as its turns, and never fewer than
with one input a turn; after an overload requests take as long as before within 2 s.
`python -m tests.benchmarks.serving --short` takes two minutes, the whole seven.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np
from websockets.asyncio.client import connect

from rnnbuild import open_run
from rnnbuild.inference.trained_run import TrainedRun
from tests.benchmarks.interleaved import ROOT, spread
from tests.serving.load import (
    Connection,
    Exchange,
    Tally,
    by_the_clock,
    patient,
    post,
    processor_seconds,
    run_together,
)
from tests.serving.server import SERVE, Server, serving

ONE_A_TURN = (
    sys.executable,
    "-c",
    "from rnnbuild.serving import turns; turns.LEAST_TOKENS = turns.MOST_TOKENS = 2;"
    "from rnnbuild.cli.app import main; main()",
    *SERVE[3:],
)
"""A server that computes every input by itself."""
CLIENTS, IN_FLIGHT = 32, 512
"""Who asks at once, and inputs that they have asked for together: fewer ask for 64 at a time."""


@dataclass(frozen=True)
class Network:
    """What is served, after a single step of training: weights do not matter here."""

    name: str
    options: tuple[str, ...]
    """Of `rnnbuild train`."""
    tokens: tuple[tuple[int, int], ...]
    """Lengths of its inputs, from and to, each as often as the others."""


def keys(*pairs: str) -> tuple[str, ...]:
    return tuple(part for pair in pairs for part in ("--set", pair))


MIXED = ((5, 30), (5, 30), (5, 30), (100, 200))
NETWORKS = (
    Network("GRU 64, classes", ("reviews", *keys("units=64", "bidirectional=false")), MIXED),
    Network("GRU 64 both ways, tags", ("entities",), MIXED),
    Network(
        "LSTM 256 both ways, classes", ("reviews", *keys("cell=lstm", "units=256")), ((150, 200),)
    ),
    Network("GRU 512, next character", ("shakespeare",), ((20, 200),)),
)
SIZES = ((1,), (8,), (64,), (1, 8, 64))
"""Inputs of the requests; the last are a mix, each as often as the others."""


@dataclass(frozen=True)
class Plan:
    """How long things are measured."""

    networks: Sequence[Network] = NETWORKS
    rounds: int = 3
    seconds: float = 1.2
    """Of each way in each round."""
    requests: int = 1_000
    """That an idle server is asked."""


SHORT = Plan(NETWORKS[:1], rounds=2, seconds=1.0, requests=300)


def main(plan: Plan = Plan()) -> None:
    """Prints what was measured."""
    with tempfile.TemporaryDirectory() as name:
        for number, network in enumerate(plan.networks):
            folder = Path(name, str(number))
            folder.mkdir()
            run = run_of(network, folder)
            trained = open_run(run)
            print(f"  {network.name}", flush=True)
            if number == 0:
                idle(run, trained, folder, plan)
                recovery(run, trained, folder, plan)
                streams(run, trained, folder, plan)
            throughput(network, run, trained, folder, plan)
            if number == 2 or len(plan.networks) == 1:
                short_beside_long(run, trained, folder, plan)


def run_of(network: Network, folder: Path) -> Path:
    """The network's run, after one step."""
    run = folder / "run"
    options = ("--steps", "1", "--run-dir", str(run), "-q")
    train = [sys.executable, "-m", "rnnbuild", "train", *network.options, *options]
    subprocess.run(train, check=True, capture_output=True, cwd=ROOT)
    return run


def texts_of(trained: TrainedRun, lengths: Sequence[tuple[int, int]], count: int) -> list[str]:
    """Texts of the model's own words or characters."""
    draw, codec = np.random.default_rng(count), trained.codec
    words: Any = [word for word in codec.vocabulary.words if word.isalpha()]  # type: ignore[attr-defined]
    between = " " if trained.reads_words else ""
    ranges = [lengths[at] for at in draw.integers(len(lengths), size=count)]
    return [between.join(draw.choice(words, draw.integers(*one, endpoint=True))) for one in ranges]


def exchange_of(texts: list[str]) -> Exchange:
    return Exchange(post("/predict", {"inputs": texts}), None)


def latencies(url: str, request: bytes, times: int) -> list[float]:
    """Seconds of each of some requests over one connection, one after the other."""
    taken: list[float] = []

    async def ask() -> None:
        connection = await Connection.to(url)
        for _ in range(times):
            began = perf_counter()
            assert (await connection.ask(request)).status == 200
            taken.append(perf_counter() - began)
        connection.transport.close()

    run_together(lambda: [ask()])
    return taken


def seconds_of(call: Callable[[], object], times: int) -> list[float]:
    taken = []
    for _ in range(times):
        began = perf_counter()
        call()
        taken.append(perf_counter() - began)
    return taken


def milliseconds(seconds: Sequence[float]) -> str:
    middle, rare = np.percentile(seconds, (50, 99)) * 1e3
    return f"median {middle:7.2f} ms  99th percentile {rare:7.2f} ms"


def idle(run: Path, trained: TrainedRun, folder: Path, plan: Plan) -> None:
    """What an idle server adds to one short text, in turns of 50 requests."""
    (text,) = texts_of(trained, ((12, 13),), 1)
    request = post("/predict", {"input": text})
    served, alone = list[float](), list[float]()
    with serving(run, "-q", folder=folder) as server:
        latencies(server.url, request, 50)
        seconds_of(lambda: trained.predict([text]), 50)
        for _ in range(plan.requests // 50):
            served += latencies(server.url, request, 51)[1:]  # the first has just connected
            alone += seconds_of(lambda: trained.predict([text]), 50)
    added = [np.percentile(served, at) - np.percentile(alone, at) for at in (50, 99)]
    print(f"    idle server, one text   {milliseconds(served)}")
    print(f"    predict in a process    {milliseconds(alone)}")
    print(
        f"    added                   median {added[0] * 1e3:7.2f} ms  99th {added[1] * 1e3:.2f} ms"
    )


def load(
    server: Server, exchanges: Sequence[Exchange], seconds: float, count: int
) -> tuple[float, float, Tally]:
    """Requests a second of clients that ask again at once, and processor seconds of each."""
    tally, used = Tally(checks=False), processor_seconds(server.process.pid)
    began = perf_counter()
    # Each asks all of them, so that large ones are as frequent as small ones.
    clients = [[*exchanges[at:], *exchanges[:at]] for at in range(count)]
    run_together(lambda: [patient(server.url, own, tally, began + seconds) for own in clients])
    wall = perf_counter() - began
    assert not tally.faults, tally.faults[:3]
    used = processor_seconds(server.process.pid) - used
    return tally.answered / wall, used / tally.answered, tally


def as_large_as_turns(trained: TrainedRun, texts: list[str], lengths: int) -> list[str]:
    """As many of the texts as the model computes in a turn of 50 ms."""
    per_second = len(texts) / min(seconds_of(lambda: trained.predict(texts), 3))
    return texts[: max(1, int(min(per_second * 0.05, 32_768 / lengths)))]


def throughput(network: Network, run: Path, trained: TrainedRun, folder: Path, plan: Plan) -> None:
    """Inputs a second, by the engine, by the server, and by one that computes them one by one."""
    texts = texts_of(trained, network.tokens, 2_048)
    mean = sum(high + low for low, high in network.tokens) // (2 * len(network.tokens))
    turn = as_large_as_turns(trained, texts, mean)
    with ExitStack() as servers:
        (folder / "single").mkdir()
        ours = servers.enter_context(serving(run, "-q", folder=folder))
        single = servers.enter_context(
            serving(run, "-q", folder=folder / "single", command=ONE_A_TURN)
        )
        for sizes in SIZES:
            exchanges, size = requests_of(texts, sizes), sum(sizes) / len(sizes)
            engine, batched, alone, processor = [], [], [], []
            count = min(CLIENTS, int(IN_FLIGHT / size))
            load(ours, exchanges, 0.3, count)
            load(single, exchanges, 0.3, count)
            for _ in range(plan.rounds):
                began, used, times = perf_counter(), time.process_time(), 0
                while perf_counter() < began + plan.seconds:
                    trained.predict(turn)
                    times += 1
                engine.append(times * len(turn) / (perf_counter() - began))
                per_input = (time.process_time() - used) / (times * len(turn))
                rate, per_request, tally = load(ours, exchanges, plan.seconds, count)
                batched.append(rate * size)
                processor.append(per_input * size / per_request)
                alone.append(load(single, exchanges, plan.seconds, count)[0] * size)
            print(f"    requests of {', '.join(map(str, sizes))}, inputs a second")
            print_throughput(len(turn), engine, batched, alone, processor)
            print(
                f"      {count:>2} clients              {milliseconds(tally.seconds)}", flush=True
            )


def requests_of(texts: list[str], sizes: Sequence[int]) -> list[Exchange]:
    """Requests of these sizes in turn, of all texts but for what is left at the end."""
    every, first = list[Exchange](), 0
    while first + sizes[len(every) % len(sizes)] <= len(texts):
        end = first + sizes[len(every) % len(sizes)]
        every.append(exchange_of(texts[first:end]))
        first = end
    return every


def print_throughput(
    turn: int,
    engine: Sequence[float],
    batched: Sequence[float],
    alone: Sequence[float],
    processor: Sequence[float],
) -> None:
    def ratio(other: Sequence[float]) -> str:
        return spread([one / base for one, base in zip(batched, other, strict=True)], "×")

    print(f"      engine, lists of {turn:>5}  {median(engine):9,.0f}")
    print(f"      server                  {median(batched):9,.0f}  {ratio(engine)}  at least 0.7")
    print(f"      server, one a turn      {median(alone):9,.0f}  {ratio(alone)}  at least 1")
    print(f"      processor seconds of engine by server      {spread(list(processor), '×')}")


def recovery(run: Path, trained: TrainedRun, folder: Path, plan: Plan) -> None:
    """How long after an overload requests take as long as before."""
    (text,) = texts_of(trained, ((12, 13),), 1)
    request = post("/predict", {"input": text})
    large = [exchange_of(texts_of(trained, MIXED, 1_000))]
    with serving(run, "-q", "--max-waiting-tokens", 100_000, folder=folder) as server:
        before = latencies(server.url, request, 200)
        tally, until = Tally(checks=False), perf_counter() + 2 * plan.seconds
        run_together(lambda: [patient(server.url, large, tally, until, 1.0) for _ in range(100)])
        ended, after = perf_counter(), []
        while perf_counter() < ended + 2:
            after.append((perf_counter() - ended, median(latencies(server.url, request, 10))))
        normal = 1.5 * median(before)
        late = [at for at, seconds in after if seconds > normal]
    print(
        f"    overload: {dict(tally.statuses)}, the last answer {ended - until:.2f} s after its end"
    )
    print(f"    before it               {milliseconds(before)}")
    print(f"    the 2 s after it        {milliseconds([seconds for _, seconds in after])}")
    print(
        f"    ten in turn took over 1.5 times as long until {max(late, default=0):.2f} s  at most 2"
    )


def short_beside_long(run: Path, trained: TrainedRun, folder: Path, plan: Plan) -> None:
    """Short requests, 20 a second, alone and while 8 clients send 64 long texts at a time."""
    short = [
        Exchange(post("/predict", {"input": text}), None)
        for text in texts_of(trained, ((3, 6),), 20)
    ]
    long = [exchange_of(texts_of(trained, ((150, 200),), 64))]
    with serving(run, "-q", folder=folder) as server:
        for name, others in (("alone", 0), ("beside long ones", 8)):
            tally, beside = Tally(checks=False), Tally(checks=False)
            until = perf_counter() + 4 * plan.seconds
            run_together(
                lambda others=others, tally=tally, beside=beside, until=until: [  # type: ignore[misc]
                    *(by_the_clock(server.url, short, tally, until, 1) for _ in range(20)),
                    *(patient(server.url, long, beside, until) for _ in range(others)),
                ]
            )
            print(f"    short texts, {name:<16} {milliseconds(tally.seconds)}")


def streams(run: Path, trained: TrainedRun, folder: Path, plan: Plan) -> None:
    """Steps a second of WebSockets, each of which sends a word once the last is answered."""
    words = texts_of(trained, ((1, 1),), 100)
    with serving(run, "-q", folder=folder) as server:
        address = f"ws{server.url.removeprefix('http')}/stream"
        for count in (1, 20, 200):
            taken: list[float] = []
            until = perf_counter() + 2 * plan.seconds

            async def talk(taken: list[float] = taken, until: float = until) -> None:
                async with connect(address, compression=None) as stream:
                    number = 0
                    while (began := perf_counter()) < until:
                        await stream.send(words[number % 100])
                        assert len(json.loads(await stream.recv())) == 1
                        taken.append(perf_counter() - began)
                        number += 1

            began = perf_counter()
            run_together(lambda count=count, talk=talk: [talk() for _ in range(count)])  # type: ignore[misc]
            rate = len(taken) / (perf_counter() - began)
            print(
                f"    {count:>3} streams, {rate:6,.0f} steps/s  {milliseconds(taken)}", flush=True
            )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--short", action="store_true", help="one network, for less time")
    main(SHORT if parser.parse_args().short else Plan())
