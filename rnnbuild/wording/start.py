"""What a run started from, in words and as a table."""

from dataclasses import asdict
from pathlib import Path

from rnnbuild.formatting import capitalised, percent, plural
from rnnbuild.runs.start_file import StartRecord
from rnnbuild.wording.kept import kept_score_text
from rnnbuild.wording.table import Column, Table


def start_text(start: StartRecord) -> str:
    """`started from runs/a-1 (epoch 3, validation accuracy 0.7667): 2 of 3 layers, 90 %
    of the weights`."""
    taken = [layer for layer in start.layers if layer.taken]
    weights = sum(layer.weights for layer in start.layers)
    share = sum(layer.taken for layer in start.layers) / max(1, weights)
    layers = f"{len(taken)} of {plural(len(start.layers), 'layer')}"
    return (
        f"started from {source_text(start)}{kept_text(start)}: {layers}, {percent(share)} of the "
        "weights"
    )


def source_text(start: StartRecord) -> str:
    """The run's folder, from the current folder where it is inside."""
    path = Path(start.run)
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)


def kept_text(start: StartRecord) -> str:
    """The evaluation whose weights were taken, in brackets; nothing where there was none."""
    kept = start.kept
    if kept is None:
        return ""
    step = "" if kept.step is None else f", step {kept.step}"
    score = "" if kept.metric is None else f", {kept_score_text(kept)}"
    return f" (epoch {kept.epoch}{step}{score})"


def start_table(start: StartRecord) -> Table:
    """A row for each layer with weights: what it starts from, and why not from the run."""
    columns = [
        Column("layer", "layer", tone="name"),
        Column("start", "starts", tones={"taken over": "good", "grown": "good", "new": "warning"}),
        Column(
            ("taken", "weights"),
            "weights of the run",
            lambda taken, weights: f"{taken:,} of {weights:,}",
            "right",
        ),
        Column("reason", "", wrap="words"),
    ]
    rows = [asdict(layer) for layer in start.layers]
    notes = [f"{capitalised(note)}." for note in (*start.warnings, *start.notes)]
    return Table(columns, rows, title=f"From {source_text(start)}{kept_text(start)}", notes=notes)
