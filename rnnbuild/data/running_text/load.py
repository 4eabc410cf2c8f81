"""Running text, from its source to what training takes."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from rnnbuild.config.schema.data import DataConfig, SplitConfig
from rnnbuild.data.examples.encoded import Encoded
from rnnbuild.data.examples.splits import HELD_OUT, SPLITS, SplitName
from rnnbuild.data.kind.codec import WordCodec
from rnnbuild.data.kind.loaded import Loaded
from rnnbuild.data.rows.rows import TextSource, rows_of
from rnnbuild.data.running_text.baselines import TrivialAnswers
from rnnbuild.data.running_text.codec import FEWEST_TOKENS, FIRST_UNIT, RunningTextCodec
from rnnbuild.data.running_text.health import running_text_health, windows
from rnnbuild.data.running_text.passages import Ids, passages_of, windows_of
from rnnbuild.data.running_text.places import lines_of_text, place_of_token
from rnnbuild.data.running_text.repeats import LEAKED
from rnnbuild.data.running_text.spans import SPAN, known
from rnnbuild.data.running_text.split import divided
from rnnbuild.data.running_text.tokens import BYTES, LINE_END, RunningTokens
from rnnbuild.data.text.frequent_words import NONE_KNOWN, vocabulary_from
from rnnbuild.data.text.tokeniser import Level
from rnnbuild.data.text.vocabulary import UNKNOWN, Vocabulary
from rnnbuild.errors import DataError, Problem
from rnnbuild.formatting import percent, plural
from rnnbuild.tasks.facts import DataFacts

USUAL_WINDOW = 64
"""Steps through which is learned at once where `data.window` is not given."""
FEWEST_TO_SCORE = 2
ONE_TO_PREDICT = f": the least is {FEWEST_TO_SCORE}, one to read and one to predict"
MOST_TOKENS = 50_000
"""Different tokens that a model may choose from: it computes a probability of each at each step."""

Tokens = Sequence[str]
T = TypeVar("T")


def load_running_text(
    source: TextSource, data: DataConfig, known: WordCodec | None = None
) -> Loaded:
    """Every split as numbers, with the tokens of the training split, behind those that are `known`.

    Raises DataError for text that is too short, and for too many different tokens.
    """
    tokeniser = RunningTokens(data.level or source.level, bool(data.lowercase))
    noun = f"{tokeniser.level}s"
    rows = {name: rows_of(chunks) for name, chunks in source.parts.items()}
    texts = {name: joined(part.texts) for name, part in rows.items()}
    split = data.split or SplitConfig()
    tokens = by_split_of_text(texts, tokeniser.tokens, split, tokeniser.level)
    sizes = sizes_by_split(texts, tokeniser, split)
    given = {name for name, part in rows.items() if part.texts}
    if source.instead_of_test is not None:
        rows["test"] = rows_of(source.instead_of_test)
        text = joined(rows["test"].texts)
        tokens["test"] = tokeniser.tokens(text)
        if len(tokens["test"]) < FEWEST_TO_SCORE:
            has = plural(len(tokens["test"]), tokeniser.level)
            raise DataError(f"{source.instead_named} has {has}{ONE_TO_PREDICT}", "name more text")
        if sizes:
            sizes["test"] = tokeniser.sizes(text)
    refuse_too_short(tokens, given, data, tokeniser.level)
    vocabulary = vocabulary_of(
        tokens["train"], tokeniser.level, data, known.vocabulary if known else NONE_KNOWN
    )
    codec = RunningTextCodec(tokeniser, vocabulary, data.window or USUAL_WINDOW)
    ids = {name: codec.ids(part) for name, part in tokens.items()}
    encoded = encoded_splits(ids, sizes, codec)
    lines = {name: lines_of_text(part) for name, part in rows.items() if part.texts}
    line_end = vocabulary.ids.get(LINE_END)
    trivial = TrivialAnswers(codec, ids, encoded)
    return Loaded(
        facts=DataFacts(
            task=codec.task,
            vocabulary_size=vocabulary.size,
            longest=int(encoded["train"].lengths.max()),
            window=codec.window,
            level=tokeniser.level,
            lowercase=tokeniser.lowercase,
            rows=(len(encoded["train"]), len(encoded["validation"]), len(encoded["test"])),
        ),
        codec=codec,
        train=encoded["train"],
        validation=encoded["validation"],
        test=encoded["test"],
        baselines=trivial,
        row_text=lambda name, row: scored_text(codec, encoded[name], row),
        # The first token of a text is read and not predicted, hence the 1.
        row_place=lambda name, row: place_of_token(
            lines, ids, line_end, name, 1 + first_target(encoded[name], row)
        ),
        settled={"level": tokeniser.level, "lowercase": tokeniser.lowercase},
        notes=(
            *(str(note) for part in rows.values() for note in part.notes),
            *unknown(ids, noun),
            *(() if source.instead_of_test is None else copied(ids, codec.level)),
            *trivial.remarks(noun),
        ),
        health=lambda: running_text_health(source, ids, codec, data),
        health_of_batches=lambda rows: [windows(len(encoded["train"]), codec.window, rows)],
    )


def by_split_of_text(
    texts: Mapping[SplitName, str],
    parts_of: Callable[[str], Sequence[T]],
    split: SplitConfig,
    level: Level,
) -> dict[SplitName, Sequence[T]]:
    """The parts of each split's text, a part a token: of its own text, or else of the end of the
    training text."""
    own = {name: parts_of(text) for name, text in texts.items()}
    wanted = {name: name not in own for name in SPLITS}
    parts = divided(own["train"], split, wanted["validation"], wanted["test"], level)
    return {**parts, **{name: part for name, part in own.items() if name != "train"}}


def sizes_by_split(
    texts: Mapping[SplitName, str], tokeniser: RunningTokens, split: SplitConfig
) -> dict[SplitName, Sequence[int]]:
    """The number of characters of each token, by split; none where it follows from the token."""
    if tokeniser.level != "word":
        return {}
    return by_split_of_text(texts, tokeniser.sizes, split, tokeniser.level)


def joined(texts: Iterable[str]) -> str:
    """The texts one after the other, each but the last with a line end."""
    *first, last = texts or ("",)
    return "".join(
        (*(text if text.endswith(LINE_END) else f"{text}{LINE_END}" for text in first), last)
    )


def refuse_too_short(
    tokens: Mapping[SplitName, Tokens], given: Set[SplitName], data: DataConfig, level: Level
) -> None:
    """Raises DataError where no token of a split could be predicted.

    A split without any text is empty, unless it is `given`, by files of its own.
    """
    for name, part in tokens.items():
        if len(part) >= FEWEST_TO_SCORE or (not part and name not in given):
            continue
        own = name in given
        raise DataError(
            Problem(
                f"the {name} text has {plural(len(part), level)}{ONE_TO_PREDICT}",
                data.place(name if own else "split"),
                "name more text" + ("" if own else f", or hold out more: `split: {{{name}: 0.1}}`"),
            )
        )


def vocabulary_of(
    tokens: Tokens, level: Level, data: DataConfig, known: Vocabulary = NONE_KNOWN
) -> Vocabulary:
    """The tokens that have ids of their own: those that are `known`, then others of the training
    text.

    Raises DataError for too many, and for too few.
    """
    if level == "byte":
        for key in ("size", "min_count"):
            if key in data.vocabulary.stated and not data.accepts_idle:
                raise DataError(
                    Problem(
                        f"`vocabulary.{key}` does nothing for `level: byte`: all 256 are known",
                        data.place("vocabulary", key),
                        "leave it out",
                    )
                )
        return Vocabulary(BYTES)
    counts = Counter(tokens)
    numbers = np.fromiter(counts.values(), np.int64, len(counts))
    limits = data.vocabulary
    vocabulary = vocabulary_from(list(counts), numbers, limits.size, limits.min_count, known=known)
    if len(vocabulary.words) < FEWEST_TOKENS:
        raise DataError(too_few(vocabulary, numbers, level, data))
    if len(vocabulary.words) > MOST_TOKENS:
        before = " with those of the run that training starts from" if known.words else ""
        raise DataError(
            Problem(
                f"the training text has {len(vocabulary.words):,} different {level}s{before}, and "
                f"a language model chooses from at most {MOST_TOKENS:,}",
                data.place("vocabulary"),
                f"keep the most common: `vocabulary: {{size: {MOST_TOKENS}}}`, or `min_count: 2`; "
                "or read characters: `level: character`",
            )
        )
    return vocabulary


def too_few(
    vocabulary: Vocabulary, counts: NDArray[np.int64], level: Level, data: DataConfig
) -> Problem:
    """The problem of a training text with fewer known tokens than there must be.

    `counts` are those of its different tokens, int64 (different tokens,).
    """
    limits = data.vocabulary
    if len(counts) < FEWEST_TOKENS:
        return Problem(
            f"the training text is one {level} all over, so there is nothing to predict",
            data.place("train"),
            "name other text" + (", or `level: character`" if level == "word" else ""),
        )
    if limits.size is not None and limits.size < FEWEST_TOKENS:
        return Problem(
            f"only one {level} of the training text would be known: all others would be one "
            "unknown token",
            data.place("vocabulary", "size"),
            f"raise it: the training text has {len(counts):,} different {level}s",
        )
    second = int(np.sort(counts)[-FEWEST_TOKENS])
    which, others = ("only one", "all others") if vocabulary.words else ("no", "all")
    return Problem(
        f"{which} {level} of the training text occurs {plural(limits.min_count, 'time')} or more: "
        f"{others} would be one unknown token",
        data.place("vocabulary", "min_count"),
        f"lower it: the second most common one occurs {plural(second, 'time')}",
    )


def encoded_splits(
    ids: Mapping[SplitName, Ids],
    sizes: Mapping[SplitName, Sequence[int]],
    codec: RunningTextCodec,
) -> dict[SplitName, Encoded]:
    """Windows to train on, passages of what is held out."""
    nothing = np.full(1, UNKNOWN, np.int32)
    splits: dict[SplitName, Encoded] = {
        "train": windows_of(ids["train"], codec.window, FIRST_UNIT),
        **{
            name: passages_of(ids[name] if len(ids[name]) else nothing, FIRST_UNIT)
            for name in HELD_OUT
        },
    }
    return {
        # The first token is never a target.
        name: replace(one, characters=np.array(sizes[name][1:], np.int32)) if sizes else one
        for name, one in splits.items()
    }


def scored_text(codec: RunningTextCodec, encoded: Encoded, row: int) -> str:
    """The tokens of a row that are targets, as text."""
    targets: Any = encoded.targets[
        first_target(encoded, row) : encoded.starts[row] + encoded.lengths[row]
    ]
    return codec.text_of((targets + FIRST_UNIT).tolist())


def first_target(encoded: Encoded, row: int) -> int:
    """The number of the first target of a row, among those of its split."""
    context = 0 if encoded.context is None else encoded.context[row]
    return int(encoded.starts[row] + context)


def copied(ids: Mapping[SplitName, Ids], level: Level) -> Iterable[str]:
    """A sentence where text that replaces the test split is in training too."""
    share = known(ids["train"], ids["test"], SPAN[level])
    if share.value > LEAKED:
        yield (
            f"test: {share.of(f'spans of {SPAN[level]} {level}s')} are verbatim in the training "
            "text: there, the scores of the model, n-grams and xz are memory"
        )


def unknown(ids: Mapping[SplitName, Ids], noun: str) -> Iterable[str]:
    """A sentence for each split that has tokens without an id of their own."""
    for name, part in ids.items():
        count = int(np.count_nonzero(part == UNKNOWN))
        if count:
            yield (
                f"{name}: {count:,} of {len(part):,} {noun} ({percent(count / len(part))}) are "
                "read, and predicted, as one unknown token, whose spelling costs nothing"
            )
