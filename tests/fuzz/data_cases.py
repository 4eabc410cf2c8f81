"""Data files to try, of every format: drawn ones, most of them damaged.

A case is its number: the same number gives the same file. What was drawn is known, so that what a
reader gives of a sound file can be compared with it, and with what others read (`independent`).
"""

import csv
import gzip
import io
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from tests.schema_values import Values

TEXTS: tuple[str, ...] = (
    *("", " ", "a", "a b", "a,b", "a;b|c", 'say "hi"', '"', '""', "'", "line\nend", "cr\rend"),
    *(
        "crlf\r\n",
        "tab\there",
        "\tx",
        "x ",
        "ünï",
        "日本語",
        "\U0001f600",
        "e\u0301",
        "\x00",
        "\x1a",
    ),
    *("\u2028", "\u200b", "\x85", "\x0b", "\x0c", "\x1c", "\x7f", "\xa0", "x" * 3000, "# a", "\\"),
    *("-DOCSTART-", "NaN", "null", "None", "=1+1", "\\n", "[", "[" * 900, "{", "<br>", "1e400"),
    *("0", "1", "-1", "1.0", "1_000", "1,000.5", "1 000", "９", "inf", "9" * 400, "2020-01-01"),
)
LABELS: tuple[str, ...] = ("a", "b", "B-PER", " a", "1", "ü", "a|b", "日本", '"', "x" * 200, "O")
SIGNS: tuple[bytes, ...] = (
    *(b'"', b"'", b"\n", b"\r", b"\r\n", b"\t", b",", b";", b"|", b"\0", b"\xff", b"\xfe", b"\xc3"),
    *(
        b"\xef\xbb\xbf",
        b"\xe2\x80\xa8",
        b"\xed\xa0\x80",
        b"{",
        b"}",
        b"[",
        b"]",
        b":",
        b"\\u",
        b" ",
    ),
    *(b"\\ud800", b"# ", b"-", b"9" * 30, b"9" * 400, b"9" * 5000, b"1e400", b"NaN", b"Infinity"),
    *(b'""', b"\\", b"0x1", b"1_0", b"[" * 3000, b'{"a":' * 3000, b"1-2\t", b"1.1\t", b"\n\n\n"),
)


@dataclass(frozen=True)
class DataCase:
    """A file, the keys of `data` that it is read with, and what it contains.

    `rows` are what a reader of labelled text gives, (text or words, targets); for a series each
    row's numbers. None where nobody knows, because the file was damaged.
    """

    name: str
    content: bytes
    task: str
    data: Values
    rows: list[Any] | None = None


def data_case(number: int) -> DataCase:
    """The case of a number."""
    random = Random(f"data {number}")
    case = random.choice(KINDS)(random)
    if random.random() < 0.6:
        case = replace(case, content=_damaged(case.content, random), rows=None)
    if case.name.endswith(".parquet") or random.random() < 0.85:
        return case
    content = gzip.compress(case.content, mtime=0)
    case = replace(case, name=case.name + ".gz", content=content)
    if random.random() < 0.3:
        case = replace(case, content=_damaged(content, random), rows=None)
    return case


def _damaged(content: bytes, random: Random) -> bytes:
    for _ in range(random.randint(1, 3)):
        content = random.choice(DAMAGE)(content, random)
    return content


def _with_sign(content: bytes, random: Random) -> bytes:
    place = random.randint(0, len(content))
    return content[:place] + random.choice(SIGNS) + content[place + random.choice((0, 0, 1, 4)) :]


def _with_bytes(content: bytes, random: Random) -> bytes:
    place, count = random.randint(0, len(content)), random.randint(1, 4)
    return content[:place] + random.randbytes(count) + content[place + count :]


def _cut(content: bytes, random: Random) -> bytes:
    return content[: random.randint(0, len(content))]


def _with_lines(content: bytes, random: Random) -> bytes:
    lines = content.split(b"\n")
    place = random.randrange(len(lines))
    match random.randrange(4):
        case 0:
            lines.insert(random.randrange(len(lines) + 1), lines[place])
        case 1:
            del lines[place]
        case 2:
            lines = lines * random.randint(2, 3)
        case _:
            lines.insert(place, b"")
    return b"\n".join(lines)


