"""A table of texts: what is learned, and from which columns."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from statistics import median

from rnnbuild.config.commented import Choice
from rnnbuild.data.proposal.columns import LABEL_NAMES as USUAL_LABELS
from rnnbuild.data.proposal.columns import (
    Column,
    columns_of,
    has_tags,
    labels_of,
    rank,
    texts_of,
)
from rnnbuild.data.proposal.levels import level_choice, text_choices
from rnnbuild.data.proposal.predictable import Predicted, predicted
from rnnbuild.data.proposal.proposal import Proposal, Stated
from rnnbuild.data.readers.header import brief
from rnnbuild.data.series.tables import SeriesTable
from rnnbuild.errors import DataError
from rnnbuild.formatting import capitalised, first_few, percent, plural
from rnnbuild.tasks.classify import CLASSIFY
from rnnbuild.tasks.language_model import LANGUAGE_MODEL
from rnnbuild.tasks.table import TASKS
from rnnbuild.tasks.tag import TAG
from rnnbuild.tasks.translate import TRANSLATE

SEVERAL_LABELS = "data.labels"
NEEDED = (
    "a text and its label are named by `--text` and `--label`; a series has a row for each step, a "
    "column of dates or none, and the other columns are numbers"
)
TARGET_NAMES = ("target", "translation", "output", "tgt")
"""Usual names of a column of texts that are written, which may be dates or numbers."""
FEW_WORDS = 3
"""Words from which on cells are texts that can be learned by themselves."""


def table_proposal(table: SeriesTable, stated: Stated) -> Proposal:
    """What could be learned from a table of texts, whose columns or task may be `stated`.

    Raises DataError for a table in which there is nothing to learn from text.
    """
    columns = columns_of(table)
    if stated.label is not None and stated.text == stated.label:
        raise DataError(
            f"column `{stated.text}` of {table.source} cannot be both the text and its label",
            "name another column by `--text` or by `--label`",
        )
    texts = _stated(table, stated.text, "text") or [
        column for column in texts_of(columns) if column.name != stated.label
    ]
    if not texts:
        beside = "" if stated.label is None else f" beside the label `{stated.label}`"
        raise DataError(
            f"{table.source} has no column of texts{beside}, and is no series: "
            f"it has {_named(columns)}",
            NEEDED,
        )
    main = texts[0]
    others = [column for column in columns if column is not main]
    labels = _stated(table, stated.label, "label") or labels_of(others)
    target = TASKS[stated.task].target if stated.task is not None else None
    ways: dict[str, Callable[[], Proposal | None]] = {
        "tags": lambda: _with_tags(main, others),
        "label": lambda: (
            _with_several_labels(main, others, labels)
            or (_with_label(main, labels, stated.label is not None) if labels else None)
        ),
        "text": lambda: _pairs(texts, others) if stated.text is None else None,
        "next token": lambda: _text_alone(main, others, stated),
    }
    wanted = [ways[target]] if target in ways else list(ways.values())
    proposal = next((each for way in wanted if (each := way()) is not None), None)
    if proposal is None:
        needs = f" for `task: {stated.task}`" if stated.task else ""
        raise DataError(
            f"{table.source} has nothing to learn{needs}: its columns are {_named(columns)}",
            NEEDED,
        )
    size = f"{plural(len(table.lines), 'row')}, {plural(len(columns), 'column')}"
    return replace(_with_splits(proposal, columns), size=size)


def _stated(table: SeriesTable, name: str | None, key: str) -> list[Column]:
    """The column that is stated. Raises DataError where the table has none of that name."""
    if name is None:
        return []
    place = table.position(name, key)
    return [Column(name, table.cells[place], place)]


def _named(columns: Sequence[Column]) -> str:
    return (
        first_few([f"`{brief(column.name)}`" for column in columns], 6) or "no column with a name"
    )


def _text_choice(main: Column, key: str = "text") -> Choice:
    return Choice(f"data.{key}", main.name, f"{main.text_evidence}.".capitalize())


def _with_tags(main: Column, others: Sequence[Column]) -> Proposal | None:
    tags = next((column for column in others if has_tags(main, column)), None)
    if tags is None:
        return None
    because = "Each cell has a tag for each word of the text beside it."
    return Proposal(
        TAG.name,
        (_text_choice(main), Choice("data.label", tags.name, because)),
        (
            ("text", f"`{brief(main.name)}`: {main.text_evidence}"),
            ("tags", f"`{brief(tags.name)}`"),
        ),
        task_stated=True,
    )


def _with_label(main: Column, labels: Sequence[Column], stated: bool) -> Proposal:
    usual = stated or rank(labels[0].name, USUAL_LABELS) < len(USUAL_LABELS)
    said = {each.name: predicted(main.cells, each.cells) for each in labels if len(labels) > 1}
    if not usual:
        # Stable: of equal ones the first stays the first.
        labels = sorted(labels, key=lambda each: -said[each.name].gain if said else 0.0)
    label, *others = labels
    also = first_few([_other_label(each, said[each.name]) for each in others])
    because = f"{label.label_evidence}."
    if also and usual:
        because += f" {capitalised(_said_by_words(said[label.name]))}."
        because += f" Other columns that could be the label: {also}."
    undecided = (
        (f"other columns could be the label: {also}; `data.label: {others[0].name}` takes it",)
        if also and not usual
        else ()
    )
    return Proposal(
        CLASSIFY.name,
        (
            _text_choice(main),
            Choice("data.label", label.name, because),
            *text_choices(main.sample),
        ),
        (
            ("text", f"`{brief(main.name)}`: {main.text_evidence}"),
            ("label", f"`{brief(label.name)}`: {label.label_evidence}"),
        ),
        undecided=undecided,
    )


def _other_label(label: Column, said: Predicted) -> str:
    return f"`{brief(label.name)}` ({plural(label.values, 'value')}; {_said_by_words(said)})"


def _said_by_words(said: Predicted) -> str:
    return (
        f"naive Bayes answers {percent(said.share, 0)} of it by the words, and "
        f"{percent(said.common, 0)} is the most common value"
    )


def _with_several_labels(
    main: Column, others: Sequence[Column], labels: Sequence[Column]
) -> Proposal | None:
    """Columns of 0 and 1, or one of lists."""
    yes_or_no = [column for column in others if column.is_yes_or_no]
    usual = labels and not labels[0].is_yes_or_no
    if len(yes_or_no) > 1 and not usual:
        names = [column.name for column in yes_or_no]
        shares = [f"`{brief(each.name)}` in {each.counts['1']:,}" for each in yes_or_no]
        because = f"Columns of 0 and 1: {first_few(shares, 6)} of {len(main.cells):,} rows."
        seen = ("labels", f"{plural(len(names), 'column')} of 0 and 1: {_named(yes_or_no)}")
        choices = [Choice(SEVERAL_LABELS, names, because)]
    else:
        listed = next((each for each in others if each.separator is not None), None)
        if listed is None or (labels and labels[0] is not listed):
            return None
        sign = listed.separator
        how = "each cell is a list" if sign == "[" else f"separated by `{sign}`"
        because = f"Several labels a row, {how}: `{listed.sample[0][:40]}`."
        seen = ("labels", f"`{brief(listed.name)}`, {how}")
        choices = [Choice(SEVERAL_LABELS, listed.name, because)]
        if sign not in ("[", "|"):
            choices.append(Choice("data.label_separator", sign))
    return Proposal(
        CLASSIFY.name,
        (_text_choice(main), *choices, *text_choices(main.sample)),
        (("text", f"`{brief(main.name)}`: {main.text_evidence}"), seen),
    )


def _pairs(texts: Sequence[Column], others: Sequence[Column]) -> Proposal | None:
    """Two columns of texts, or a text and a target: the second is written from the first."""
    named = [column for column in others if rank(column.name, TARGET_NAMES) < len(TARGET_NAMES)]
    both = [texts[0], *(named or texts[1:])][:2]
    if len(both) < 2:
        return None
    in_file = sorted(both, key=lambda column: column.place)
    source, target = sorted(in_file, key=lambda column: column in named)
    return pairs_proposal(source, target)


def pairs_proposal(source: Column, target: Column, named: bool = True) -> Proposal:
    """A text that is written from another; `named` says whether the columns have names."""
    columns = (_text_choice(source, "source"), _text_choice(target, "target")) if named else ()
    level = level_choice([*source.sample, *target.sample])
    other = f"; the other way round: `data.source: {target.name}`, `data.target: {source.name}`"
    return Proposal(
        TRANSLATE.name,
        (*columns, *level),
        (
            ("source", f"`{brief(source.name)}`: {source.text_evidence}"),
            ("target", f"`{brief(target.name)}`: {target.text_evidence}"),
        ),
        undecided=(f"`{brief(target.name)}` is learned from `{brief(source.name)}`{other}",)
        if named
        else (),
        task_stated=not named,
    )


def _text_alone(main: Column, others: Sequence[Column], stated: Stated) -> Proposal | None:
    """No column has few values that recur: what can be learned is the text itself.

    None where nothing says so, and the texts are rather names beside numbers.
    """
    meant = stated.text is not None or stated.task is not None or not others
    if not meant and median(main.words) < FEW_WORDS:
        return None
    seen = [f"`{brief(each.name)}` ({each.why_no_label or 'not taken'})" for each in others]
    why = f"none of the others could be a label: {first_few(seen)}" if seen else "nothing beside it"
    return Proposal(
        LANGUAGE_MODEL.name,
        (_text_choice(main),),
        (("text", f"`{brief(main.name)}`: {main.text_evidence}; {why}"),),
        undecided=("the text itself is learned, as no label was found; `--label` names one",),
        task_stated=True,
    )


def _with_splits(proposal: Proposal, columns: Sequence[Column]) -> Proposal:
    split = next((column for column in columns if column.says_split), None)
    if split is None:
        return proposal
    counts = ", ".join(f"{value} {count:,}" for value, count in split.counts.most_common())
    said = (
        f"`{brief(split.name)}` says which split a row is of ({counts}), which is not read: splits "
        "are files of their own, `data.validation` and `data.test`, or drawn by `data.split`"
    )
    return replace(proposal, undecided=(*proposal.undecided, said))
