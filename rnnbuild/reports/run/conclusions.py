"""What a run amounts to: its numbers in large type, and sentences."""

from rnnbuild.formatting import clock, interval_text, plural, score_text, value_text
from rnnbuild.metrics.language_model import PERPLEXITY
from rnnbuild.reports.blocks import Block, Conclusions, Fact, Facts, Missing, Section
from rnnbuild.reports.run.records import RunRecords
from rnnbuild.runs.metrics_file import Metrics, Split
from rnnbuild.visible import command_text
from rnnbuild.wording.language_model import scored_text
from rnnbuild.wording.metric_names import metric_name
from rnnbuild.wording.run_conclusions import bits_text, conclusions
from rnnbuild.wording.scores import best_trivial, split_name


def conclusions_section(records: RunRecords) -> Section:
    metrics, split = records.metrics, records.split
    if metrics is None:
        blocks: tuple[Block, ...] = (unfinished(records),)
    elif split is None:
        blocks = (Missing("No rows were held out, so there is no score."),)
    else:
        said = tuple(conclusions(metrics, split, records.history))
        blocks = (facts(records, metrics, split), Conclusions(said))
    return Section("conclusions", "Conclusions", blocks)


def unfinished(records: RunRecords) -> Missing:
    """A run without final scores."""
    if records.overview.status == "running":
        return Missing("The run is still being trained, so it has no final scores.")
    return Missing(
        "The run has not finished: continue it.", command_text("resume", records.run.path)
    )


def facts(records: RunRecords, metrics: Metrics, split: Split) -> Facts:
    """The score, the best trivial answer, the size and the time."""
    score = metrics.scores[split][metrics.main]
    interval = interval_text(score.low, score.high)
    name = metric_name(metrics.main, records.token)
    rows = [
        Fact(
            f"{split_name(metrics, split)} {name}",
            "undefined" if score.value is None else score_text(score.value),
            f"95 % interval {interval}" if interval else f"no interval: {score.no_interval}",
        )
    ]
    if scored_text(metrics, split) is not None:
        perplexity = metrics.scores[split][PERPLEXITY.name].value
        rows.append(Fact("perplexity", score_text(perplexity), bits_text(metrics, split)))
    trivial = best_trivial(metrics, split)
    if trivial is not None:
        rows.append(Fact("best trivial answer", score_text(trivial[1]), trivial[0]))
    rows.append(Fact("parameters", value_text(metrics.parameters), records.overview.layers))
    rows.append(
        Fact("training", clock(records.overview.seconds), plural(records.overview.epochs, "epoch"))
    )
    return Facts(rows)
