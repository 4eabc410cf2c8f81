"""The best evaluation so far, for a display."""

from typing import Any

from rnnbuild.metrics.tasks import higher_is_better, is_better


class BestSeen:
    """The best evaluation that was seen."""

    def __init__(self, main: str):
        self.main = main
        self.score: float | None = None
        self.epoch = 0

    def improved(self, line: dict[str, Any]) -> bool:
        """Look at a line of the history; whether it is better than all before."""
        score = line.get("validation", {}).get(self.main)
        if not is_better(score, self.score, higher_is_better(self.main)):
            return False
        self.score, self.epoch = score, line["epoch"]
        return True
