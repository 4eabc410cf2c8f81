"""Where a model is right and wrong: by label, which for which, by length, the worst mistakes."""

from collections.abc import Iterator
from typing import Any

from rnnbuild.cli.options import Format
from rnnbuild.cli.output.score_text import figure, interval, metric_name
from rnnbuild.cli.output.scores import print_wrapped, scores_table, verdict
from rnnbuild.cli.output.tables import Column, Table, plain, print_json, print_table
from rnnbuild.percent import percent

SHOWN_LABELS = 20
SHOWN_PAIRS = 10
MATRIX_LABELS = 8
"""A matrix of more labels than this does not fit a terminal; the commonest pairs are told."""
COUNTED = {"label": "examples", "tag": "tokens", "entity type": "entities"}
UNSEEN_NAME = "(not in train)"
TEXT_WIDTH = 60


def print_evaluation(metrics: dict[str, Any], split: str, form: Format) -> None:
    """Everything that is known of a split's answers, in any form."""
    if form is Format.json:
        print_json(metrics)
        return
    if form is Format.csv:
        print_table(tidy_table(metrics, split), form)
        return
    tables = [scores_table(metrics, split, form), *details_tables(metrics, split)]
    for number, table in enumerate(tables):
        if number:
            print()
        print_table(table, form)
        if number == 0 and (told := verdict(metrics, split)):
            print()
            print_wrapped(told)


def details_tables(metrics: dict[str, Any], split: str) -> Iterator[Table]:
    """One table for each thing that `inference.details` tells of this kind of answers."""
    details = metrics.get("details", {}).get(split, {})
    if details.get("by_entity_type"):
        yield label_table("entity type", details["by_entity_type"])
    elif details.get("by_label"):
        yield label_table("tag" if metrics["task"] == "tag" else "label", details["by_label"])
    if details.get("confusion"):
        yield confusion_table(details["confusion"])
    if details.get("by_length"):
        yield length_table(details["by_length"], metrics["main"])
    if details.get("mistakes"):
        yield mistakes_table(details["mistakes"], metrics["task"])


def label_table(what: str, by_label: dict[str, Any]) -> Table:
    """Precision, recall and F1 of each label, those that stand most often first."""
    rows = [
        {
            "label": name,
            "support": scores["support"],
            "precision": scores["precision"]["value"],
            "recall": scores["recall"]["value"],
            "f1": scores["f1"]["value"],
            "interval": interval(scores["f1"]),
        }
        for name, scores in sorted(by_label.items(), key=lambda item: -item[1]["support"])
    ]
    columns = [
        Column("label", what),
        Column("support", COUNTED[what], justify="right"),
        Column("precision", "precision", figure, "right"),
        Column("recall", "recall", figure, "right"),
        Column("f1", "F1", figure, "right"),
        Column("interval", "95 % interval", justify="center", no_wrap=True),
    ]
    notes = []
    if len(rows) > SHOWN_LABELS:
        notes.append(f"{len(rows) - SHOWN_LABELS} rarer ones are told by --format json")
    return Table(columns, rows[:SHOWN_LABELS], title=f"by {what}", notes=notes)


def confusion_table(cells: list[dict[str, Any]]) -> Table:
    """The matrix where it fits, else the pairs that were most often taken for each other."""
    names = sorted({cell[side] for cell in cells for side in ("target", "prediction")}, key=str)
    if len(names) <= MATRIX_LABELS and sum(len(shown(name)) + 2 for name in names) < TEXT_WIDTH:
        return matrix_table(cells, names)
    wrong = [cell for cell in cells if cell["target"] != cell["prediction"]]
    columns = [
        Column("target", "right answer", shown),
        Column("prediction", "taken for", shown),
        Column("count", "times", justify="right"),
    ]
    notes = []
    if len(wrong) > SHOWN_PAIRS:
        notes.append(f"{len(wrong) - SHOWN_PAIRS} rarer pairs are told by --format json")
    return Table(columns, wrong[:SHOWN_PAIRS], title="taken for another", notes=notes)


def matrix_table(cells: list[dict[str, Any]], names: list[str | None]) -> Table:
    """Targets down, predictions across."""
    rows: dict[str | None, dict[str, Any]] = {}
    for cell in cells:
        row = rows.setdefault(cell["target"], {"target": cell["target"]})
        row[f"as {shown(cell['prediction'])}"] = cell["count"]
    answered = {cell["prediction"] for cell in cells}
    columns = [
        Column("target", "right answer", shown),
        *(
            Column(f"as {shown(name)}", shown(name), lambda value: plain(value or 0), "right")
            for name in names
            if name in answered or name is not None
        ),
    ]
    ordered = [rows[name] for name in names if name in rows]
    return Table(columns, ordered, title="confusion: right answers down, the model's across")


