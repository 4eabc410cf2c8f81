"""The table of bundled datasets."""

from collections.abc import Mapping

from rnnbuild.config.facts import Task
from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.bundled.amazon import AMAZON
from rnnbuild.data.bundled.card import Dataset
from rnnbuild.data.bundled.languages import LANGUAGES
from rnnbuild.data.rows import RowSplits
from rnnbuild.errors import DataError, did_you_mean

DATASETS: Mapping[str, Dataset] = {dataset.card.name: dataset for dataset in (LANGUAGES, AMAZON)}


def bundled(name: str) -> Dataset:
    """The dataset of that name. Raises DataError with the nearest name where there is none."""
    if name not in DATASETS:
        raise DataError(
            f"there is no bundled dataset `{name}`{did_you_mean(name, DATASETS)}",
            hint=f"there are {', '.join(f'`{known}`' for known in DATASETS)}; "
            "a file of your own is named by `data.train`",
        )
    return DATASETS[name]


def bundled_rows(data: DataConfig, task: Task | None = None) -> RowSplits:
    """The rows of the dataset that `data` names, made as its options say.

    Raises DataError for an unknown name, an option that the dataset does not take, and a task
    that it is not made for.
    """
    dataset = bundled(data.dataset or "")
    name = dataset.card.name
    for key in FIXED if dataset.generated else (*FIXED, "size", "seed"):
        if getattr(data, key) is not None:
            raise DataError(
                f"`data.{key}` has no effect on the bundled dataset `{name}`",
                hint="leave it out",
            )
    if task not in (None, dataset.card.task):
        raise DataError(
            f"`{name}` is for `{dataset.card.task}`, not for `{task}`",
            hint="leave `task` out: it follows from the dataset",
        )
    return dataset.load(data.size, data.seed)


FIXED = ("train", "validation", "test", "format", "delimiter", "text", "label", "split")
"""Options of files, which no bundled dataset takes: its splits and columns are its own."""
