"""A model's worst mistakes as text."""

from collections.abc import Sequence

from rnnbuild.formatting import percent, score_text
from rnnbuild.metrics.language_model import NATS_A_TOKEN
from rnnbuild.runs.metrics_file import (
    Answer,
    Mistake,
    SurprisingPassage,
    WrongAnswer,
    WrongToken,
    WrongTokens,
)
from rnnbuild.tasks.facts import Task
from rnnbuild.tasks.language_model import LANGUAGE_MODEL
from rnnbuild.tasks.table import TASKS
from rnnbuild.wording.language_model import passage_lines
from rnnbuild.wording.metric_names import ANY_TOKEN, metric_name
from rnnbuild.wording.table import Column, Table

UNSEEN_NAME = "(not in train)"
TEXT_WIDTH = 60


def mistakes_table(mistakes: tuple[Mistake, ...], task: Task, token: str = ANY_TOKEN) -> Table:
    """The rows with the worst mistakes, one or more lines each."""
    rows = [
        {"row": mistake.row, "what": "\n".join([mistake_text(mistake, task, token), *lines])}
        for mistake in mistakes
        for lines in [[f"  {mistake.source}"] if mistake.source else []]
    ]
    surprising = task == LANGUAGE_MODEL.name
    heading = "text and its most surprising tokens" if surprising else "text and answer"
    columns = [Column("row", "row", align="right"), Column("what", heading, wrap="words")]
    return Table(columns, rows, title=mistakes_title(task))


def mistakes_title(task: Task) -> str:
    """A language model is surprised where others are wrong."""
    return "most surprising passages" if task == LANGUAGE_MODEL.name else "worst mistakes"


def mistake_text(mistake: Mistake, task: Task, token: str = ANY_TOKEN) -> str:
    text = one_line(mistake.text)
    if isinstance(mistake, WrongTokens):
        return "\n".join([text, *(f"  {line}" for line in token_lines(mistake.tokens))])
    if isinstance(mistake, SurprisingPassage):
        lines = mean_text(mistake, token), *passage_lines(mistake)
        return "\n".join([text, *(f"  {line}" for line in lines)])
    target, prediction = answer_text(mistake.target), answer_text(mistake.prediction)
    certainty = certainty_text(mistake, task)
    return f"{text}\n  {target} predicted as {prediction}{f' ({certainty})' if certainty else ''}"


def mean_text(passage: SurprisingPassage, token: str) -> str:
    """`2.7947 nats per character`."""
    return f"{score_text(passage.badness) or 'nan'} {metric_name(NATS_A_TOKEN.name, token)}"


def certainty_text(mistake: WrongAnswer, task: Task) -> str:
    """`99 % sure`, of a label; else empty."""
    one_label = TASKS[task].target == "label" and isinstance(mistake.prediction, str)
    sure = mistake.badness
    return f"{percent(sure, digits=0)} sure" if one_label and sure else ""


def token_lines(tokens: Sequence[WrongToken]) -> list[str]:
    """`rome: B-city predicted as O`, a line for each of the first few tokens."""
    wrong = [
        f"{as_one(token.token)}: {as_one(token.target)} predicted as {as_one(token.prediction)}"
        for token in tokens
    ]
    more = [f"and {len(wrong) - 3} more"] if len(wrong) > 3 else []
    return [*wrong[:3], *more]


def label_text(label: str | None) -> str:
    return UNSEEN_NAME if label is None else label


def answer_text(answer: Answer | tuple[str | None, ...]) -> str:
    """A label, several labels, or the first few of many numbers."""
    if isinstance(answer, tuple):
        shown = [
            as_one(item) if isinstance(item, str) else score_text(item) or "nan"
            for item in answer[:4]
        ]
        return ", ".join(shown) + (" ..." if len(answer) > 4 else "") or "none"
    return as_one(answer)


def as_one(name: str | None) -> str:
    """A label or a word in a sentence; in quotes where it has spaces, and so wrapped nowhere."""
    text = label_text(name)
    return f"`{text}`" if " " in text and name is not None else text


def one_line(text: str) -> str:
    """A text on one line, cut with ` ...` behind a word where it is long."""
    line = " ".join(text.split())
    if len(line) <= 2 * TEXT_WIDTH:
        return line
    beginning = line[: 2 * TEXT_WIDTH - 4]
    return f"{beginning.rpartition(' ')[0] or beginning} ..."
