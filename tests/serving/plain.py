"""A server without a model, whose requests take as long as they say, run as a program.

Everything but the application is that of `rnnbuild serve`.
"""

import asyncio
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import typer
from fastapi import FastAPI, Request, Response, WebSocket

from rnnbuild.serving.access import Access
from rnnbuild.serving.access_log import AccessLog, report_libraries
from rnnbuild.serving.address import take_address
from rnnbuild.serving.disconnect import while_connected
from rnnbuild.serving.limits import Limits
from rnnbuild.serving.log_writer import LogWriter
from rnnbuild.serving.metrics import Metrics
from rnnbuild.serving.problems import answer_problems
from rnnbuild.serving.server import End, serve_app


def plain_app() -> FastAPI:
    app = FastAPI(redirect_slashes=False)
    app.state.draining = asyncio.Event()
    app.state.stopping = asyncio.Event()
    app.state.metrics = Metrics()
    answer_problems(app)
    thread = ThreadPoolExecutor(1)

    @app.get("/ready")
    async def ready() -> Response:
        return Response(status_code=503 if app.state.draining.is_set() else 200)

    @app.post("/echo")
    async def echo(request: Request) -> Response:
        return Response(await request.body())

    @app.get("/slow/{seconds}")
    async def slow(seconds: float) -> str:
        await asyncio.get_running_loop().run_in_executor(thread, time.sleep, seconds)
        return "done"

    @app.get("/patient")
    async def patient(request: Request) -> str:
        await request.body()
        return await while_connected(request, asyncio.sleep(60, "done"))

    @app.get("/large/{size}")
    async def large(size: int) -> Response:
        return Response(b"x" * size)

    @app.get("/bug")
    async def bug() -> None:
        raise KeyError("a\x1b[2Jb")

    @app.websocket("/stream")
    async def stream(socket: WebSocket) -> None:
        await socket.accept()
        stopping: Any = asyncio.ensure_future(app.state.stopping.wait())
        while not stopping.done():
            message: Any = asyncio.ensure_future(socket.receive())
            await asyncio.wait((message, stopping), return_when=asyncio.FIRST_COMPLETED)
            if message.done():
                if message.result()["type"] == "websocket.disconnect":
                    return
                await asyncio.sleep(0.3)
                await socket.send_text(message.result()["text"])
        await socket.close(1001, "the server stops")

    return app


def main(
    host: str = "127.0.0.1",
    drain: float = 0,
    grace: float = 5,
    receiving: float = 20,
    connections: int = 100,
    body: int = 1 << 20,
    debug: bool = False,
    quiet: bool = False,
) -> None:
    address = take_address(host, 0)
    lines = LogWriter(sys.stderr)
    log = AccessLog(lines, requests=not quiet)
    report_libraries(log, debug)
    limits = Limits(receiving=receiving, connections=connections, body=body)

    def begun() -> None:
        log.message(f"plain at {address};")

    hosts = () if address.is_loopback else None
    end = End(drain, grace)
    cut = serve_app(plain_app(), address, Access(hosts=hosts), limits, end, log, begun)
    log.message(f"cut off: {cut}")
    lines.wait()


if __name__ == "__main__":
    typer.run(main)
