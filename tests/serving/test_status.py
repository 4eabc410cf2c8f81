"""What a supervisor and Prometheus read of a server."""

import asyncio
import time
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from websockets.sync.client import connect

from rnnbuild.serving.app import app_of
from rnnbuild.serving.limits import Limits
from rnnbuild.serving.metrics import Metrics
from rnnbuild.serving.turns import TooMuchWaitsError, Turns, WaitedTooLongError
from tests.serving.asking import Asked, responses
from tests.serving.models import CODECS, served
from tests.serving.raw import LAST, reply, status
from tests.serving.server import serving

Sample = tuple[str, tuple[tuple[str, str], ...]]


def samples(text: str) -> dict[Sample, float]:
    """Each sample's value by its name and labels, as Prometheus' own parser reads them."""
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def of(found: dict[Sample, float], name: str, **labels: str) -> float:
    return found.get((name, tuple(sorted(labels.items()))), 0)


def test_a_server_that_is_about_to_stop_is_alive_and_not_ready() -> None:
    app = app_of(served(CODECS["a label"]()), Limits())
    asked = [Asked(path, method="GET") for path in ("/health", "/ready")]
    assert [one.json()["status"] for one in responses(app, asked)] == ["alive", "ready"]
    app.state.draining.set()
    alive, not_ready = responses(app, asked)
    assert (alive.status_code, not_ready.status_code) == (200, 503)
    assert not_ready.headers["content-type"] == "application/problem+json"
    assert int(not_ready.headers["retry-after"]) > 0


def test_a_server_counts_what_it_answers(language_run: Path, tmp_path: Path) -> None:
    with serving(language_run, folder=tmp_path) as server, httpx.Client(base_url=server.url) as ask:
        before = samples(ask.get("/metrics").text)
        for _ in range(3):
            assert ask.post("/predict", json={"inputs": ["the plot", "so"]}).status_code == 200
        assert ask.post("/predict", json={"inputs": 5}).status_code == 422
        large = b"Content-Type: application/json\r\nContent-Length: 9999999999\r\n" + LAST
        assert status(reply(server.url, b"POST /predict HTTP/1.1\r\n" + large)) == 413
        for path in ("/nothing", "/else?x=1", "/%00"):
            assert ask.get(path).status_code == 404
        assert ask.post("/predict", json={}, headers={"origin": "http://x"}).status_code == 403
        with connect(server.url.replace("http", "ws") + "/stream") as stream:
            stream.send("the plot")
            stream.recv()
            during = samples(ask.get("/metrics").text)
        time.sleep(0.2)  # the server hears that the stream is closed
        response = ask.get("/metrics")
    after = samples(response.text)
    assert response.headers["content-type"].startswith("text/plain; version=")
    predict = {"route": "/predict"}
    requests = "rnnbuild_requests_total"
    assert of(after, requests, **predict, status="200") == 3
    assert of(after, requests, **predict, status="422") == 1
    assert of(after, requests, **predict, status="413") == 1
    assert of(after, requests, route="other", status="404") == 3
    assert of(after, requests, route="other", status="403") == 1
    assert of(after, requests, route="/stream", status="101") == 1
    assert of(after, "rnnbuild_request_duration_seconds_count", **predict) == 5
    assert 0 < of(after, "rnnbuild_request_duration_seconds_sum", **predict) < 60
    tokens = of(during, "rnnbuild_computed_tokens_total")
    assert tokens - of(before, "rnnbuild_computed_tokens_total") >= 3 * len("the plotso")
    turns = of(after, "rnnbuild_turn_tokens_count")
    assert turns == of(after, "rnnbuild_turn_parts_count") > 0
    assert of(during, "rnnbuild_open_streams") == 1
    assert of(after, "rnnbuild_open_streams") == of(after, "rnnbuild_waiting_tokens") == 0
    assert of(after, "process_resident_memory_bytes") > 1 << 20
    assert "_created" not in response.text
    assert not any("else" in str(labels) or "nothing" in str(labels) for _, labels in after)


def test_what_is_refused_and_dropped_is_counted_by_its_reason() -> None:
    metrics = Metrics()

    async def use() -> None:
        turns = Turns(lambda work: [time.sleep(0.05) for _ in work], 10, 0.2, metrics)
        metrics.waiting.set_function(lambda: turns.tokens_waiting)
        waiting = [asyncio.ensure_future(turns.result(None, 4)) for _ in range(2)]
        await asyncio.sleep(0)
        assert of(samples(metrics.text().decode()), "rnnbuild_waiting_tokens") == 8
        with pytest.raises(TooMuchWaitsError):
            await turns.result(None, 4)
        waiting[0].cancel()
        await asyncio.sleep(0.3)
        computing = asyncio.ensure_future(turns.run())
        with pytest.raises(WaitedTooLongError):
            await waiting[1]
        assert await turns.result(None, 3) is None
        computing.cancel()
        turns.close()

    asyncio.run(use())
    found = samples(metrics.text().decode())
    assert of(found, "rnnbuild_refused_total", reason="full") == 1
    assert of(found, "rnnbuild_refused_total", reason="late") == 1
    assert of(found, "rnnbuild_dropped_total") == 1
    assert of(found, "rnnbuild_computed_tokens_total") == 3
