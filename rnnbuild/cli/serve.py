"""`rnnbuild serve`."""

import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from rnnbuild.cli.options import examples
from rnnbuild.formatting import plural
from rnnbuild.serving.limits import Limits
from rnnbuild.serving.signals import end_at_once, end_at_once_from_now, signals_to

app = typer.Typer()

DEFAULT = Limits()
HOST_NAME = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*")
DRAIN = 2.0
GRACE = 6.0
"""With DRAIN below the 10 s that Docker waits between SIGTERM and SIGKILL; Kubernetes waits 30."""


@app.command(
    epilog=examples(
        "rnnbuild serve runs/latest",
        "rnnbuild serve runs/latest --host 0.0.0.0 --token-file token",
    )
)
def serve(
    run: Annotated[
        Path, typer.Argument(metavar="RUN", help="A run's folder, e.g. runs/latest, or an export.")
    ],
    host: Annotated[
        str, typer.Option(help="Address to listen on; 0.0.0.0 is every one of this machine.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = 8000,
    token_file: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="File with a token, which every client must then send."),
    ] = None,
    allowed_host: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="Name by which clients call a server on loopback without a token, as behind a "
            "proxy; may be repeated.",
        ),
    ] = None,
    drain: Annotated[
        float,
        typer.Option(
            min=0,
            max=3600,
            metavar="SECONDS",
            help="After SIGTERM, time in which /ready fails and everything else is still answered.",
        ),
    ] = DRAIN,
    grace: Annotated[
        float,
        typer.Option(
            min=0,
            max=3600,
            metavar="SECONDS",
            help="Time after that to finish what is under way; the rest is cut off and reported.",
        ),
    ] = GRACE,
    max_body: Annotated[
        int, typer.Option(min=1, max=1 << 30, help="Most bytes of a request or message.")
    ] = DEFAULT.body,
    max_inputs: Annotated[
        int, typer.Option(min=1, max=1 << 20, help="Most inputs of a request.")
    ] = DEFAULT.inputs,
    max_tokens: Annotated[
        int,
        typer.Option(
            min=1, max=1 << 24, help="Most tokens or steps of an input or a text written."
        ),
    ] = DEFAULT.tokens,
    max_waiting_tokens: Annotated[
        int,
        typer.Option(min=1, max=1 << 30, help="Most tokens that wait together; more is a 503."),
    ] = DEFAULT.waiting_tokens,
    max_wait: Annotated[
        float,
        typer.Option(
            min=0.001,
            max=3600,
            metavar="SECONDS",
            help="Longest wait for the model; then a 503.",
        ),
    ] = DEFAULT.seconds,
    max_streams: Annotated[
        int, typer.Option(min=0, max=1 << 16, help="Most WebSockets that are open at once.")
    ] = DEFAULT.streams,
    max_idle: Annotated[
        float,
        typer.Option(
            min=0.001,
            max=1e6,
            metavar="SECONDS",
            help="Longest time without a message; then a WebSocket is closed.",
        ),
    ] = DEFAULT.idle,
    max_connections: Annotated[
        int, typer.Option(min=1, max=1 << 16, help="Most connections that are open at once.")
    ] = DEFAULT.connections,
    max_transfer: Annotated[
        float,
        typer.Option(
            min=0.001,
            max=3600,
            metavar="SECONDS",
            help="Longest time for a request to arrive, or for a client to take its answer.",
        ),
    ] = DEFAULT.receiving,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Print no line for each request.")
    ] = False,
) -> None:
    """Serve a trained run over HTTP: answers, text, streams, and a page to try it.

    SIGTERM and Ctrl-C end it with exit code 0, a second one at once.
    """
    limits = Limits(
        body=max_body,
        inputs=max_inputs,
        tokens=max_tokens,
        waiting_tokens=max_waiting_tokens,
        seconds=max_wait,
        streams=max_streams,
        idle=max_idle,
        connections=max_connections,
        receiving=max_transfer,
    )
    with signals_to(end_at_once):
        refuse_missing_packages()
        serve_run(run, host, port, token_file, allowed_host or (), limits, (drain, grace), quiet)
    end_at_once_from_now()


def refuse_missing_packages() -> None:
    """Raises MissingExtraError where a server cannot be run."""
    from rnnbuild.dependencies import why_not_importable
    from rnnbuild.errors import MissingExtraError

    reason = why_not_importable(
        "fastapi", "uvicorn", "httptools", "websockets", "prometheus_client"
    )
    if reason is not None:
        raise MissingExtraError(
            f"`rnnbuild serve` needs packages that cannot be imported ({reason})",
            hint='install them: pip install "rnnbuild[serve]"',
        )


def host_name(text: str) -> str:
    """A name as a `Host` header has it, without a port. Raises ArgumentError."""
    from rnnbuild.errors import ArgumentError

    if not HOST_NAME.fullmatch(text):
        raise ArgumentError(
            f"`--allowed-host {text}` is not the name of a host",
            "give the name alone, without https:// and without a port: --allowed-host example.org",
        )
    return text.lower()


def serve_run(
    run: Path,
    host: str,
    port: int,
    token_file: Path | None,
    allowed_hosts: Sequence[str],
    limits: Limits,
    end: tuple[float, float],
    quiet: bool,
) -> None:
    """Serves until a signal ends it; `end` is the drain and the grace in seconds."""
    from rnnbuild.cli.loading import say
    from rnnbuild.export.opening import refuse_no_run
    from rnnbuild.models.loading import load_frameworks
    from rnnbuild.serving.access import Access
    from rnnbuild.serving.access_log import AccessLog, report_libraries
    from rnnbuild.serving.address import take_address
    from rnnbuild.serving.app import app_of
    from rnnbuild.serving.log_writer import LogWriter
    from rnnbuild.serving.model import open_model
    from rnnbuild.serving.server import End, serve_app
    from rnnbuild.serving.token import note_on_readers, read_token

    refuse_no_run(run)
    token = None if token_file is None else read_token(token_file)
    address = take_address(host, port)  # before the model, which takes seconds
    guarded = token is None and address.is_loopback
    names = tuple(host_name(name) for name in allowed_hosts)
    access = Access(token=token, hosts=names if guarded else None)
    model = open_model(run, load_frameworks)
    notes = [model.trained.note, None if token_file is None else note_on_readers(token_file)]
    if token is None and not address.is_loopback:
        notes.append(
            "whoever reaches this machine may use the model; `--token-file FILE` asks for a token"
        )
    say([note for note in notes if note])

    lines = LogWriter(sys.stderr)
    log = AccessLog(lines, requests=not quiet)

    def say_address() -> None:
        log.message(f"serving {run} at {address}; Ctrl-C stops")

    report_libraries(log, tracebacks="--debug" in sys.argv)
    drain, grace = end
    cut_off = serve_app(
        app_of(model, limits), address, access, limits, End(drain, grace), log, say_address
    )
    if cut_off:
        requests = plural(cut_off, "request")
        log.message(f"note: cut off, unfinished after {grace:g} s: {requests}; see --grace")
    lines.wait()
    if cut_off:
        os._exit(0)  # what the model computes for them is not waited for
