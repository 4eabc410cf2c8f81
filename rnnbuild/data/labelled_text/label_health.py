"""Does every label have enough examples, and does training have the labels of other splits?"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from itertools import chain

from rnnbuild.data.examples.splits import HELD_OUT, SplitName, by_split
from rnnbuild.data.health.shares import (
    Share,
    agree,
    figures,
    largest_share,
    of_splits,
    per_split,
    rounded_percent,
    totals_text,
)
from rnnbuild.data.kind.finding import Finding, failure, ok, sentence, warning
from rnnbuild.data.labelled_text.codec import LabelledTextCodec
from rnnbuild.data.labelled_text.counts import TextCounts
from rnnbuild.data.labelled_text.iob import TagScheme
from rnnbuild.data.labelled_text.notes import with_places
from rnnbuild.data.labelled_text.similar_labels import plain_form, similar_labels
from rnnbuild.formatting import first_few
from rnnbuild.tasks.tag import entity_tag, mark_entities

RARE = 10
"""A label with fewer examples in training is hardly learned."""
UNEVEN = 10.0
"""How many times as common as the rarest label the most common one may be."""
DOMINANT = 0.5
"""Share of rows from which on one label dominates: always answering it scores well."""
TOO_MANY = 0.1
"""Share of a split's labels from which labels that training lacks are a failure."""


def labels(counts: TextCounts, codec: LabelledTextCodec) -> Iterator[Finding]:
    """Every question about labels; balance is not asked of tags, as most words have none."""
    if not codec.per_step:
        yield balance(counts, codec.multi_label)
    yield rare(counts, codec.labels)
    yield unseen(counts)
    yield from similar_labels(counts)


def balance(counts: TextCounts, several: bool) -> Finding:
    """How evenly the training rows are spread over the labels."""
    label_counts = counts.train.labels
    if not label_counts:
        return failure(
            "balance",
            "No training row has a label.",
            "Name the right columns in `data.labels`, or train on rows that have labels.",
        )
    common = max(label_counts, key=label_counts.__getitem__)
    rarest = min(label_counts, key=label_counts.__getitem__)
    rows = counts.train.lengths.rows
    ratio = label_counts[common] / label_counts[rarest]
    # Of several labels, one is in a row beside others.
    is_ = "is in" if several else "is"
    share = f"{is_} {rounded_percent(label_counts[common] / rows)} of training"
    reason = f"Each of {len(label_counts):,} labels {share}"
    if ratio > 1:
        times = f"{ratio:,.0f}" if ratio >= 10 else f"{ratio:.1f}"
        reason = (
            f"`{common}`, the most common of {len(label_counts):,} labels, {share}, {times} times "
            f"as common as the rarest, `{rarest}`"
        )
    if several:
        unlabelled = Share(counts.train.unlabelled, rows)
        reason += f"; {unlabelled.of('rows')} {agree(unlabelled.count, 'has', 'have')} none"
    numbers = {
        "labels": dict(label_counts),
        "ratio": ratio,
        "unlabelled": counts.train.unlabelled,
    }
    if ratio <= UNEVEN:
        return ok("balance", f"{reason}.", **numbers)
    amounts = (
        "always answering it scores well"
        if label_counts[common] / rows >= DOMINANT
        else "the score over all rows says little of rare labels"
    )
    return warning(
        "balance",
        f"{reason}: {amounts}.",
        "Judge by macro F1"
        + ("." if several else ", and check whether `training.class_weight: balanced` raises it."),
        **numbers,
    )


def rare(counts: TextCounts, known: Sequence[str]) -> Finding:
    """Which of the `known` labels are rare in training."""
    every = {label: counts.train.labels.get(label, 0) for label in known}
    few = {label: count for label, count in every.items() if count < RARE}
    once = len(counts.seen_once)
    if not few:
        reason = f"Each of {len(every):,} labels occurs at least {RARE} times in training."
        return ok("rare labels", reason, rare={})
    fewest = sorted(few, key=few.__getitem__)
    names = first_few([f"`{label}` ({few[label]})" for label in fewest])
    return warning(
        "rare labels",
        f"{len(few):,} of {len(every):,} labels {agree(len(few), 'occurs', 'occur')} fewer than "
        f"{RARE} times in training{f', {once:,} of them once' if once else ''}: {names}.",
        "Add examples of them, or merge labels that mean nearly the same.",
        rare=few,
        once=once,
    )


def unseen(counts: TextCounts) -> Finding:
    """Labels of other splits that training lacks."""
    missing = {name: counts.unseen(name) for name in HELD_OUT}
    shares = {
        name: Share(sum(missing[name].values()), sum(by_split(counts)[name].labels.values()))
        for name in HELD_OUT
    }
    numbers = {"unseen": figures(shares), "labels": missing}
    names = list(dict.fromkeys(chain.from_iterable(missing.values())))
    places = {**counts.test.places, **counts.validation.places}

    def answer(looked_at: Mapping[SplitName, Share]) -> Finding:
        if not largest_share(looked_at):
            known = ", or the run that it starts from," if counts.known else ""
            reason = f"Training{known} has all of {totals_text(looked_at, 'labels')}."
            return ok("unseen labels", reason, **numbers)
        level = failure if largest_share(looked_at) >= TOO_MANY else warning
        misses = agree(looked_at, "a certain miss", "certain misses")
        return level(
            "unseen labels",
            f"{per_split(looked_at, 'labels')} {agree(looked_at, 'does', 'do')} not occur in "
            f"training, {misses}: {with_places(names, places)}.",
            _remedy_for_unseen(names, counts.train.labels, level is failure),
            **numbers,
        )

    return of_splits("unseen labels", shares, answer, "labels")


def _remedy_for_unseen(names: Sequence[str], trained: Iterable[str], many: bool) -> str:
    known = {plain_form(label): label for label in trained}
    name = next((name for name in names if plain_form(name) in known), None)
    if name is not None:
        return (
            f"Write labels alike in all files: `{name}` is `{known[plain_form(name)]}` in training."
        )
    roles = {tag.role for tag in map(entity_tag, known.values()) if tag}
    other = [name for name in names if (tag := entity_tag(name)) and tag.role not in roles]
    if other and mark_entities(tuple(known.values())):
        return f"Tag all files by one scheme: training has no tags like `{other[0]}`."
    if many:
        return (
            "Hold out rows at random: with all of them in `data.train`, `data.split` does. Or add "
            "examples of these labels to training."
        )
    return "Add examples of these labels to training."


def tag_scheme(decided: TagScheme) -> Finding:
    """The scheme of tags that mark entities: a warning where some files or tags say another."""
    text = sentence(decided.text)
    numbers = {
        "scheme": decided.scheme,
        "inside": decided.inside,
        "begin": decided.begin,
        "files": [asdict(file) for file in decided.files],
    }
    if decided.stated or not decided.begin:
        return ok("tags", text, **numbers)
    other = "bio" if decided.scheme == "iob1" else "iob1"
    remedy = (
        "If the files are BIO, set `data.tag_scheme: bio`: nothing is changed then."
        if other == "bio"
        else "Set `data.tag_scheme: iob1` to begin each entity with B-, or fix these tags."
    )
    return warning("tags", text, remedy, **numbers)
