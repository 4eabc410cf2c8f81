"""Texts as people write them, for a tagger: its words are given, with spaces between them.

`Cairo.` is one word then, as it would be in a file to train on, and most likely an unknown one. It
is not split silently: whoever has words of their own needs an answer for each of them.
"""

from collections.abc import Iterator

from rnnbuild.data.labelled_text.codec import LabelledTextCodec
from rnnbuild.data.readers.lines import TEXT
from rnnbuild.data.rows.note import Note
from rnnbuild.data.text.tokeniser import words_of
from rnnbuild.formatting import plural
from rnnbuild.inference.inputs import GivenRow


def with_split_punctuation(
    rows: Iterator[GivenRow], codec: LabelledTextCodec
) -> Iterator[GivenRow]:
    """Lines of text whose unknown words are split into words and punctuation."""
    for row in rows:
        text = row.columns[TEXT]
        split = row.text if is_list(text) else codec.split_punctuation(text)
        yield GivenRow(split, row.columns)


def noting_punctuation(
    rows: Iterator[GivenRow], codec: LabelledTextCodec, notes: list[Note]
) -> Iterator[GivenRow]:
    """The same rows; where splitting would make known words of unknown ones, a note says so."""
    count, example = 0, ""
    for row in rows:
        for word in () if is_list(row.columns[TEXT]) else row.text:
            if is_known_apart(word, codec):
                count, example = count + 1, example or word
        yield row
    if count:
        known = " ".join(words_of(example))
        notes.append(
            Note(
                f"{plural(count, 'word')} with punctuation, such as `{example}`, "
                f"{'is' if count == 1 else 'are'} unknown; training has `{known}`. Write spaces "
                "between words, or use --split-punctuation"
            )
        )


def is_list(text: str) -> bool:
    """Whether a line gives its words as a list, of which none is split."""
    return text.lstrip().startswith("[")


def is_known_apart(word: str, codec: LabelledTextCodec) -> bool:
    """Whether an unknown word consists of known words and punctuation."""
    normal = codec.tokeniser.normal
    if normal(word) in codec.vocabulary:
        return False
    parts = words_of(word)
    return len(parts) > 1 and all(normal(part) in codec.vocabulary for part in parts)
