"""Words that are given, for a tagger: which have no answer, and how people write text.

Words have spaces between them. `Cairo.` is one word then, as it would be in a file to train on,
and most likely an unknown one. It is not split silently: whoever has words of their own needs an
answer for each of them.
"""

from collections.abc import Iterator

from rnnbuild.data.kind.codec import GivenWordsCodec
from rnnbuild.data.readers.lines import TEXT
from rnnbuild.data.rows.note import Note
from rnnbuild.formatting import plural
from rnnbuild.inference.inputs import GivenRow


def with_split_punctuation(rows: Iterator[GivenRow], codec: GivenWordsCodec) -> Iterator[GivenRow]:
    """Lines of text whose unknown words are split into words and punctuation."""
    for words, columns in rows:
        text = columns[TEXT]
        yield words if is_list(text) else codec.split_punctuation(text), columns


def noting_punctuation(
    rows: Iterator[GivenRow], codec: GivenWordsCodec, notes: list[Note]
) -> Iterator[GivenRow]:
    """The same rows; where splitting would make known words of unknown ones, a note says so."""
    count, example, known = 0, "", ""
    for words, columns in rows:
        for word in () if is_list(columns[TEXT]) else words:
            if parts := codec.known_parts(word):
                count += 1
                example, known = example or word, known or " ".join(parts)
        yield words, columns
    if count:
        notes.append(
            Note(
                f"{plural(count, 'word')} with punctuation, such as `{example}`, "
                f"{'is' if count == 1 else 'are'} unknown; training has `{known}`. Write spaces "
                "between words, or use --split-punctuation"
            )
        )


def noting_cut_words(
    rows: Iterator[GivenRow], codec: GivenWordsCodec, notes: list[Note]
) -> Iterator[GivenRow]:
    """The same rows; words beyond `max_length`, which have no answer, are noted."""
    limit, texts, cut = codec.max_length, 0, 0
    for words, columns in rows:
        if limit is not None and len(words) > limit:
            texts, cut = texts + 1, cut + len(words) - limit
        yield words, columns
    if texts:
        notes.append(
            Note(
                f"{plural(cut, 'word')} in {plural(texts, 'text')} "
                f"{'is' if cut == 1 else 'are'} beyond `max_length: {limit}` and "
                f"{'has' if cut == 1 else 'have'} no answer"
            )
        )


def is_list(text: str) -> bool:
    """Whether a line gives its words as a list, of which none is split."""
    return text.lstrip().startswith("[")
