"""An input to try a model with that was trained on a bundled dataset."""

from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.bundled.registry import DATASETS, options_of
from rnnbuild.data.rows.rows import RowSplits

ROWS = 20
"""Rows that are looked at, and generated where their number can be stated."""
LEAST = 20
"""Characters of an example, where there is one as long."""


def bundled_example(data: DataConfig) -> str | None:
    """A text of the test split of the dataset that `data` names; None where it names none, or one
    of numbers. Of generated texts only some are generated, with other words of the same kind."""
    dataset = DATASETS.get(data.dataset or "")
    if dataset is None or dataset.card.level is None:
        return None
    options = options_of(dataset, data)
    if "size" in options:
        options["size"] = max(ROWS, dataset.options["size"].least)
    splits = dataset.load(**options)
    if not isinstance(splits, RowSplits):
        return None
    rows = splits.test or splits.validation or splits.train
    texts = [" ".join(words) for words in rows.words[:ROWS]] or rows.texts[:ROWS]
    paragraphs = [part for text in texts for part in text.split("\n\n")]
    return next((part for part in paragraphs if len(part) >= LEAST), paragraphs[0])
