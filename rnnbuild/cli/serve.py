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
from rnnbuild.visible import visible

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
    body: Annotated[
        int, typer.Option(min=1, max=1 << 30, help="Most bytes of a request or message.")
    ] = DEFAULT.body,
    inputs: Annotated[
        int, typer.Option(min=1, max=1 << 20, help="Most inputs of a request.")
    ] = DEFAULT.inputs,
    tokens: Annotated[
        int,
        typer.Option(
            min=1, max=1 << 24, help="Most tokens or steps of an input or a text written."
        ),
    ] = DEFAULT.tokens,
    waiting_tokens: Annotated[
        int,
        typer.Option(min=1, max=1 << 30, help="Most tokens that wait together; more is a 503."),
    ] = DEFAULT.waiting_tokens,
    seconds: Annotated[
        float,
        typer.Option(
            min=0.001,
            max=3600,
            metavar="SECONDS",
            help="Longest wait for the model; then a 503.",
        ),
    ] = DEFAULT.seconds,
    streams: Annotated[
        int, typer.Option(min=0, max=1 << 16, help="Most WebSockets that are open at once.")
    ] = DEFAULT.streams,
    idle: Annotated[
        float,
        typer.Option(
            min=0.001,
            max=1e6,
            metavar="SECONDS",
            help="Time without a message after which a WebSocket is closed.",
        ),
    ] = DEFAULT.idle,
    connections: Annotated[
        int, typer.Option(min=1, max=1 << 16, help="Most connections that are open at once.")
    ] = DEFAULT.connections,
    receiving: Annotated[
        float,
        typer.Option(
            min=0.001,
            max=3600,
            metavar="SECONDS",
            help="Time in which a request must arrive, and an answer be taken.",
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
        body=body,
        inputs=inputs,
        tokens=tokens,
        waiting_tokens=waiting_tokens,
        seconds=seconds,
        streams=streams,
        idle=idle,
        connections=connections,
        receiving=receiving,
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
    from rnnbuild.models.loading import load_frameworks
    from rnnbuild.serving.access import Access
    from rnnbuild.serving.access_log import AccessLog, report_libraries, writer
    from rnnbuild.serving.address import take_address
    from rnnbuild.serving.app import app_of
    from rnnbuild.serving.model import open_model
    from rnnbuild.serving.server import End, serve_app
    from rnnbuild.serving.token import note_on_readers, read_token

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

    def say_address() -> None:
        line = f"serving {visible(str(run))} at {address}; Ctrl-C stops"
        print(line, file=sys.stderr, flush=True)

    log = AccessLog(writer(sys.stderr), requests=not quiet)
    report_libraries(log, tracebacks="--debug" in sys.argv)
    drain, grace = end
    cut_off = serve_app(
        app_of(model, limits), address, access, limits, End(drain, grace), log, say_address
    )
    if cut_off:
        say([f"cut off, unfinished after {grace:g} s: {plural(cut_off, 'request')}; see --grace"])
        os._exit(0)  # what the model computes for them is not waited for
