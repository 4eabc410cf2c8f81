"""The health of running text: `language-model`."""

from collections.abc import Iterator, Mapping

import numpy as np

from rnnbuild.config.schema.data import DataConfig
from rnnbuild.data.examples.splits import HELD_OUT, SplitName
from rnnbuild.data.health.reading import reading
from rnnbuild.data.health.remedies import for_few_held_out, for_unknown
from rnnbuild.data.health.shares import (
    Share,
    agree,
    and_list,
    counts_per_split,
    figures,
    largest_share,
    rounded_percent,
)
from rnnbuild.data.kind.finding import Finding, limited, ok, warning
from rnnbuild.data.rows.rows import TextSource
from rnnbuild.data.running_text.codec import RunningTextCodec
from rnnbuild.data.running_text.repeats import duplicates, leakage
from rnnbuild.data.running_text.signs import encoding, layout, place_of_damage, signs_of, words
from rnnbuild.data.running_text.spans import Ids
from rnnbuild.data.text.vocabulary import UNKNOWN
from rnnbuild.formatting import plural

FEW_SCORED = 5000
"""Held-out tokens with which nats are known only to within some hundredths: each token's have a
standard deviation of 1 to 2, and neighbours depend on each other."""
FEW_TRAINED = 10_000
"""Training tokens that any network memorises."""
RARE = 10
"""Occurrences in training below which little is learned of a token."""
MANY, UNTAUGHT = 0.1, 0.01
"""Share of unknown held-out tokens above which there is a warning, and where training has none."""


def running_text_health(
    source: TextSource, ids: Mapping[SplitName, Ids], codec: RunningTextCodec, data: DataConfig
) -> Iterator[Finding]:
    """Every question of the health check on running text; `ids` are those of each split."""
    notes, texts, place, files = [], [], "", set[str]()
    for chunks in source.parts.values():
        for rows in chunks:
            notes += rows.notes
            texts += rows.texts
            place = place or place_of_damage(rows)
            files.add(rows.source)
    yield from reading(notes, "files")
    signs = signs_of(texts)
    yield encoding(signs, place)
    yield words(signs, len(files - {""}))
    if codec.level == "word":
        yield layout(signs)
    del texts, notes
    yield length(ids, codec, data)
    yield vocabulary(ids, codec, data)
    yield duplicates(ids, codec.level)
    yield leakage(ids, codec.level)


def length(ids: Mapping[SplitName, Ids], codec: RunningTextCodec, data: DataConfig) -> Finding:
    """Tokens of every split; a warning where few are learned from or scored."""
    counts = {name: len(part) for name, part in ids.items()}
    scored = {name: counts[name] for name in HELD_OUT if counts[name]}
    reason = f"There are {counts_per_split(counts, f'{codec.level}s')}"
    numbers = {
        name: {"tokens": len(part), "characters": int(codec.characters[part].sum())}
        for name, part in ids.items()
    }
    if not scored:
        return warning(
            "length",
            f"{reason}: no score can be computed.",
            "Hold out text with `data.split.validation`, or name a file with `data.validation`.",
            **numbers,
        )
    if min(scored.values()) < FEW_SCORED:
        few = [name for name, count in scored.items() if count < FEW_SCORED]
        # 1.96 standard errors of a mean, doubled, since neighbours depend on each other.
        within = 2 * 1.96 * 1.5 / min(scored.values()) ** 0.5
        return warning(
            "length",
            f"{reason}: with so few, nats in {and_list(few)} are known only to within {within:.2f} "
            "or so.",
            for_few_held_out(data, few, "text"),
            **numbers,
        )
    if counts["train"] < FEW_TRAINED:
        return warning(
            "length",
            f"{reason}: so little training text is memorised.",
            "Train on more text.",
            **numbers,
        )
    return ok("length", f"{reason}.", **numbers)


def vocabulary(ids: Mapping[SplitName, Ids], codec: RunningTextCodec, data: DataConfig) -> Finding:
    """Different tokens in training, how many are rare, and what others lack."""
    level, known = codec.level, len(codec.vocabulary.words)
    occurring = np.bincount(ids["train"], minlength=codec.vocabulary.size)[UNKNOWN + 1 :]
    rare = int(np.count_nonzero((occurring > 0) & (occurring < RARE)))
    unknown = {
        name: Share(int(np.count_nonzero(part == UNKNOWN)), len(part))
        for name, part in ids.items()
        if len(part)
    }
    others = {name: share for name, share in unknown.items() if name != "train"}
    numbers = {"tokens": known, "rare": rare, "unknown": figures(unknown)}
    reason = (
        f"{plural(known, level)} have an id, {rare:,} of which {agree(rare, 'occurs', 'occur')} "
        f"fewer than {RARE} times in training"
    )
    if not others:
        finding = ok("vocabulary", f"{reason}.", **numbers)
        return limited(finding, {f"{level}s that training lacks": "nothing is held out"})
    shares = [f"{rounded_percent(share.value)} in {name}" for name, share in unknown.items()]
    reason = f"{reason}; unknown {level}s make up {and_list(shares)}"
    finer = "character" if level == "word" else "byte"
    worst = largest_share(others)
    if worst > UNTAUGHT and not unknown["train"].count:
        return warning(
            "vocabulary",
            f"{reason}: training has none, so nothing is learned about them.",
            f"Set `data.vocabulary.min_count: 2`: rare training {level}s then count as unknown "
            "too" + ("; or read characters: `data.level: character`." if level == "word" else "."),
            **numbers,
        )
    if worst > MANY:
        return warning(
            "vocabulary",
            f"{reason}: the score of the unknown token says little of text.",
            for_unknown(data, level, f"read {finer}s: `data.level: {finer}`"),
            **numbers,
        )
    return ok("vocabulary", f"{reason}.", **numbers)


def windows(count: int, window: int, rows: int) -> Finding:
    """Whether `count` training windows fill the rows of a batch, which read as many parts of the
    text."""
    steps = -(-count // rows)
    numbers = {"window": window, "windows": count, "batch_size": rows, "steps": steps}
    reason = (
        f"The training text has {plural(count, 'window')} of {plural(window, 'step')}: an epoch in "
        f"batches of {rows:,} takes {plural(steps, 'step')}"
    )
    if count < rows:
        return warning(
            "windows",
            f"The training text has only {plural(count, 'window')} of {plural(window, 'step')}, "
            f"fewer than the {rows:,} rows of a batch: all are read at once, and no state is "
            "carried on.",
            "Shorten `data.window` or lower `training.batch_size`, or train on more text.",
            **numbers,
        )
    return ok("windows", f"{reason}.", **numbers)
