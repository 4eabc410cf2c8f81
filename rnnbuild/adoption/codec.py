"""How an adopted model's input becomes numbers, and its outputs names: its codec and facts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from rnnbuild.adoption.arguments import Findings, shown
from rnnbuild.adoption.chain import ForeignLayer, readable
from rnnbuild.adoption.translation import Translated
from rnnbuild.data.disk.text_file import read_text
from rnnbuild.data.labelled_text.codec import LabelledTextCodec
from rnnbuild.data.sequences.codec import SequencesCodec
from rnnbuild.data.text.tokeniser import STRIPPED, Punctuation, Tokeniser
from rnnbuild.data.text.vocabulary import FIRST_WORD, UNKNOWN, Vocabulary
from rnnbuild.errors import ArgumentError, Problem
from rnnbuild.formatting import plural
from rnnbuild.tasks.classify import CLASSIFY
from rnnbuild.tasks.facts import DataFacts, Task
from rnnbuild.tasks.forecast import FORECAST
from rnnbuild.tasks.tag import TAG

PADDING_WORD, UNKNOWN_WORD = "", "[UNK]"
"""What Keras' `get_vocabulary` begins with."""
STANDARDISED: Mapping[Any, tuple[bool, Punctuation]] = {
    "lower_and_strip_punctuation": (True, "stripped"),
    "strip_punctuation": (False, "stripped"),
    "lower": (True, "attached"),
    None: (False, "attached"),
}
"""`standardize` of a TextVectorization: whether text is put in lower case, and its punctuation."""
LEVELS: Mapping[Any, Literal["word", "character"]] = {
    "whitespace": "word",
    "character": "character",
}
"""Its `split`."""


@dataclass(frozen=True)
class Wishes:
    """What the user says that no file of Keras does; None for what is left open."""

    vocabulary: Path | None = None
    labels: tuple[str, ...] | None = None
    level: Literal["word", "character"] | None = None
    lowercase: bool | None = None
    punctuation: Punctuation | None = None
    steps: int | None = None
    logits: bool = False


def with_probabilities(model: Translated, logits: bool) -> str | None:
    """Give the head the activation that makes probabilities of its logits, where they are such; a
    note on it, or None where nothing is changed."""
    head = model.head
    if model.embedding is None or head.get("activation") != "linear" or not logits:
        return None
    head["activation"] = "sigmoid" if head["units"] == 1 else "softmax"
    return (
        "the last Dense gives logits; the run's has "
        f"`activation: {head['activation']}`, which makes probabilities of them"
    )


def task_of(model: Translated, findings: Findings) -> Task:
    """The task that a model's input and head are for; problems where there is none."""
    activation, units = model.head.get("activation"), model.head.get("units")
    reads_words = model.embedding is not None
    said = f"the last Dense has `activation: {shown(activation)}` and `units: {shown(units)}`"
    if not reads_words:
        if activation != "linear" or model.per_step:
            where = " at every step" if model.per_step else ""
            findings.problems.append(
                Problem(
                    f"{said}{where}, and the model reads numbers: a config has no task that "
                    "names them, or answers at every step",
                    hint="a model of numbers forecasts numbers: a last Dense with "
                    "`activation='linear'`, once a sequence",
                )
            )
        return FORECAST.name
    fits = activation == "softmax" and isinstance(units, int) and units > 1
    if model.per_step:
        if not fits:
            hint = "a tagger has `activation='softmax'`, and a unit for each tag"
            findings.problems.append(Problem(f"{said} at every step", hint=hint))
        return TAG.name
    if not fits and activation != "sigmoid":
        hint = "a classifier has `activation='sigmoid'`, or 'softmax' and a unit for each label"
        if activation == "linear":
            hint += "; if these are logits, say so: --logits"
        findings.problems.append(Problem(said, hint=hint))
    return CLASSIFY.name


def sequences_codec(
    model: Translated, shape: Sequence[Any], wishes: Wishes
) -> tuple[SequencesCodec, DataFacts]:
    """The codec of a model that reads numbers: `shape` is that of its input, the rows left out.

    Raises ArgumentError where nothing says how many steps a sequence has.
    """
    steps, columns = shape
    for given, option in ((wishes.vocabulary, "--vocabulary"), (wishes.labels, "--labels")):
        if given is not None:
            raise ArgumentError(
                f"{option} is for text, and the model reads numbers", "leave it out"
            )
    if steps is None and wishes.steps is None:
        raise ArgumentError(
            "the model reads sequences of any length, and nothing says how long they are",
            "state it: --steps 30",
        )
    if steps is not None and wishes.steps not in (None, steps):
        raise ArgumentError(
            f"--steps {wishes.steps} contradicts the model, which reads {steps} steps",
            "leave it out",
        )
    length, outputs = int(steps or wishes.steps or 0), model.head["units"]
    facts = DataFacts(FORECAST.name, columns=columns, outputs=outputs, longest=length)
    return SequencesCodec(length, columns, outputs), facts


