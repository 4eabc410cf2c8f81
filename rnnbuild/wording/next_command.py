"""The command that a trained model is used by."""

from pathlib import Path

from rnnbuild.tasks.facts import DataFacts
from rnnbuild.tasks.table import TASKS
from rnnbuild.visible import command_text


def next_command(run: Path, facts: DataFacts) -> str:
    """`rnnbuild predict runs/reviews-1 "..."`, by what a run on such data answers."""
    match TASKS[facts.task].target:
        case "next token":
            return command_text("generate", run)
        case "numbers" if facts.window is not None:
            return command_text("predict", run)  # a series is continued from its end
        case "numbers":
            return command_text("predict", run, "--input FILE")
    return command_text("predict", run, '"..."')
