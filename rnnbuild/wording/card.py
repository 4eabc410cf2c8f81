"""A bundled dataset's card: what it is, the scores of trivial answers, and examples."""

from typing import Any

from rnnbuild.formatting import score_text, value_text
from rnnbuild.tasks.table import TASKS
from rnnbuild.wording.metric_names import metric_name
from rnnbuild.wording.table import Column, Table

Document = dict[str, Any]

NOT_TAGGED = "O"
LONGEST_LIST = 12
"""Number of labels that are listed."""
LONGEST_TEXT = 240
"""Number of characters of an example that are shown."""
LEVELS = {"word": "words", "character": "characters", None: "numbers"}


def facts_table(card: Document) -> Table:
    """What the dataset is, one fact a row."""
    columns = [
        Column("what", "dataset", tone="name"),
        Column("is", card["name"], wrap="words"),
    ]
    labels = card["labels"]
    facts = {
        "question": card["title"],
        "task": f"{card['task']}, sequences of {LEVELS[card['level']]}",
        **size_of(card),
        "labels": f"{len(labels)}: {', '.join(labels[:LONGEST_LIST])}"
        + (" ..." if len(labels) > LONGEST_LIST else ""),
        "options": "; ".join(option_text(key, option) for key, option in card["options"].items()),
        "from": card["origin"],
        "licence": card["licence"],
        "teaches": card["teaches"],
        "best possible": card["best"],
        "reached": card["reached"],
        "paper": card["paper"],
    }
    if not labels:
        del facts["labels"]
    return Table(columns, [{"what": key, "is": value} for key, value in facts.items() if value])


def size_of(card: Document) -> dict[str, str]:
    """How much there is of each split: rows, or characters or words of running text."""
    counts = {split: count for split, count in card["rows"].items() if count}
    sizes = ", ".join(f"{value_text(count)} {split}" for split, count in counts.items())
    if TASKS[card["task"]].target == "next token":
        return {LEVELS[card["level"]]: sizes}
    return {"rows": f"{sizes}; the longest training row has {value_text(card['longest'])} steps"}


def option_text(key: str, option: Document) -> str:
    """`size 6,000 (20 to 200,000)`."""
    most = "or more" if option["most"] is None else f"to {value_text(option['most'])}"
    return f"{key} {value_text(option['value'])} ({value_text(option['least'])} {most})"


def answers_table(card: Document) -> Table:
    """The main metric of each trivial answer and of the rows' source, then the bounds of others."""
    metric = metric_name(card["metric"])
    rows = [
        {"answer": f"{method}: {metric}", "score": scores.get(card["metric"])}
        for method, scores in card["baselines"].items()
    ]
    rows += [
        {"answer": f"{name}: {metric}", "score": value} for name, value in card["source"].items()
    ]
    rows += [
        {"answer": f"at most: {bound}", "score": value} for bound, value in card["bounds"].items()
    ]
    columns = [Column("answer", "method"), Column("score", "score", score_text, "right")]
    title = f"trivial answers{' and bounds' if card['bounds'] else ''}, {card['split']} split"
    return Table(columns, rows, title=title)


def card_table(card: Document) -> Table:
    """Facts and trivial answers in one table, for CSV."""
    facts = facts_table(card)
    scores = [{"what": row["answer"], "is": row["score"]} for row in answers_table(card).rows]
    return Table(facts.columns, [*facts.rows, *scores])


def examples_table(card: Document) -> Table:
    examples = card["examples"]
    if TASKS[card["task"]].takes_words:
        columns = [Column(("text", "label"), "examples", tagged_text, wrap="words")]
        return Table(columns, examples)
    names = list(examples[0]) if examples else []
    columns = [
        Column(name, name if number else "examples", example_text, wrap="words")
        for number, name in enumerate(names)
    ]
    return Table(columns, examples)


def tagged_text(text: tuple[str, ...], label: tuple[str, ...]) -> str:
    """`in paris/B-LOC`: each word with its tag, if it has one."""
    return " ".join(
        word if tag == NOT_TAGGED else f"{word}/{tag}"
        for word, tag in zip(text, label, strict=True)
    )


def example_text(value: Any) -> str:
    """A value of an example; of a long list the first and last items, of a long text the start."""
    if not isinstance(value, list):
        text = value_text(value) if isinstance(value, float) else str(value)
        return text if len(text) <= LONGEST_TEXT else f"{text[:LONGEST_TEXT]} ..."
    shown = [value[0], value[1], "...", value[-1]] if len(value) > 4 else value
    return ", ".join(map(item_text, shown))


def item_text(item: Any) -> str:
    """An item of a list: a word, a number, or the numbers of one step."""
    if isinstance(item, list):
        return " ".join(map(item_text, item))
    return item if isinstance(item, str) else value_text(float(item))
