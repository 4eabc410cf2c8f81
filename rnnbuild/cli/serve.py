"""`rnnbuild serve`."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from rnnbuild.cli.options import examples
from rnnbuild.visible import visible

app = typer.Typer()


@app.command(epilog=examples("rnnbuild serve runs/latest"))
def serve(
    run: Annotated[
        Path, typer.Argument(metavar="RUN", help="A run's folder, e.g. runs/latest, or an export.")
    ],
    host: Annotated[
        str, typer.Option(help="Address to listen on; 0.0.0.0 is every one of this machine.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = 8000,
) -> None:
    """Serve a trained run over HTTP: answers, text, streams, and a page to try it."""
    from rnnbuild.cli.loading import say
    from rnnbuild.dependencies import why_not_importable
    from rnnbuild.errors import MissingExtraError
    from rnnbuild.models.loading import load_frameworks

    reason = why_not_importable("fastapi", "uvicorn")
    if reason is not None:
        raise MissingExtraError(
            f"`rnnbuild serve` needs packages that cannot be imported ({reason})",
            hint='install them: pip install "rnnbuild[serve]"',
        )
    from rnnbuild.serving.app import app_of
    from rnnbuild.serving.limits import Limits
    from rnnbuild.serving.model import open_model
    from rnnbuild.serving.server import listen, serve_app

    model = open_model(run, load_frameworks)
    say([model.trained.note] if model.trained.note else [])
    address = listen(host, port)
    print(f"serving {visible(str(run))} at {address}; Ctrl-C stops", file=sys.stderr, flush=True)
    serve_app(app_of(model, Limits()), address)
