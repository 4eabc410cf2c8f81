"""Is the text what its writer wrote? Signs of a wrong encoding, control characters, endless words.

They are counted in the text as it was read, before it is brought to any normal form.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from rnnbuild.data.health.shares import Share, agree, rounded_percent
from rnnbuild.data.kind.finding import Finding, ok, warning
from rnnbuild.data.rows.rows import Rows
from rnnbuild.formatting import plural

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
PLAIN_CONTROLS = frozenset("\t\n\r\f")
"""Control characters that people's texts have: tabs, line ends, page breaks."""
CONTINUING = "\u0080-\u00bf" + bytes(range(0x80, 0xA0)).decode("cp1252", "ignore")
MOJIBAKE = re.compile(f"[\u00c2\u00c3][{CONTINUING}]|\u00e2(?:\u20ac|\u0080)")
"""UTF-8 that was read as Latin-1 or Windows-1252: the first bytes of accents and of quotes."""
LINE_FEED = "\n"
SHOWN = 5
LONG_WORD = 100
"""Characters without a blank that no word has."""
FEW_WORDS, ALL_WORDS = 0.01, 0.5
"""Shares of a text in such words: from the first there is a warning, and from the second the text
has no words at all, as Chinese has none between blanks."""


@dataclass
class Signs:
    """Counts over texts.

    damage: how often each replacement, control or surrogate character occurs
    """

    characters: int = 0
    lines: int = 0
    longest_line: int = 0
    indented: int = 0
    in_long_words: int = 0
    mojibake: int = 0
    damage: Counter[str] = field(default_factory=Counter)


def signs_of(texts: Iterable[str]) -> Signs:
    """The signs in texts."""
    signs = Signs()
    for text in texts:
        counts = Counter(text)
        signs.characters += len(text)
        lines = text.splitlines()
        signs.lines += len(lines)
        signs.indented += sum(line[:1] in (" ", "\t") for line in lines if line)
        signs.longest_line = max(signs.longest_line, *map(len, lines), 0)
        signs.in_long_words += sum(len(w) for w in text.split() if len(w) > LONG_WORD)
        signs.mojibake += 0 if text.isascii() else len(MOJIBAKE.findall(text))
        signs.damage.update({one: count for one, count in counts.items() if is_damage(one)})
    return signs


def is_damage(character: str) -> bool:
    """Whether no text has this character by intention."""
    if character in PLAIN_CONTROLS:
        return False
    return character == REPLACEMENT or unicodedata.category(character) in ("Cc", "Cs")


def place_of_damage(rows: Rows) -> str:
    """`lib.so, line 3`, where the first such character of the rows is; empty without one."""
    for text, line in zip(rows.texts, rows.lines, strict=False):
        damage = {one for one in set(text) if is_damage(one)}
        if damage:
            before = text[: min(map(text.index, damage))]
            return f"{rows.source}, line {line + before.count(LINE_FEED):,}"
    return ""


def encoding(signs: Signs, place: str = "") -> Finding:
    """Characters that come from a wrong encoding, or are no text; `place` is that of the first."""
    total = plural(signs.characters, "character")
    numbers = {
        "characters": signs.characters,
        "mojibake": signs.mojibake,
        "damage": {code_point(one): count for one, count in signs.damage.most_common()},
    }
    reasons = []
    if signs.damage:
        count = signs.damage.total()
        names = [f"{code_point(one)} ({n:,})" for one, n in signs.damage.most_common(SHOWN)]
        more = len(signs.damage) - len(names)
        reasons.append(
            f"{count:,} of {total} are replacement or control characters: {', '.join(names)}"
            + (f" and {more:,} more" if more else "")
            + (f", the first in {place}" if place else "")
        )
    if signs.mojibake:
        places = f"{plural(signs.mojibake, 'place')} {agree(signs.mojibake, 'reads', 'read')}"
        reasons.append(f"{places} like UTF-8 in another encoding, such as `Ã©` for `é`")
    if not reasons:
        return ok("encoding", f"None of {total} is a replacement or control character.", **numbers)
    return warning(
        "encoding",
        f"{'; '.join(reasons)}: the network learns to write these too.",
        "Convert the original file to UTF-8 again, or remove these characters.",
        **numbers,
    )


def words(signs: Signs, files: int = 0) -> Finding:
    """Whether parts of the text, read from so many files, are no words: encoded files, minified
    programs."""
    share = Share(signs.in_long_words, signs.characters)
    numbers = {
        "files": files,
        "lines": signs.lines,
        "longest_line": signs.longest_line,
        "long_words": share.value,
    }
    read = f" in {plural(files, 'file')}" if files else ""
    longest = plural(signs.longest_line, "character")
    reason = f"{plural(signs.lines, 'line')}{read}, the longest of {longest}"
    if FEW_WORDS < share.value < ALL_WORDS:
        return warning(
            "lines",
            f"{reason}; {rounded_percent(share.value)} of the text are strings of over "
            f"{LONG_WORD} characters without a blank, which are hardly text.",
            "Remove what is no text, such as encoded files, or minified programs.",
            **numbers,
        )
    return ok("lines", f"{reason}.", **numbers)


def layout(signs: Signs) -> Finding:
    """Whether lines are indented, of a text that is split into words."""
    share = Share(signs.indented, signs.lines)
    begin = agree(signs.indented, "begins", "begin")
    lines = plural(signs.lines, "line")
    reason = f"{signs.indented:,} of {lines} {begin} with a blank or a tab"
    if share.value > FEW_WORDS:
        return warning(
            "layout",
            f"{reason}: words are read without the blanks and tabs around them, so no text that is "
            "written has them.",
            "Read characters, if that matters: `data.level: character`.",
            indented=signs.indented,
        )
    return ok("layout", f"{reason}.", indented=signs.indented)


def code_point(character: str) -> str:
    """`U+FFFD`."""
    return f"U+{ord(character):04X}"