def text_codec(
    model: Translated,
    task: Task,
    reader: ForeignLayer | None,
    words: bytes | None,
    wishes: Wishes,
    findings: Findings,
) -> LabelledTextCodec:
    """The codec of a model that reads ids of words.

    `reader` is the TextVectorization in front of it, and `words` its vocabulary. Raises
    ArgumentError for wishes that contradict the model, DataError for a file that cannot be read.
    """
    assert model.embedding is not None
    ids, units = model.embedding["input_dim"], model.head["units"]
    several = task == CLASSIFY.name and model.head["activation"] == "sigmoid" and units > 1
    labels = labels_of(2 if units == 1 else units, wishes.labels, findings)
    max_length = None
    if reader is not None:
        if wishes.vocabulary is not None:
            raise ArgumentError(
                f"{reader} brings its own vocabulary, and --vocabulary names another",
                "leave it out",
            )
        tokeniser = tokeniser_of_reader(reader, findings)
        vocabulary = words_of(vocabulary_lines(reader, words), ids, str(reader))
        length = reader.arguments.get("output_sequence_length")
        max_length = length if isinstance(length, int) and length > 0 else None
    elif wishes.vocabulary is not None:
        vocabulary = words_of(lines_of_file(wishes.vocabulary), ids, str(wishes.vocabulary))
        tokeniser = tokeniser_of_words(vocabulary, wishes, findings)
    else:
        vocabulary, tokeniser = tuple(map(str, range(FIRST_WORD, ids))), Tokeniser()
        findings.notes.append(
            "no vocabulary is named: the words are the ids themselves, such as `17 5 203` "
            "(1 is any unknown word); leave the zeros of padding out; --vocabulary FILE names them"
        )
    note_other_letters(tokeniser, vocabulary, findings)
    unused = ids - FIRST_WORD - len(vocabulary)
    if unused > 0:
        findings.notes.append(
            f"the embedding has {ids:,} rows and the vocabulary {len(vocabulary):,} words: "
            f"{plural(unused, 'row')} are never read"
        )
    if task == TAG.name:
        tokeniser = replace(tokeniser, pretokenised=True)
    return LabelledTextCodec(
        task, tokeniser, Vocabulary(vocabulary), labels, max_length, "end", several
    )


def facts_of_text(codec: LabelledTextCodec, longest: int) -> DataFacts:
    return DataFacts(
        codec.task,
        codec.labels,
        codec.multi_label,
        vocabulary_size=codec.vocabulary.size,
        longest=longest,
    )


def labels_of(count: int, named: tuple[str, ...] | None, findings: Findings) -> tuple[str, ...]:
    """The labels in the order of the outputs. Raises ArgumentError for as many as do not fit."""
    if named is None:
        findings.notes.append(
            f"the labels are called 0 to {count - 1}, after the outputs; --labels A,B names them"
        )
        return tuple(map(str, range(count)))
    if len(named) != count or len(set(named)) != count or not all(named):
        raise ArgumentError(
            f"--labels names {len(set(filter(None, named)))} labels, and the model answers with "
            f"{count}",
            "name each once, in the order of the outputs; of a single sigmoid first the label that "
            "0 stands for",
        )
    return named


def tokeniser_of_reader(reader: ForeignLayer, findings: Findings) -> Tokeniser:
    """How a TextVectorization makes words of text; problems where no tokeniser does."""
    given = reader.arguments
    standardise, split = given.get("standardize"), given.get("split")
    known = isinstance(standardise, str | None) and standardise in STANDARDISED
    if not known or not isinstance(split, str) or split not in LEVELS:
        key = "split" if known else "standardize"
        choices = ", ".join(f"`{name}`" for name in (LEVELS if known else STANDARDISED) if name)
        said = f"has `{key}: {shown(given.get(key))}`, which rnnbuild's tokeniser cannot do"
        findings.problems.append(
            reader.problem(
                said,
                f"it can do {choices}; else save the layers behind it as a model of their own, and "
                "pass --vocabulary",
            )
        )
        return Tokeniser()
    for key, usual in (("ngrams", None), ("output_mode", "int"), ("encoding", "utf-8")):
        if given.get(key, usual) != usual:
            said = f"has `{key}: {shown(given[key])}`, which rnnbuild's tokeniser cannot do"
            findings.problems.append(reader.problem(said))
    lowercase, punctuation = STANDARDISED[standardise]
    return Tokeniser(LEVELS[split], lowercase, punctuation=punctuation)


