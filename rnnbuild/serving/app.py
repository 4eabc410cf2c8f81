"""The application: its routes, and how each failure is answered."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from enum import Enum
from functools import partial

from fastapi import FastAPI

from rnnbuild.serving.description import model_route
from rnnbuild.serving.failures import Failures
from rnnbuild.serving.generate import generate_route
from rnnbuild.serving.limits import Limits
from rnnbuild.serving.metrics import Metrics
from rnnbuild.serving.model import ServedModel, results_of
from rnnbuild.serving.openapi import DescribedApp
from rnnbuild.serving.page.route import page_route
from rnnbuild.serving.predict import predict_route
from rnnbuild.serving.problems import answer_problems
from rnnbuild.serving.status import status_route
from rnnbuild.serving.stream import stream_route, without_streams
from rnnbuild.serving.stream_usage import stream_usage
from rnnbuild.serving.turns import Turns

# Tags, by which generators of clients group what may be asked. FastAPI wants lists of its own.
MODEL: list[str | Enum] = ["model"]
SERVER: list[str | Enum] = ["server"]


def app_of(model: ServedModel, limits: Limits) -> FastAPI:
    """The application that serves a model."""
    metrics = Metrics()
    compute = partial(results_of, model.trained, limits.tokens)
    turns = Turns(compute, limits.waiting_tokens, limits.seconds, metrics)
    metrics.waiting.set_function(lambda: turns.tokens_waiting)

    @asynccontextmanager
    async def computing(app: FastAPI) -> AsyncIterator[None]:
        task = asyncio.create_task(turns.run())
        try:
            yield
        finally:
            task.cancel()
            turns.close()

    app = DescribedApp(
        title=f"rnnbuild: {model.name}",
        description=stream_usage(model.trained.codec) if not without_streams(model, limits) else "",
        lifespan=computing,
        docs_url=None,  # their pages load scripts from elsewhere
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.draining = asyncio.Event()
    """Set by the first signal: from then on `/ready` fails, and everything else still answers."""
    app.state.stopping = asyncio.Event()
    """Set after that, when nothing new is accepted: requests under way are finished, and
    WebSockets are closed between two messages, with code 1001."""
    app.state.metrics = metrics
    answer_problems(app)
    app.add_middleware(Failures)
    app.include_router(predict_route(model, turns, limits), tags=MODEL)
    app.include_router(stream_route(model, turns, limits, app.state.stopping))
    app.include_router(generate_route(model, turns, limits), tags=MODEL)
    app.include_router(model_route(model, limits), tags=MODEL)
    app.include_router(status_route(metrics, app.state.draining), tags=SERVER)
    app.include_router(page_route(), tags=SERVER)
    return app