def _in_another_encoding(content: bytes, random: Random) -> bytes:
    encoding = random.choice(("utf-16", "latin-1", "utf-8-sig", "utf-32", "cp1252"))
    return content.decode("utf-8", "replace").encode(encoding, "replace")


def _with_other_line_ends(content: bytes, random: Random) -> bytes:
    return content.replace(b"\n", random.choice((b"\r", b"\r\n", b"\n\n", b"\n\r", b"\r\r\n")))


DAMAGE = (
    *(_with_sign, _with_sign, _with_sign, _with_bytes, _cut, _with_lines, _with_lines),
    *(_in_another_encoding, _with_other_line_ends),
)


def _pairs(random: Random, texts: tuple[str, ...]) -> list[tuple[str, str]]:
    count = random.choice((0, 1, 2, 3, 8, 30, 30, 30, 200))
    plain = random.random() < 0.3
    return [
        (f"word{n} x" if plain else random.choice(texts), random.choice(LABELS[:2]))
        if plain or random.random() < 0.5
        else (random.choice(texts), random.choice(LABELS))
        for n in range(count)
    ]


def _delimited(random: Random) -> DataCase:
    delimiter, ending = random.choice(((",", "csv"), ("\t", "tsv"), (";", "csv"), ("|", "txt")))
    data: Values = (
        {}
        if (delimiter, ending) in ((",", "csv"), ("\t", "tsv"))
        else {"delimiter": delimiter, "format": "csv"}
    )
    pairs = _pairs(random, TEXTS)
    more = [f"more{n}" for n in range(random.choice((0, 0, 1, 4)))]
    stream = io.StringIO(newline="")
    quoting = random.choice((csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC))
    ends = random.choice(("\n", "\r\n", "\n", "\r"))
    writer = csv.writer(stream, delimiter=delimiter, quoting=quoting, lineterminator=ends)
    writer.writerow(["text", *more, "label"])
    for text, label in pairs:
        writer.writerow([text, *(random.choice(TEXTS) for _ in more), label])
    content = stream.getvalue()
    if random.random() < 0.3:
        content = content.removesuffix(ends)
    # The csv module writes a lone \r or \n unquoted where it is not the line's end.
    marked = "utf-8-sig" if random.random() < 0.1 else "utf-8"
    rows = [(text, (label.strip(),)) for text, label in pairs]
    return DataCase(f"t.{ending}", content.encode(marked), "classify", data, rows)


def _jsonl(random: Random) -> DataCase:
    pairs = _pairs(random, (*TEXTS, "\ud800", "a\udfff"))
    as_ascii = random.random() < 0.3
    lines = []
    rows: list[Any] = []
    for text, label in pairs:
        value: Any = random.choice((label, label, label, 3, 1.5, True, 10**30))
        name = str(value).lower() if isinstance(value, bool) else str(value)
        values = {"text": text, "label": value, "more": random.choice((None, {"a": [1]}, 10**400))}
        escaped = as_ascii or any("\ud800" <= sign <= "\udfff" for sign in text)
        lines.append(json.dumps(values, ensure_ascii=escaped))
        rows.append((_whole(text), (name.strip(),)))
    content = "\n".join(lines) + random.choice(("", "\n"))
    return DataCase("t.jsonl", content.encode(), "classify", {}, rows)


