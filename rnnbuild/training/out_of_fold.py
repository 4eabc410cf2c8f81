"""The test scores of a run with folds: a row is answered by the model that was not trained on it.

The runs of the folds are in the run's folder, and each is tested on its own fold. Their answers are
put together, one fold's rows after the other's, and scored as the answers of one model would be;
trivial methods, which are fitted on the other folds too, likewise.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from rnnbuild.data.examples.encoded import Encoded
from rnnbuild.data.examples.splits import SplitName
from rnnbuild.data.kind.loaded import Baselines, Loaded
from rnnbuild.data.load import load_data
from rnnbuild.errors import RunError
from rnnbuild.inference.decoding.pooled import Pool, names_of, pooled_baselines
from rnnbuild.inference.decoding.table import decoder_of
from rnnbuild.inference.opening import open_trained_run
from rnnbuild.inference.outputs import outputs_of
from rnnbuild.inference.run_data import data_of_run
from rnnbuild.runs.config_file import config_of_run
from rnnbuild.runs.data_file import read_data
from rnnbuild.runs.directory import RunDirectory, locked
from rnnbuild.runs.metrics_file import Evaluation, FoldScores, read_metrics
from rnnbuild.runs.record import is_there
from rnnbuild.training.scoring import (
    Remark,
    SplitScores,
    evaluation_of,
    record_split,
    score_split,
    values_of,
)
from rnnbuild.training.setup.session import EVALUATION_BATCH
from rnnbuild.visible import command_text


def folds_of(run: RunDirectory) -> tuple[RunDirectory, ...]:
    """The runs of a run's folds, in order; none where it has no folds."""
    data = config_of_run(run).data
    count = data.folds if data is not None else None
    return tuple(run.fold(number + 1) for number in range(count or 0))


def lacks_folds(run: RunDirectory) -> bool:
    """Whether a run has folds, and some of them are not tested."""
    return bool(folds_of(run)) and scores_of_folds(run) is None


def scores_of_folds(run: RunDirectory) -> tuple[FoldScores, ...] | None:
    """The test scores of each fold's own run; None where the run has no folds or lacks some."""
    metrics = [read_metrics(fold) for fold in folds_of(run)]
    scores = [each.scores["test"] for each in metrics if each is not None and "test" in each.scores]
    if not metrics or len(scores) < len(metrics):
        return None
    return tuple(
        FoldScores(rows=next(iter(each.values())).count, scores=values_of(each)) for each in scores
    )


def evaluate_out_of_fold(
    run: RunDirectory,
    own: Loaded,
    advance: Callable[[int], None],
    remark: Remark,
    data_dir: Path | None = None,
) -> Evaluation:
    """The test scores of a run with folds, as `score_run` scores other splits; a finished run gets
    its answers anew. Raises RunError if a fold has not finished, or is damaged."""
    for text in own.try_optional():
        remark(text)
    if is_there(run.metrics):
        with locked(run):
            scored = score_out_of_fold(run, own, advance, remark, data_dir)
    else:
        scored = score_out_of_fold(run, own, advance, remark, data_dir, record=False)
    return evaluation_of(own, {"test": scored}, scores_of_folds(run))


def score_out_of_fold(
    run: RunDirectory,
    own: Loaded,
    advance: Callable[[int], None],
    remark: Remark,
    data_dir: Path | None = None,
    record: bool = True,
) -> SplitScores:
    """The scores of the models of all folds, whose answers the run then contains if `record`.

    `own` is the data of the run's own model; the rest is as for `score_run`. The caller holds the
    run's lock. Raises RunError where a fold has no test scores, and the errors of `data_of_run` and
    `open_trained_run`.
    """
    folds = folds_of(run)
    if lacks_folds(run):
        raise RunError(
            f"not all of {len(folds)} folds of {run.path} have test scores",
            f"continue it: {command_text('resume', run.path)}",
        )
    parts = [data_of_run(fold, data_dir=data_dir) for fold in folds]
    pool = Pool(tuple(part.codec for part in parts))
    outputs = []
    for fold, part in zip(folds, parts, strict=True):
        decoder = decoder_of(part.codec)
        forward = open_trained_run(fold, in_keras=True).forward
        rows = decoder.rows_at_once(EVALUATION_BATCH)
        outputs.append(outputs_of(forward, part.test, rows, advance, decoder.reduce))
    tested = pool.encoded(
        [rows_known_to_all(*each, pool, data_dir) for each in zip(folds, parts, strict=True)]
    )
    data, answered = pooled_data(own, parts, pool, tested), pool.outputs(outputs)
    if record:
        record_split(run, data, "test", answered, remark)
    return score_split(data, "test", answered, True, remark)


def rows_known_to_all(
    fold: RunDirectory, data: Loaded, pool: Pool, data_dir: Path | None
) -> Encoded:
    """The test rows of a fold, with the numbers that their labels have in the pool.

    A label that the fold's training lacks has one there, since other folds are trained on it.
    Target words are those of the fold: its model cannot write others, which are misses either way.
    """
    config = config_of_run(fold)
    if not pool.of_labels or config.data is None or names_of(data.codec) == names_of(pool.codec):
        return data.test
    folder = data_dir or Path(read_data(fold).folder)
    return load_data(config.data, folder, config.task, known=pool.codec).test


def pooled_data(own: Loaded, parts: list[Loaded], pool: Pool, rows: Encoded) -> Loaded:
    """`own` with the test `rows` of all parts as its test split, and the baselines of each part."""
    ends = np.cumsum([len(part.test) for part in parts])

    def at(row: int) -> tuple[Loaded, int]:
        part = int(np.searchsorted(ends, row, side="right"))
        return parts[part], row - (int(ends[part - 1]) if part else 0)

    def baselines(name: SplitName) -> Baselines:
        return pooled_baselines(pool, [part.baselines(name) for part in parts], rows)

    def row_text(name: SplitName, row: int) -> str:
        part, place = at(row)
        return part.row_text(name, place)

    def row_place(name: SplitName, row: int) -> str:
        part, place = at(row)
        return part.row_place(name, place)

    def target_text(name: SplitName, row: int) -> str:
        part, place = at(row)
        return part.target_text(name, place) if part.target_text is not None else ""

    return replace(
        own,
        codec=pool.codec,
        test=rows,
        baselines=baselines,
        row_text=row_text,
        row_place=row_place,
        target_text=None if own.target_text is None else target_text,
    )