def lines_of_file(path: Path) -> list[str]:
    """The words of a file, one a line. Lines end in a line feed, with or without a carriage return:
    whatever else `str.splitlines` takes for an end, such as U+2028, may be part of a word.

    Raises ArgumentError for a file without words.
    """
    lines = read_text(path).replace("\r\n", "\n").removesuffix("\n").split("\n")
    if not set(lines) - {PADDING_WORD, UNKNOWN_WORD}:
        raise ArgumentError(f"{path} has no words", "write one a line; the first is id 2")
    return lines


def vocabulary_lines(reader: ForeignLayer, content: bytes | None) -> Sequence[str]:
    """The words of a TextVectorization: in its arguments, or in a file of their own."""
    listed = reader.arguments.get("vocabulary")
    if isinstance(listed, list) and all(isinstance(word, str) for word in listed):
        for place, word in enumerate(listed):
            if readable(word) != word:
                raise ArgumentError(
                    f"{reader} has a vocabulary whose word {place} is not Unicode text",
                    "name the words in a file of UTF-8: save the layers behind it as a model of "
                    "their own, and pass --vocabulary",
                )
        return listed
    if content is None:
        raise ArgumentError(f"{reader} has no vocabulary in the file", "`adapt` it, and save again")
    try:
        return content.decode().split("\n")
    except UnicodeDecodeError:
        raise ArgumentError(f"{reader} has a vocabulary that is not UTF-8") from None


def words_of(lines: Sequence[str], ids: int, source: str) -> tuple[str, ...]:
    """The words from id 2 on, with or without the two before them.

    Raises ArgumentError for a word that is there twice, or more words than there are ids.
    """
    first = 0
    if lines[:1] == [PADDING_WORD]:
        first += 1
    if lines[first : first + 1] == [UNKNOWN_WORD]:
        first += 1
    words = lines[first:]
    seen: dict[str, int] = {}
    for line, word in enumerate(words, first + 1):
        if word in seen or not word:
            what = f"`{word}` again, as line {seen[word]}" if word else "an empty line"
            raise ArgumentError(
                f"{source}:{line}: {what}: each line is a word, whose place is its id",
                f"the first is id {FIRST_WORD}; 0 is padding and {UNKNOWN} any unknown word, as in "
                "TextVectorization.get_vocabulary()",
            )
        seen[word] = line
    if len(words) > ids - FIRST_WORD:
        raise ArgumentError(
            f"{source} has {len(words):,} words, and the model has room for {ids - FIRST_WORD:,}: "
            f"{ids:,} ids, of which 0 is padding and {UNKNOWN} any unknown word",
            "name the vocabulary that the model was trained with",
        )
    return tuple(words)


def tokeniser_of_words(words: Sequence[str], wishes: Wishes, findings: Findings) -> Tokeniser:
    """How text becomes words of a vocabulary, where nothing says it but the words themselves."""
    level = wishes.level or ("character" if all(len(word) == 1 for word in words) else "word")
    lowercase = wishes.lowercase
    if lowercase is None:
        lowercase = not any(word != word.lower() for word in words)
    punctuation = wishes.punctuation
    if punctuation is None:
        bare = not any(STRIPPED.search(word) for word in words)
        punctuation = "stripped" if bare else "apart"
    findings.notes.append(
        f"text is read as {level}s, {'in lower case' if lowercase else 'with its capitals'}, "
        f"punctuation {punctuation}, which the words of the vocabulary say where no option does"
    )
    return Tokeniser(level, lowercase, punctuation=punctuation)


def note_other_letters(tokeniser: Tokeniser, words: Sequence[str], findings: Findings) -> None:
    """Notes on letters beyond ASCII, of which Keras lowers no capital and composes no marks."""
    if all(word.isascii() for word in words):
        return
    capitals = "capitals become small letters, which Keras does to those of ASCII alone, and "
    findings.notes.append(
        f"letters beyond ASCII: {capitals if tokeniser.lowercase else ''}a letter with a combining "
        "mark becomes one character (NFC), which Keras leaves as two"
    )
    if others := [word for word in words if tokeniser.normal(word) != word]:
        findings.notes.append(
            f"{plural(len(others), 'word')} of the vocabulary, such as `{others[0]}`, are never "
            "read so: the run does not know these words"
        )
