"""What libyaml says of a text that is not YAML, in words that name the mistake and its place."""

import yaml

from rnnbuild.config.places import Source, Span
from rnnbuild.errors import Problem

OPENED = {
    "while parsing a flow mapping": "`{`",
    "while parsing a flow sequence": "`[`",
    "while scanning a quoted scalar": "quote",
}
"""What libyaml was inside of, and what opened it."""

IN_QUOTES = (
    "in double quotes a backslash begins a special character, and this is not one",
    "use single quotes: a backslash is a backslash there",
)
# A part of libyaml's sentence, the same in plain words, and how to fix it. The first that fits.
PLAIN_WORDS = (
    (
        "expected '-' indicator",
        "a list continues with something that is not an item",
        "each item starts with `- `, in one column; a key after the list is further left",
    ),
    (
        "expected key",
        "this line is in the column of no mapping above it",
        "the keys of one mapping are in one column",
    ),
    ("could not find expected ':'", "a key without its colon", "write `key: value`"),
    (
        "<document start>",
        "this does not belong to what is above it",
        "the keys of one mapping are in one column",
    ),
    (
        "sequence entries are not allowed",
        "an item of a list right after its key",
        "put `- ` on a line of its own, or write the list in brackets: `[1, 2]`",
    ),
    ("cannot start any token", "a value cannot start with this character", "put it in quotes"),
    ("unknown escape character", *IN_QUOTES),
    ("hexdecimal number", *IN_QUOTES),
    ("maximum nesting depth", "brackets are nested too deep", None),
    ("expected node content", "a value is missing before this", None),
)


def syntax_problem(source: Source, error: yaml.MarkedYAMLError) -> Problem:
    """The problem of a text that is not YAML, at its place."""
    opened = OPENED.get(error.context or "")
    mark, context = error.problem_mark or error.context_mark, error.context_mark
    if opened and context and mark and mark.line > context.line:
        # Noticed only further down; the mistake is where the bracket or the quote was opened.
        problem = f"not valid YAML: this {opened} is never closed"
        return Problem(problem, _at(source, context.line, context.column).place())
    what = (error.problem or error.context or "a syntax error").strip()
    span = _at(source, mark.line, mark.column) if mark else None
    line = source.lines[mark.line] if mark and mark.line < len(source.lines) else ""
    place = span.place() if span else None
    if "\t" in line[: len(line) - len(line.lstrip())]:
        return Problem(
            "not valid YAML: a tab at the start of the line", place, "indent with spaces"
        )
    if opened:
        where = "before it"
        if context and source.is_file:
            where = f"at {context.line + 1}:{context.column + 1}"
        return Problem(
            f"not valid YAML: {what}", place, f"is the {opened} {where} closed where it should?"
        )
    if mark and (explained := _of_one_line(what, line, mark.column)) is not None:
        return Problem(f"not valid YAML: {explained[0]}", place, explained[1])
    for part, plain, hint in PLAIN_WORDS:
        if part in what:
            return Problem(f"not valid YAML: {plain}", place, hint)
    context_words = f" ({error.context})" if error.context else ""
    return Problem(f"not valid YAML: {what}{context_words}", place)


def _of_one_line(what: str, line: str, column: int) -> tuple[str, str | None] | None:
    """What is wrong, and a hint, where the line itself shows it."""
    before, sign = line[:column], line[column : column + 1]
    if "mapping values are not allowed" in what:
        if ": " in before:
            return "a second `: ` in one line", "a text with `: ` in it needs quotes"
        return "a key where none is allowed", "is it in one column with those around it?"
    if "expected key" in what or "<document start>" in what:
        if sign and sign in "]}":
            return f"this `{sign}` closes nothing", None
        if before.strip():
            return "something follows the end of the value", "is all of it within the quotes?"
    return None


def character_problem(source: Source, error: yaml.reader.ReaderError) -> Problem:
    """The problem of a character that YAML does not allow."""
    character = error.character if isinstance(error.character, int) else ord(error.character)
    # The same character cannot come before: it is allowed nowhere.
    position = source.text.find(chr(character))
    place = None
    if position >= 0:
        line = source.text.count("\n", 0, position)
        place = _at(source, line, position - (source.text.rfind("\n", 0, position) + 1)).place()
    return Problem(
        f"not valid YAML: the character U+{character:04X} is not allowed in it",
        place,
        "is this really a text file?",
    )


def _at(source: Source, line: int, column: int) -> Span:
    return Span(source, line, column, line, column + 1)
