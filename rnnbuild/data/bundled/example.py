"""An input to try a model with that was trained on a bundled dataset."""

from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.bundled.registry import DATASETS, options_of
from rnnbuild.data.rows.rows import RowSplits
from rnnbuild.data.sequences.codec import SequenceSplits

ROWS = 20
"""Rows that are looked at, and generated where their number can be stated."""
LEAST = 20
"""Characters of an example, where there is one as long."""
DIGITS = 4
"""Significant digits of an example's numbers: enough to read, and to be answered like the row."""


def bundled_example(data: DataConfig) -> str | list[list[float]] | None:
    """A text, or a sequence of numbers, of the test split of the dataset that `data` names; None
    where it names none, or a series. Of generated rows only some are generated, others of the same
    kind."""
    dataset = DATASETS.get(data.dataset or "")
    if dataset is None:
        return None
    options = options_of(dataset, data)
    if "size" in options:
        options["size"] = max(ROWS, dataset.options["size"].least)
    splits = dataset.load(**options)
    if isinstance(splits, SequenceSplits):
        steps: list[list[float]] = splits.test.inputs[0].tolist()
        return [[float(f"{number:.{DIGITS}g}") for number in step] for step in steps]
    if not isinstance(splits, RowSplits):
        return None
    rows = splits.test or splits.validation or splits.train
    texts = [" ".join(words) for words in rows.words[:ROWS]] or rows.texts[:ROWS]
    paragraphs = [part for text in texts for part in text.split("\n\n")]
    return next((part for part in paragraphs if len(part) >= LEAST), paragraphs[0])
