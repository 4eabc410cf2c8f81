"""The command that a trained model is used by."""

from pathlib import Path

from rnnbuild.tasks.facts import Task
from rnnbuild.tasks.table import TASKS
from rnnbuild.visible import command_text


def next_command(run: Path, task: Task) -> str:
    """`rnnbuild predict runs/reviews-1 "..."`, by what a run of the task answers."""
    match TASKS[task].target:
        case "next token":
            return command_text("generate", run)
        case "numbers":
            return command_text("predict", run, "--input FILE")
    return command_text("predict", run, '"..."')
