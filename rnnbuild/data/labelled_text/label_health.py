"""Are there examples enough of every label, and does training know all that are asked for?"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from rnnbuild.data.examples.splits import by_split
from rnnbuild.data.health.shares import (
    Share,
    figures,
    first_few,
    largest_share,
    per_split,
    rounded_percent,
)
from rnnbuild.data.kind.finding import Finding, failure, ok, warning
from rnnbuild.data.labelled_text.codec import LabelledTextCodec
from rnnbuild.data.labelled_text.counts import TextCounts
from rnnbuild.data.labelled_text.iob import EntityStarts
from rnnbuild.data.labelled_text.notes import HELD_OUT, with_places

RARE = 10
"""Examples; a label that has fewer in training is hardly learned."""
UNEVEN = 10.0
"""How often the commonest label may stand for each time that the rarest does."""
TOO_MANY = 0.1
"""Share of a split's labels from which on those that training lacks are a failure."""


def labels(counts: TextCounts, codec: LabelledTextCodec) -> Iterator[Finding]:
    """Every question about labels; tags are never even, as most words have none."""
    if not codec.per_step:
        yield balance(counts, codec.multi_label)
    yield rare(counts, codec.labels)
    yield unseen(counts)


def balance(counts: TextCounts, several: bool) -> Finding:
    """How evenly the labels of training are spread."""
    found = counts.train.labels
    if not found:
        return failure(
            "balance",
            "No row of training has any label.",
            "Name the right columns with `data.labels`, or rows that have some.",
        )
    commonest, rarest = max(found, key=found.__getitem__), min(found, key=found.__getitem__)
    rows = counts.train.lengths.rows
    share, ratio = found[commonest] / rows, found[commonest] / found[rarest]
    reason = f"Each of {len(found):,} labels stands in {rounded_percent(share)} of training"
    if ratio > 1:
        times = f"{ratio:,.0f}" if ratio >= 10 else f"{ratio:.1f}"
        reason = (
            f"Of {len(found):,} labels the commonest, `{commonest}`, stands in "
            f"{rounded_percent(share)} of training, {times} times as often as the rarest, "
            f"`{rarest}`"
        )
    if several:
        without = Share(counts.train.unlabelled, rows)
        reason += f"; {without} rows have none"
    numbers = {"labels": dict(found), "ratio": ratio, "unlabelled": counts.train.unlabelled}
    if ratio <= UNEVEN:
        return ok("balance", f"{reason}.", **numbers)
    return warning(
        "balance",
        f"{reason}: always answering it looks good.",
        "Judge by macro F1"
        + ("." if several else ", and see whether `training.class_weight: balanced` raises it."),
        **numbers,
    )


def rare(counts: TextCounts, known: Sequence[str]) -> Finding:
    """Which of the labels that are `known` hardly stand in training."""
    every = {label: counts.train.labels.get(label, 0) for label in known}
    found = {label: count for label, count in every.items() if count < RARE}
    once = len(counts.seen_once)
    if not found:
        return ok("rare labels", f"Every label stands {RARE} times or more in training.", rare={})
    fewest = sorted(found, key=found.__getitem__)
    names = first_few([f"`{label}` ({found[label]})" for label in fewest])
    return warning(
        "rare labels",
        f"{len(found):,} of {len(every):,} labels stand fewer than {RARE} times in "
        f"training{f', {once:,} of them once' if once else ''}: {names}.",
        "Add examples of them, or join labels that mean nearly the same.",
        rare=found,
        once=once,
    )


def unseen(counts: TextCounts) -> Finding:
    """Labels that are asked for and never trained on."""
    missing = {name: counts.unseen(name) for name in HELD_OUT}
    shares = {
        name: Share(sum(missing[name].values()), sum(by_split(counts)[name].labels.values()))
        for name in HELD_OUT
    }
    numbers = {"unseen": figures(shares), "labels": missing}
    if not largest_share(shares):
        return ok("unseen labels", "Training has every label that is asked for.", **numbers)
    names: Mapping[str, None] = dict.fromkeys(name for found in missing.values() for name in found)
    places = {**counts.test.places, **counts.validation.places}
    level = failure if largest_share(shares) >= TOO_MANY else warning
    return level(
        "unseen labels",
        f"Training lacks the label of {per_split(shares)}, sure misses: "
        f"{with_places(list(names), places)}.",
        "Add examples to training, or hold rows out at random from all of them with `data.split`.",
        **numbers,
    )


def entity_starts(found: Iterable[EntityStarts]) -> list[Finding]:
    """Files whose entities begin with I-: IOB1, or tags that BIO does not allow there."""
    return [
        warning(
            "tags",
            f"{starts.note}.",
            "Begin each entity with B- in the file."
            if starts.begin
            else "Nothing need be done, but other programs may read the file another way.",
            file=starts.source,
            inside=starts.inside,
            begin=starts.begin,
        )
        for starts in found
    ]
