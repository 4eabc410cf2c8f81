"""The scores of a finished run, once more or on other rows."""

from collections.abc import Callable
from typing import Any

from rnnbuild.data.examples.splits import SplitName
from rnnbuild.data.kind.loaded import Loaded
from rnnbuild.inference.decoding.table import decoder_of
from rnnbuild.inference.outputs import outputs_of
from rnnbuild.inference.trained import trained_in_keras
from rnnbuild.metrics.tasks import main_metric
from rnnbuild.runs.directory import RunDirectory
from rnnbuild.training.evaluation import compared, detailed
from rnnbuild.training.session import EVALUATION_BATCH


def evaluate(
    run: RunDirectory,
    data: Loaded,
    split: SplitName,
    advance: Callable[[int], None] = lambda rows: None,
) -> dict[str, Any]:
    """What metrics.json holds, of one split of `data`; `advance` hears of rows as they are done.

    Raises RunError where the run has not finished, or its model is damaged.
    """
    forward, decoder = trained_in_keras(run).forward, decoder_of(data.codec)
    rows = decoder.rows_at_once(EVALUATION_BATCH)
    outputs = outputs_of(forward, data.split(split), rows, advance, decoder.reduced)
    scores, baselines = compared(data, split, outputs)
    return {
        "task": data.facts.task,
        "main": main_metric(data.facts).name,
        "scores": {split: scores},
        "baselines": {split: baselines},
        "details": {split: detailed(data, split, outputs)},
    }
