"""What training will need, looked at without TensorFlow and without the time that it takes."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from rnnbuild.config.schema import Config
from rnnbuild.data.codec_of_run import codec_of_run, known_codec, run_started_from
from rnnbuild.data.load import load_data
from rnnbuild.data.resolved import resolve_with_data
from rnnbuild.data.text.vectors import refuse_other_vectors
from rnnbuild.errors import RnnbuildError, every_result
from rnnbuild.formatting import size_text
from rnnbuild.training.setup.class_weight import refuse_class_weights
from rnnbuild.training.setup.machine import refuse_missing_gpu, refuse_too_large
from rnnbuild.training.setup.pretrained import vectors_file, vectors_of
from rnnbuild.training.setup.start import start_from
from rnnbuild.training.setup.watched import watching_of

LARGE = 64_000_000
"""Bytes of a file of vectors over which its first lines alone are read."""
LINES = 1000


def refuse_untrainable(config: Config, folder: Path) -> list[str]:
    """Raise RequestError, with every problem that `prepare` and the first step would meet.

    The config names data; that which was read before is not read again. Returns notes on what was
    not looked at.
    """

    def resolved_stages() -> None:
        resolved = resolve_with_data(config, folder)
        if (run := run_started_from(config, folder)) is not None and config.data is not None:
            data = load_data(config.data, folder, config.task, known=codec_of_run(run))
            start_from(run, resolved, data.codec)
        every_result(
            lambda: watching_of(resolved),
            lambda: refuse_class_weights(resolved),
            lambda: refuse_too_large(resolved),
        )

    stages: list[Callable[[], Any]] = [
        resolved_stages,
        lambda: refuse_missing_gpu(config),
        lambda: check_vectors(config, folder),
    ]
    return [*every_result(*stages)[-1], *_notes_on_skipped(config, folder)]


def _notes_on_skipped(config: Config, folder: Path) -> list[str]:
    """What was skipped where the config says that bad rows may be."""
    if config.data is None or not config.data.skip_bad_rows:
        return []
    notes = load_data(config.data, folder, config.task, known=known_codec(config, folder)).notes
    return [note for note in notes if ": skipped " in note]


def check_vectors(config: Config, folder: Path) -> list[str]:
    """Raise RequestError where the pretrained vectors cannot be used; notes as above."""
    embedding, path = config.model.embedding, vectors_file(config, folder)
    if embedding is None or path is None or config.data is None:
        return []
    if path.stat().st_size > LARGE:
        refuse_other_vectors(path, embedding.output_dim, LINES)
        size = size_text(path.stat().st_size)
        return [f"{path} has {size}: only its first {LINES:,} lines were read"]
    try:
        known = known_codec(config, folder)
        data = load_data(config.data, folder, config.task, known=known)
    except RnnbuildError:  # which is reported where the sizes are resolved
        refuse_other_vectors(path, embedding.output_dim, LINES)
        return []
    vectors_of(config, data, folder)
    return []
