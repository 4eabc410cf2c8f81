"""The curves of training on a page."""

from pathlib import Path

from rnnbuild.reports.blocks import Facts
from rnnbuild.reports.page import page_of
from rnnbuild.reports.plots.curves import curves_plot


def test_epochs_and_steps_are_whole_numbers_on_the_axis() -> None:
    spec = curves_plot({"validation": [(1.0, 0.5)]}, "loss", "epoch")
    assert spec["layer"][0]["encoding"]["x"]["axis"] == {"tickMinStep": 1, "format": ",d"}


def test_a_single_epoch_is_one_epoch(language_run: Path) -> None:
    (facts,) = (block for block in page_of([language_run]).blocks if isinstance(block, Facts))
    (training,) = (fact for fact in facts.facts if fact.name == "training")
    assert training.more == "1 epoch"