def _whole(text: str) -> str:
    """A text with each half of a character replaced."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _tagged_jsonl(random: Random) -> DataCase:
    rows = _sentences(random)
    lines = [json.dumps({"text": words, "label": tags}) for words, tags in rows]
    return DataCase("t.jsonl", "\n".join(lines).encode(), "tag", {}, rows)


def _sentences(random: Random) -> list[Any]:
    # Without blanks, and without what CoNLL has another meaning for.
    plain = (text for text in TEXTS if text.split() == [text.strip("\ufeff")])
    words = [text for text in plain if text[0] not in "#-"]
    sentences = []
    for _ in range(random.choice((1, 5, 30))):
        count = random.randint(1, 9)
        sentences.append(
            (
                tuple(random.choice(words) for _ in range(count)),
                tuple(random.choice(("O", "B-PER", "I-PER", "B-LOC")) for _ in range(count)),
            )
        )
    return sentences


def _conll(random: Random) -> DataCase:
    rows = _sentences(random)
    sign = random.choice(("\t", " "))
    blocks = ["".join(f"{w}{sign}{t}\n" for w, t in zip(*row, strict=True)) for row in rows]
    return DataCase("t.conll", "\n".join(blocks).encode(), "tag", {}, rows)


def _conllu(random: Random) -> DataCase:
    rows = _sentences(random)
    blocks = [
        "# text = a\n"
        + "".join(
            f"{n}\t{word}\t_\t{tag}" + "\t_" * 6 + "\n"
            for n, (word, tag) in enumerate(zip(*row, strict=True), 1)
        )
        for row in rows
    ]
    return DataCase("t.conllu", "\n".join(blocks).encode(), "tag", {}, rows)


def _parallel(random: Random) -> DataCase:
    texts = [text for text in TEXTS if not set(text) & set("\t\r\n\ufeff")]
    pairs = [(random.choice(texts), random.choice(texts)) for _ in range(random.choice((1, 9, 40)))]
    content = "".join(f"{source}\t{target}\n" for source, target in pairs)
    rows = [(source, (target,)) for source, target in pairs]
    return DataCase("t.txt", content.encode(), "translate", {"format": "parallel"}, rows)


def _running(random: Random) -> DataCase:
    pieces = [random.choice(TEXTS) for _ in range(random.choice((0, 1, 9, 40, 40)))]
    text = random.choice((" ", "\n", "")).join(pieces)
    name, data = random.choice((("t.txt", {}), ("t.txt", {"level": "word"}), ("t.md", {})))
    keys: Values = data if name == "t.txt" else {"format": "text", "level": "byte"}
    return DataCase(name, text.encode(), "language-model", keys, [(text, ())])


def _parquet(random: Random) -> DataCase:
    import pyarrow
    from pyarrow import parquet

    pairs = _pairs(random, TEXTS)
    types = (pyarrow.string(), pyarrow.large_string())
    columns = {
        "text": pyarrow.array([text for text, _ in pairs], random.choice(types)),
        "label": pyarrow.array([label for _, label in pairs], pyarrow.string()),
    }
    rows: list[Any] | None = [(text, (label.strip(),)) for text, label in pairs]
    if random.random() < 0.5:
        columns["label"] = columns["label"].dictionary_encode()
    if random.random() < 0.4:
        key = random.choice(("text", "label", "more", "more"))
        columns[key] = _odd_column(random, len(pairs))
        rows = rows if key == "more" else None
    names = list(columns)
    if random.random() < 0.1:
        names[random.randrange(len(names))] = random.choice(("text", "label", ""))
        rows = rows if len(set(names)) == len(names) and {"text", "label"} <= set(names) else None
    stream = io.BytesIO()
    table = pyarrow.Table.from_arrays(list(columns.values()), names=names)
    parquet.write_table(
        table,
        stream,
        row_group_size=random.choice((1, 3, 1000)),
        compression=random.choice(("none", "snappy", "gzip", "zstd")),
        data_page_version=random.choice(("1.0", "2.0")),
    )
    return DataCase("t.parquet", stream.getvalue(), "classify", {}, rows)


def _odd_column(random: Random, count: int) -> Any:
    """A column of a type that is seldom of text."""
    import pyarrow

    day = datetime(2020, 1, 1)
    value, kind = random.choice(
        (
            (day, pyarrow.timestamp("ns")),
            (day, pyarrow.timestamp("s", "UTC")),
            (2**62 + 1, pyarrow.timestamp("ns")),
            (-(10**12), pyarrow.timestamp("s")),
            (10**12, pyarrow.timestamp("us")),
            (10**12, pyarrow.timestamp("s")),
            (day.date(), pyarrow.date32()),
            (timedelta(1), pyarrow.duration("ns")),
            (2**62 + 1, pyarrow.duration("ns")),
            (2**62 + 1, pyarrow.time64("ns")),
            (Decimal("1.5"), pyarrow.decimal128(5, 2)),
            (Decimal("1.5"), pyarrow.decimal256(50, 2)),
            (b"\xff", pyarrow.binary()),
            (b"ab", pyarrow.binary(2)),
            (["a"], pyarrow.list_(pyarrow.string())),
            (["a"], pyarrow.large_list(pyarrow.string())),
            ({"a": 1}, pyarrow.struct([("a", pyarrow.int8())])),
            ([("a", 1)], pyarrow.map_(pyarrow.string(), pyarrow.int8())),
            (None, pyarrow.null()),
            (None, pyarrow.string()),
            (2**64 - 1, pyarrow.uint64()),
            (float("nan"), pyarrow.float32()),
            (1.5, pyarrow.float64()),
            (True, pyarrow.bool_()),
        )
    )
    return pyarrow.array([value] * count, kind)


Date = Callable[[int], str]
DATES: tuple[Date, ...] = (
    lambda n: f"{1950 + n // 12}-{n % 12 + 1:02d}-01",
    lambda n: f"{1950 + n // 12}-{n % 12 + 1:02d}",
    lambda n: str(1800 + n),
    lambda n: (datetime(2020, 1, 1) + timedelta(days=n)).strftime("%Y-%m-%d"),
    lambda n: (datetime(2020, 1, 1) + timedelta(hours=n)).strftime("%Y-%m-%d %H:%M:%S"),
    lambda n: (datetime(2020, 1, 13) + timedelta(days=n)).strftime("%d/%m/%Y"),
    lambda n: (datetime(2020, 1, 1) + timedelta(weeks=n)).isoformat() + "Z",
    lambda n: str(1577836800 + 60 * n),
    lambda n: str(1577836800000 + 86_400_000 * n),
)
"""The n-th date of a series."""
NUMBERS: tuple[str, ...] = (
    *("0", "1", "-1", "1.5", "1e3", "1E-5", ".5", "5.", "+2", "1e149", "5e-324", "1e-400", " 7 "),
    *("0.1", "123456789.123456789", "9007199254740993", "12 345.5", "1\u00a0000", "007", "-0"),
)
NOT_NUMBERS: tuple[str, ...] = (
    *("", "NA", "nan", "-", "1_000", "inf", "1e400", "0x10", "１", "1,5", "1.2.3", "1.000,5", "x"),
    *("9" * 400, "9" * 5000, "٣", "1e", "--1", "1e9999999999", "1d5", "½", "True"),
)


def _series(random: Random) -> DataCase:
    steps = random.choice((3, 60, 60, 60, 200))
    columns = random.choice((1, 1, 2, 3))
    names = [f"c{n}" for n in range(columns)]
    of = random.choice((*DATES, None))
    plain = random.random() < 0.6
    cells = [
        [f"{random.uniform(-9, 9):.3f}" if plain else random.choice(NUMBERS) for _ in names]
        for _ in range(steps)
    ]
    known = True
    if random.random() < 0.2:
        cells[random.randrange(steps)][random.randrange(columns)] = random.choice(NOT_NUMBERS)
        known = False
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator=random.choice(("\n", "\r\n")))
    writer.writerow([*(["date"] if of else []), *names])
    for n, row in enumerate(cells):
        writer.writerow([*([of(n)] if of else []), *row])
    data = {"window": random.choice((1, 3)), "columns": names}
    rows = [[_number(cell) for cell in row] for row in cells] if known else None
    return DataCase("t.csv", stream.getvalue().encode(), "forecast", data, rows)


def _number(cell: str) -> float:
    """A number whose thousands may be set apart by spaces."""
    return float("".join(cell.split()))


KINDS = (
    *(_delimited, _delimited, _delimited, _jsonl, _jsonl, _tagged_jsonl, _conll, _conllu),
    *(_running, _parallel, _parquet, _parquet, _series, _series, _series),
)
