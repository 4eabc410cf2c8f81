"""Streams over WebSockets beside the same stream in Python, and models that can be held up."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from threading import Event
from typing import Any

from fastapi.testclient import TestClient

from rnnbuild.data.kind.codec import Codec
from rnnbuild.errors import DataError
from rnnbuild.inference.stream.stream import Stream
from rnnbuild.inference.trained_run import TrainedRun
from rnnbuild.serving.app import app_of
from rnnbuild.serving.limits import Limits
from rnnbuild.serving.model import ServedModel

WAIT = 30.0
"""Seconds in which whatever must happen does, on a machine in use."""


def served(stream: Stream, codec: Codec) -> ServedModel:
    """A model that answers step by step alone."""
    trained = TrainedRun(codec, lambda inputs: inputs)
    return ServedModel("model", trained, stream)


@contextmanager
def client_of(model: ServedModel, **limits: Any) -> Iterator[TestClient]:
    """A client of a model in this process, in whose one event loop all connections are."""
    with TestClient(app_of(model, Limits(**limits))) as client:
        yield client


class Gated:
    """A model of steps that waits at each while the gate is closed, and counts them."""

    def __init__(self, model: Any) -> None:
        self._model = model
        self.initial, self.carried = model.initial, model.carried
        self.gate, self.waits, self.steps = Event(), Event(), 0

    def outputs(self, inputs: Any, layers: Any) -> Any:
        self.steps += 1
        self.waits.set()
        assert self.gate.wait(WAIT)
        return self._model.outputs(inputs, layers)


def gated(stream: Stream) -> tuple[Stream, Gated]:
    """The stream with a gate, which is closed."""
    model: Any = Gated(stream.model)
    return replace(stream, model=model), model


def check_replies(stream: Stream, messages: Sequence[str], replies: Sequence[Any]) -> None:
    """Replies are those of the stream in Python to these messages alone; what was refused for want
    of time or room has changed nothing."""
    state = stream.initial
    assert len(messages) == len(replies)
    for message, reply in zip(messages, replies, strict=True):
        if isinstance(reply, dict) and reply["status"] == 503:
            continue
        try:
            given = json.loads(message)["input"] if message.startswith('{"input"') else message
            expected, state = stream.after(given, state)
        except (DataError, json.JSONDecodeError) as error:
            assert isinstance(reply, dict)
            assert reply["status"] == (422 if isinstance(error, DataError) else 400)
            if isinstance(error, DataError):
                details = [one["detail"] for one in reply["errors"]]
                assert details == [problem.message for problem in error.problems]
        else:
            # As JSON has them: to the last digit.
            assert reply == json.loads(json.dumps(expected))
