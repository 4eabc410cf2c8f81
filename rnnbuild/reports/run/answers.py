"""Where the model is correct and where it is wrong: labels, confusions, lengths, mistakes."""

from collections.abc import Sequence

from rnnbuild.metrics.by_label import LabelScores
from rnnbuild.reports.blocks import (
    Block,
    Example,
    Examples,
    Figure,
    Missing,
    Section,
    Sentences,
    TableBlock,
    Word,
)
from rnnbuild.reports.plots.confusion import confusion_plot
from rnnbuild.reports.plots.intervals import Measured, intervals_plot
from rnnbuild.reports.plots.lengths import lengths_plot
from rnnbuild.reports.run.calibration import calibration_figure
from rnnbuild.reports.run.forecasts import forecast_figures
from rnnbuild.reports.run.passages import passages_block, position_figure
from rnnbuild.reports.run.records import RunRecords
from rnnbuild.reports.thinning import cut
from rnnbuild.runs.metrics_file import (
    ConfusionCell,
    Details,
    SurprisingPassage,
    WrongAnswer,
    WrongTokens,
)
from rnnbuild.tasks.facts import Task
from rnnbuild.tasks.table import TASKS
from rnnbuild.visible import command_text
from rnnbuild.wording.details import (
    confusion_table,
    kind_table,
    label_table,
    length_table,
    steps_text,
)
from rnnbuild.wording.metric_names import metric_name
from rnnbuild.wording.mistakes import answer_text, as_one, certainty_text, label_text

MOST_ROWS = 200
"""Labels of a table."""
MOST_LABELS = 40
"""Labels of a plot or of a confusion matrix."""


def answers_section(records: RunRecords) -> Section:
    details, split = records.details, records.split
    blocks: list[Block] = []
    if details is None or split is None:
        blocks.append(
            Missing(
                "Nothing is known of single answers yet.",
                command_text("evaluate", records.run.path),
            )
        )
        return Section("answers", "Answers", blocks)
    task = records.resolved.task
    blocks += recorded_blocks(records)
    blocks += label_blocks(details, task)
    if details.confusion:
        blocks.append(confusion_figure(details.confusion))
    if details.by_length:
        blocks.append(length_figure(details, records.overview.metric))
    calibration = records.answers and calibration_figure(records.answers.answers)
    if calibration:
        blocks.append(calibration)
    if details.by_position:
        blocks.append(position_figure(details.by_position, records.token))
    if details.by_kind:
        blocks.append(TableBlock(kind_table(details.by_kind, records.token), "kinds"))
    passages = [each for each in details.mistakes if isinstance(each, SurprisingPassage)]
    mistakes = [each for each in details.mistakes if not isinstance(each, SurprisingPassage)]
    if passages:
        blocks.append(passages_block(passages, split, records.token))
    if mistakes:
        blocks.append(mistakes_block(mistakes, task, split))
    return Section("answers", "Answers", blocks)


def recorded_blocks(records: RunRecords) -> list[Block]:
    """What is drawn from the recorded answers, or how to get them."""
    recorded = records.answers
    if recorded is None:
        why = "Single answers are not recorded, so that no calibration and no forecasts are drawn:"
        return [Missing(why, command_text("evaluate", records.run.path))]
    blocks: list[Block] = []
    if recorded.rows is not None:
        some = f"{len(recorded.rows):,} of {recorded.count:,} rows"
        blocks.append(Sentences([f"Calibration and forecasts are those of {some}, a sample."]))
    return [*blocks, *forecast_figures(recorded)]


def label_blocks(details: Details, task: Task) -> list[Block]:
    """F1 of each label, or of each type of entity where tags mark entities."""
    what, counted = TASKS[task].label_name, TASKS[task].labelled
    by_label = details.by_label
    if details.by_entity_type:
        what, counted, by_label = "entity type", "entities", details.by_entity_type
    if not by_label:
        return []
    table = label_table(what, counted, by_label, most=MOST_ROWS)
    return [
        Figure("labels", f"F1 by {what}", labels_plot(by_label, what), table, note(by_label)),
    ]


def labels_plot(by_label: dict[str, LabelScores], what: str) -> dict[str, object]:
    """F1 with intervals, best first; of many labels the worst."""
    measured = [
        Measured(name, scores.f1.value, scores.f1.low, scores.f1.high)
        for name, scores in by_label.items()
        if scores.f1.value is not None
    ]
    measured.sort(key=lambda each: -each.value)
    return intervals_plot(measured[-MOST_LABELS:], "F1", f"by {what}")


def note(by_label: dict[str, LabelScores]) -> str:
    text = "The line is the 95 % interval."
    return f"{text} The {MOST_LABELS} worst are drawn." if len(by_label) > MOST_LABELS else text


def confusion_figure(cells: tuple[ConfusionCell, ...]) -> Figure:
    """Targets down, answers across, the most frequent labels first among too many."""
    totals: dict[str, int] = {}
    for cell in cells:
        for name in {cell.target, cell.prediction}:
            totals[label_text(name)] = totals.get(label_text(name), 0) + cell.count
    names = sorted(sorted(totals), key=lambda name: -totals[name])[:MOST_LABELS]
    counts: dict[tuple[str, str], int] = {}
    for cell in cells:
        key = label_text(cell.target), label_text(cell.prediction)
        counts[key] = counts.get(key, 0) + cell.count
    shown = sorted(names)
    targets = [name for name in shown if any((name, other) in counts for other in shown)]
    answers = [name for name in shown if any((other, name) in counts for other in shown)]
    more = f" The {MOST_LABELS} most frequent labels are drawn." if len(totals) > len(names) else ""
    return Figure(
        "confusion",
        "Confusion matrix",
        confusion_plot(counts, targets, answers),
        confusion_table(cells),
        f"Darker is a larger share of the target's row.{more}",
    )


def length_figure(details: Details, main: str) -> Figure:
    """The main metric by length of sequence."""
    groups = [
        Measured(steps_text(group.shortest, group.longest), score.value, score.low, score.high)
        for group in details.by_length or ()
        if (score := group.scores[main]).value is not None
    ]
    name = metric_name(main)
    table = length_table(details.by_length or (), main)
    return Figure("lengths", f"{name} by length", lengths_plot(groups, name), table)


def mistakes_block(
    mistakes: Sequence[WrongAnswer | WrongTokens], task: Task, split: str
) -> Examples:
    """The worst mistakes with their texts."""
    return Examples("Worst mistakes", [example_of(each, task, split) for each in mistakes])


def example_of(mistake: WrongAnswer | WrongTokens, task: Task, split: str) -> Example:
    place = f"{split} row {mistake.row:,}"
    if isinstance(mistake, WrongTokens):
        return Example(place, words_of(mistake))
    return Example(
        place,
        [Word(cut(mistake.text))],
        answer_text(mistake.target),
        answer_text(mistake.prediction),
        certainty_text(mistake, task),
    )


def words_of(mistake: WrongTokens) -> list[Word]:
    """The sentence with its wrong words marked; below it, if spaces do not part its words."""
    words = [Word(text) for text in cut(mistake.text).split(" ")]
    marked = {
        token.place - 1: Word(
            token.token, True, f"{as_one(token.target)} → {as_one(token.prediction)}"
        )
        for token in mistake.tokens
    }
    if all(place < len(words) and words[place].text == marked[place].text for place in marked):
        return [marked.get(place, word) for place, word in enumerate(words)]
    return [*words, *marked.values()]
