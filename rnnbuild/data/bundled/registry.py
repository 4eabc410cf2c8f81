"""The table of bundled datasets."""

from collections.abc import Iterator, Mapping
from typing import get_args

from rnnbuild.config.schema.data import FILE_KEYS, DataConfig
from rnnbuild.config.schema.series import TEXT_KEYS
from rnnbuild.data.bundled.adding import ADDING
from rnnbuild.data.bundled.addition import ADDITION
from rnnbuild.data.bundled.amazon import AMAZON
from rnnbuild.data.bundled.brackets import BRACKETS
from rnnbuild.data.bundled.card import Dataset, OptionName
from rnnbuild.data.bundled.copy import COPY
from rnnbuild.data.bundled.dates import DATES
from rnnbuild.data.bundled.entities import ENTITIES
from rnnbuild.data.bundled.intents import INTENTS
from rnnbuild.data.bundled.languages import LANGUAGES
from rnnbuild.data.bundled.mackey_glass import MACKEY_GLASS
from rnnbuild.data.bundled.markov import MARKOV
from rnnbuild.data.bundled.parity import PARITY
from rnnbuild.data.bundled.parts_of_speech import PARTS_OF_SPEECH
from rnnbuild.data.bundled.real_series import CO2, SUNSPOTS
from rnnbuild.data.bundled.reber import REBER
from rnnbuild.data.bundled.reviews import REVIEWS
from rnnbuild.data.bundled.shakespeare import SHAKESPEARE
from rnnbuild.data.bundled.stocks import STOCKS
from rnnbuild.data.rows.rows import RowSplits
from rnnbuild.data.sequences.codec import SequenceSplits
from rnnbuild.data.series.series import BundledSeries
from rnnbuild.errors import DataError, Place, Problem, did_you_mean
from rnnbuild.tasks.facts import Task

DATASETS: Mapping[str, Dataset] = {
    dataset.card.name: dataset
    for dataset in (
        REVIEWS,
        LANGUAGES,
        INTENTS,
        AMAZON,
        ENTITIES,
        PARTS_OF_SPEECH,
        DATES,
        ADDITION,
        SUNSPOTS,
        CO2,
        STOCKS,
        MACKEY_GLASS,
        ADDING,
        COPY,
        REBER,
        PARITY,
        BRACKETS,
        SHAKESPEARE,
        MARKOV,
    )
}
"""Every dataset by name, in the order in which they are listed."""


def bundled_dataset(name: str, place: Place | None = None) -> Dataset:
    """The dataset of that name; `place` is where the config names it.

    Raises DataError, with the nearest name, if there is none.
    """
    if name not in DATASETS:
        raise DataError(
            Problem(
                f"there is no bundled dataset `{name}`{did_you_mean(name, DATASETS)}",
                place,
                f"there are {', '.join(f'`{known}`' for known in DATASETS)}; "
                "name a file of your own with `data.train`",
            )
        )
    return DATASETS[name]


def bundled_rows(
    data: DataConfig, task: Task | None = None
) -> RowSplits | SequenceSplits | BundledSeries:
    """The rows of the dataset that `data` names, with its options.

    Raises DataError for an unknown name, an option that the dataset does not have, a value out of
    its range, and a task that the dataset is not for.
    """
    dataset = bundled_dataset(data.dataset or "", data.place("dataset"))
    name = dataset.card.name
    options = options_of(dataset, data)
    if task not in (None, dataset.card.task):
        raise DataError(
            f"`{name}` is for `{dataset.card.task}`, not for `{task}`",
            hint="leave `task` out: it follows from the dataset",
        )
    return dataset.load(**options)


def options_of(dataset: Dataset, data: DataConfig) -> dict[OptionName, int]:
    """Every option of the dataset, as `data` states it or by default.

    Raises DataError, with every problem at once, for options that the dataset does not have and
    for values out of range.
    """
    name = dataset.card.name
    problems = [
        Problem(
            f"`{key}` has no effect on the bundled dataset `{name}`",
            data.place(key),
            f"leave it out; {_options_text(dataset)}",
        )
        for key in (*FILE_KEYS, *get_args(OptionName))
        if key not in dataset.options and key in data.stated
    ]
    if dataset.card.level is None:
        problems += [
            Problem(
                f"`{key}` is for text, and `{name}` is numbers", data.place(key), "leave it out"
            )
            for key in TEXT
            if key in data.model_fields_set
        ]
    stated = {key: getattr(data, key) for key in dataset.options}
    given: dict[OptionName, int] = {key: n for key, n in stated.items() if n is not None}
    problems += _out_of_range(dataset, given, data)
    if problems:
        raise DataError(problems)
    return {**dataset.defaults, **given}


def _out_of_range(
    dataset: Dataset, given: Mapping[OptionName, int], data: DataConfig
) -> Iterator[Problem]:
    name = dataset.card.name
    for key, number in given.items():
        option = dataset.options[key]
        if number < option.least or (option.most is not None and number > option.most):
            most = "" if option.most is None else f" and at most {option.most:,}"
            yield Problem(
                f"`{key}` of `{name}` must be at least {option.least:,}{most}, found {number:,}",
                data.place(key),
                f"the default is {option.default:,}",
            )
    options = {**dataset.defaults, **given}
    length, size = options.get("length", 1), options.get("size", 1)
    if length * size > MOST_STEPS:
        each = f" of length {length:,}" if "length" in options else ""
        yield Problem(
            f"{size:,} sequences{each} are more than "
            f"{MOST_STEPS:,} steps together, the most that is generated in memory",
            data.place("length" if "length" in given else "size"),
            "lower `length` or `size`",
        )


def _options_text(dataset: Dataset) -> str:
    if not dataset.options:
        return f"`{dataset.card.name}` is always the same"
    return f"it takes {' and '.join(f'`{key}`' for key in dataset.options)}"


MOST_STEPS = 20_000_000
"""The most steps of all sequences of a generated dataset together."""

TEXT = tuple(key for key in TEXT_KEYS if key not in FILE_KEYS)
"""Options of text, which datasets of numbers do not take."""
