"""A bundled dataset's card: what it is, what trivial answers score on it, and examples."""

from pathlib import Path

from rnnbuild.cli.loading import say
from rnnbuild.cli.options import Format
from rnnbuild.cli.output.tables import print_json, print_table, print_tables
from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.bundled.card import Dataset
from rnnbuild.data.bundled.registry import bundled_dataset, bundled_rows, options_of
from rnnbuild.data.bundled.sheet import Sheet, sheet_of
from rnnbuild.data.examples.splits import SPLITS, SplitName, by_split
from rnnbuild.data.kind.loaded import Loaded
from rnnbuild.data.load import load_data
from rnnbuild.data.rows.rows import RowSplits
from rnnbuild.errors import ArgumentError
from rnnbuild.metrics.tasks import main_metric, scores
from rnnbuild.tasks.table import TASKS
from rnnbuild.wording.card import (
    Document,
    answers_table,
    card_table,
    examples_table,
    facts_table,
)


def split_named(name: str) -> SplitName:
    """The split of that name. Raises ArgumentError where there is none."""
    for known in SPLITS:
        if name == known:
            return known
    raise ArgumentError(
        f"`--split` must be one of {', '.join(f'`{known}`' for known in SPLITS)}, found `{name}`"
    )


def card_of(data: DataConfig, split: str | None, examples: int) -> Document:
    """Everything known about the dataset with the options in `data`.

    Trivial answers, bounds and examples are those of one split; None is the last that has rows.
    """
    dataset = bundled_dataset(data.dataset or "")
    card, rows = dataset.card, bundled_rows(data)
    loaded = load_data(data, Path())
    sizes = sizes_of(loaded)
    chosen = [name for name in SPLITS if sizes[name]][-1] if split is None else split_named(split)
    say(loaded.notes)
    facts = loaded.facts
    sheet = sheet_of(rows, chosen)
    bounds, known = {}, {}
    if isinstance(rows, RowSplits):
        part = by_split(rows)[chosen]
        if part:
            options = options_of(dataset, data)
            bounds = {name: bound(part) for name, bound in dataset.bounds.items()}
            known = {name: score(part, options) for name, score in dataset.source_scores.items()}
    return {
        "name": card.name,
        "task": card.task,
        "level": card.level,
        "title": card.title,
        "rows": sizes,
        "labels": list(facts.labels),
        "longest": facts.longest,
        "options": _options(dataset, data),
        "origin": card.origin,
        "licence": card.licence,
        "teaches": card.teaches,
        "best": card.best,
        "reached": card.reached,
        "paper": card.paper,
        "split": chosen,
        "metric": main_metric(facts).name,
        "baselines": {
            method: {metric: score.value for metric, score in scores(answers, resamples=0).items()}
            for method, answers in loaded.baselines(chosen).items()
        },
        "source": known,
        "bounds": bounds,
        "examples": examples_of(sheet, examples),
    }


def sizes_of(loaded: Loaded) -> dict[SplitName, int]:
    """The number of rows of each split; of running text, of its tokens."""
    if not loaded.train.carries_state:
        return dict(zip(SPLITS, loaded.facts.rows, strict=True))
    # The last token of a text is the input of none.
    steps = {name: len(loaded.split(name).values) for name in SPLITS}
    return {name: count + 1 if count else 0 for name, count in steps.items()}


def _options(dataset: Dataset, data: DataConfig) -> Document:
    return {
        key: {
            "value": value,
            "least": dataset.options[key].least,
            "most": dataset.options[key].most,
        }
        for key, value in options_of(dataset, data).items()
    }


def examples_of(sheet: Sheet, number: int) -> list[Document]:
    """The first rows of a split; for a series, the last rows; of running text, lines with text."""
    rows = sheet.rows
    if TASKS[sheet.task].target == "next token":
        # The first line may have begun in the split before.
        rows = [(line,) for (line,) in rows[1:] or rows if line.strip()]
    rows = rows[:number] if sheet.columns[0] != "date" else rows[-number or None :]
    return [dict(zip(sheet.columns, row, strict=True)) for row in rows]


def print_card(card: Document, form: Format) -> None:
    """Print the facts, the trivial answers and, except in CSV, the examples."""
    if form is Format.json:
        print_json(card)
    elif form is Format.csv:
        print_table(card_table(card), form)
    else:
        tables = (facts_table(card), answers_table(card), examples_table(card))
        print_tables((table for table in tables if table.rows), form)