def shown(label: str | None) -> str:
    return UNSEEN_NAME if label is None else label


def length_table(by_length: list[dict[str, Any]], main: str) -> Table:
    """The main score of short sequences and of long ones."""
    rows = [
        {
            "steps": steps_text(group),
            "examples": group["scores"][main]["count"],
            "value": group["scores"][main]["value"],
            "interval": interval(group["scores"][main]),
        }
        for group in by_length
    ]
    columns = [
        Column("steps", "steps"),
        Column("examples", "examples", justify="right"),
        Column("value", metric_name(main), figure, "right"),
        Column("interval", "95 % interval", justify="center", no_wrap=True),
    ]
    return Table(columns, rows, title="by length")


def steps_text(group: dict[str, Any]) -> str:
    shortest, longest = group["shortest"], group["longest"]
    return str(shortest) if shortest == longest else f"{shortest}–{longest}"


def mistakes_table(mistakes: list[dict[str, Any]], task: str) -> Table:
    """The worst rows, a line or a few each."""
    rows = [{"row": mistake["row"], "what": mistake_text(mistake, task)} for mistake in mistakes]
    columns = [Column("row", "row", justify="right"), Column("what", "text and answer")]
    return Table(columns, rows, title="worst mistakes")


def mistake_text(mistake: dict[str, Any], task: str) -> str:
    text = shortened(mistake["text"])
    if "tokens" in mistake:
        wrong = [
            f"{token['token']}: {shown(token['target'])} taken for {shown(token['prediction'])}"
            for token in mistake["tokens"]
        ]
        more = [f"and {len(wrong) - 3} more"] if len(wrong) > 3 else []
        return "\n".join([text, *(f"  {told}" for told in [*wrong[:3], *more])])
    target, prediction = told_answer(mistake["target"]), told_answer(mistake["prediction"])
    sure = mistake["badness"]
    told_certainty = task == "classify" and isinstance(mistake["prediction"], str) and sure
    certainty = f" ({percent(sure, digits=0)} sure)" if told_certainty else ""
    return f"{text}\n  {target} taken for {prediction}{certainty}"


def told_answer(answer: Any) -> str:
    """A label, some labels, or the first few of many numbers."""
    if isinstance(answer, list):
        told = [item if isinstance(item, str) else figure(item) or "nan" for item in answer[:4]]
        return ", ".join(told) + (" ..." if len(answer) > 4 else "") or "none"
    return shown(answer)


def shortened(text: str) -> str:
    """A text on one line, with an end that tells where it was cut."""
    line = " ".join(text.split())
    return line if len(line) <= 2 * TEXT_WIDTH else line[: 2 * TEXT_WIDTH - 4] + " ..."


def tidy_table(metrics: dict[str, Any], split: str) -> Table:
    """Every number in one table: what part it belongs to, of what, which measure."""
    keys = ("part", "name", "measure", "value", "low", "high", "count")
    return Table([Column(key, key) for key in keys], list(tidy_rows(metrics, split)))


def tidy_rows(metrics: dict[str, Any], split: str) -> Iterator[dict[str, Any]]:
    for name, score in metrics["scores"][split].items():
        yield {"part": "model", "name": split, "measure": name, **score}
    for baseline, scores in metrics["baselines"].get(split, {}).items():
        for name, value in scores.items():
            yield {"part": "baseline", "name": baseline, "measure": name, "value": value}
    details = metrics.get("details", {}).get(split, {})
    for part in ("by_label", "by_entity_type"):
        for label, scores in details.get(part, {}).items():
            for measure in ("precision", "recall", "f1"):
                yield {"part": part, "name": label, "measure": measure, **scores[measure]} | {
                    "count": scores["support"]
                }
    for cell in details.get("confusion", ()):
        yield {
            "part": "confusion",
            "name": cell["target"],
            "measure": cell["prediction"],
            "value": cell["count"],
        }
    for group in details.get("by_length", ()):
        name = f"{group['shortest']} to {group['longest']}"
        for measure, score in group["scores"].items():
            yield {"part": "by_length", "name": name, "measure": measure, **score}
