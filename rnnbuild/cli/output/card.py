"""A bundled dataset's card: what it is, what trivial answers score on it, and examples."""

from pathlib import Path
from typing import Any

from rnnbuild.cli.loading import say
from rnnbuild.cli.options import Format
from rnnbuild.cli.output.score_text import figure, metric_name
from rnnbuild.cli.output.tables import Column, Table, plain, print_json, print_table
from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.bundled.card import Dataset
from rnnbuild.data.bundled.registry import bundled_dataset, bundled_rows, options_of
from rnnbuild.data.bundled.sheet import Sheet, sheet_of
from rnnbuild.data.examples.splits import SPLITS, SplitName, by_split
from rnnbuild.data.load import load_data
from rnnbuild.data.rows.rows import RowSplits
from rnnbuild.errors import ArgumentError
from rnnbuild.metrics.tasks import main_metric, scores

Document = dict[str, Any]

NOT_TAGGED = "O"
LONGEST_LIST = 12
"""Labels that are named; of more the number is given."""


def split_named(name: str) -> SplitName:
    """Raises ArgumentError where no split has that name."""
    for known in SPLITS:
        if name == known:
            return known
    raise ArgumentError(
        f"`--split` is one of {', '.join(f'`{known}`' for known in SPLITS)}, found `{name}`"
    )


def card_of(data: DataConfig, split: str, examples: int) -> Document:
    """Everything that is known of the dataset as `data` asks for it.

    Trivial answers, bounds and examples are those of one split.
    """
    name = split_named(split)
    dataset = bundled_dataset(data.dataset or "")
    card, made = dataset.card, bundled_rows(data)
    loaded = load_data(data, Path())
    say(loaded.notes)
    facts = loaded.facts
    sheet = sheet_of(made, name)
    bounds = {}
    if isinstance(made, RowSplits):
        part = by_split(made)[name]
        bounds = {told: bound(part) for told, bound in dataset.bounds.items() if part}
    return {
        "name": card.name,
        "task": card.task,
        "level": card.level,
        "title": card.title,
        "rows": dict(zip(SPLITS, facts.rows, strict=True)),
        "labels": list(facts.labels),
        "longest": facts.longest,
        "options": _options(dataset, data),
        "origin": card.origin,
        "licence": card.licence,
        "teaches": card.teaches,
        "best": card.best,
        "reached": card.reached,
        "paper": card.paper,
        "split": name,
        "metric": main_metric(facts).name,
        "baselines": {
            method: {metric: score.value for metric, score in scores(answers, resamples=0).items()}
            for method, answers in loaded.baselines(name).items()
        },
        "bounds": bounds,
        "examples": examples_of(sheet, examples),
    }


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
    """The first rows of a split; of a series, the last."""
    rows = sheet.rows[:number] if sheet.columns[0] != "date" else sheet.rows[-number or None :]
    return [dict(zip(sheet.columns, row, strict=True)) for row in rows]


def print_card(card: Document, form: Format) -> None:
    """The card, then the trivial answers, then the examples; CSV leaves the examples out."""
    if form is Format.json:
        print_json(card)
        return
    columns = [Column("what", "dataset", style="bold", no_wrap=True), Column("is", card["name"])]
    facts = Table(columns, _facts(card))
    answers = _answers(card)
    if form is Format.csv:
        print_table(Table(facts.columns, [*facts.rows, *_flat(answers)]), form)
        return
    for number, table in enumerate((facts, answers, _examples(card))):
        if table.rows:
            if number:
                print()
            print_table(table, form)


def _facts(card: Document) -> list[Document]:
    level = {"word": "words", "character": "characters", None: "numbers"}[card["level"]]
    rows = ", ".join(f"{plain(count)} {split}" for split, count in card["rows"].items())
    labels = card["labels"]
    told = {
        "asks": card["title"],
        "task": f"{card['task']}, sequences of {level}",
        "rows": f"{rows}; the longest trained on has {plain(card['longest'])} steps",
        "labels": f"{len(labels)}: {', '.join(labels[:LONGEST_LIST])}"
        + (" ..." if len(labels) > LONGEST_LIST else ""),
        "options": "; ".join(_option(key, found) for key, found in card["options"].items()),
        "from": card["origin"],
        "licence": card["licence"],
        "teaches": card["teaches"],
        "best possible": card["best"],
        "reached": card["reached"],
        "paper": card["paper"],
    }
    if not labels:
        del told["labels"]
    return [{"what": key, "is": value} for key, value in told.items() if value]


def _option(key: str, found: Document) -> str:
    """`size 6,000 (20 to 200,000)`."""
    most = "or more" if found["most"] is None else f"to {plain(found['most'])}"
    return f"{key} {plain(found['value'])} ({plain(found['least'])} {most})"


def _answers(card: Document) -> Table:
    metric = metric_name(card["metric"])
    rows = [
        {"answer": f"{method}: {metric}", "score": found.get(card["metric"])}
        for method, found in card["baselines"].items()
    ]
    rows += [
        {"answer": f"at most: {told}", "score": value} for told, value in card["bounds"].items()
    ]
    columns = [Column("answer", "answers by"), Column("score", "score", figure, "right")]
    title = f"trivial answers{' and bounds' if card['bounds'] else ''}, {card['split']} split"
    return Table(columns, rows, title=title)


def _flat(answers: Table) -> list[Document]:
    return [{"what": row["answer"], "is": row["score"]} for row in answers.rows]


def _examples(card: Document) -> Table:
    examples = card["examples"]
    if card["task"] == "tag":
        shown = [{"tagged": tagged(**example)} for example in examples]
        return Table([Column("tagged", "examples")], shown)
    names = list(examples[0]) if examples else []
    columns = [Column(name, "examples" if not n else name, brief) for n, name in enumerate(names)]
    return Table(columns, examples)


def tagged(text: tuple[str, ...], label: tuple[str, ...]) -> str:
    """`in paris/B-LOC`: each word with its tag, and those that have none without."""
    return " ".join(
        word if tag == NOT_TAGGED else f"{word}/{tag}"
        for word, tag in zip(text, label, strict=True)
    )


def brief(value: Any) -> str:
    """A value of an example; of a long list of numbers the first and the last."""
    if not isinstance(value, list):
        return plain(value) if isinstance(value, float) else str(value)
    shown = [value[0], value[1], "...", value[-1]] if len(value) > 4 else value
    return ", ".join(
        " ".join(f"{number:.3g}" for number in item)
        if isinstance(item, list)
        else item
        if isinstance(item, str)
        else f"{item:.4g}"
        for item in shown
    )
