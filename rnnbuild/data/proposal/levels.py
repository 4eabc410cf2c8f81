"""Whether a text is better read by characters than by words, from a look at some."""

from collections.abc import Sequence

from rnnbuild.config.commented import Choice
from rnnbuild.data.text.tokeniser import Tokeniser
from rnnbuild.formatting import percent

MOST_UNKNOWN = 0.4
"""Share of words of a held-out tenth that training would lack, up to which words are read."""
MOST_WORDS = 100_000
"""Words that are looked at, in whole texts."""
LONG, LONGEST = 200, 400
"""Words up to which no text is cut, and to which each is."""
FEW_WORDS = 50
"""Words of the tenth that say something about the others."""


def level_choice(texts: Sequence[str]) -> tuple[Choice, ...]:
    """`data.level: character` where most words would be unknown: names, numbers, dates."""
    rows = tokens_of(texts)
    held_out = [word for row in rows[::10] for word in row]
    if len(held_out) < FEW_WORDS:
        return ()
    known = {word for number, row in enumerate(rows) if number % 10 for word in row}
    unknown = sum(word not in known for word in held_out) / len(held_out)
    if unknown <= MOST_UNKNOWN:
        return ()
    because = (
        f"{percent(unknown, 0)} of the words of every tenth text occur in no other: words of new "
        "texts would mostly be unknown."
    )
    return (Choice("data.level", "character", because),)


def tokens_of(texts: Sequence[str]) -> list[tuple[str, ...]]:
    """The words of texts, as training reads them, up to MOST_WORDS of them."""
    tokeniser = Tokeniser("word", lowercase=True)
    rows: list[tuple[str, ...]] = []
    count = 0
    for text in texts:
        rows.append(tokeniser.tokens(text))
        count += len(rows[-1])
        if count > MOST_WORDS:
            break
    return rows


def length_choice(texts: Sequence[str]) -> tuple[Choice, ...]:
    """`data.max_length` where some texts are long, since each step takes its time."""
    lengths = sorted(map(len, tokens_of(texts)))
    if not lengths or lengths[-1] <= LONG:
        return ()
    usual = lengths[9 * len(lengths) // 10]
    most = max(LONG, min(LONGEST, -(-usual // 10) * 10))
    longer = sum(length > most for length in lengths)
    if not longer:
        return ()
    because = (
        f"{percent(longer / len(lengths), 0)} of the texts are longer, up to {lengths[-1]:,} words "
        "and signs; their ends are cut off, since each step takes time."
    )
    return (Choice("data.max_length", most, because),)


def text_choices(texts: Sequence[str]) -> tuple[Choice, ...]:
    """How texts to be classified are read: by characters, or the beginning of long ones."""
    return level_choice(texts) or length_choice(texts)
