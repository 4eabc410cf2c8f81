"""A folder with a small file of every kind of data, which drawn configs name."""

import json
from pathlib import Path

ROWS = 40


def write_folder(folder: Path) -> None:
    """Small files of texts with labels, tags or translations, of running text, numbers, vectors."""
    texts = [f"word{n} good,a\nword{n} bad,b\n" for n in range(ROWS)]
    quoted = '"a, ""b""",b\n'
    (folder / "small.csv").write_text("text,label\n" + "".join(texts) + quoted, encoding="utf-8")
    tags = [
        json.dumps({"words": ["Ann", f"likes{n}", "Paris"], "tags": ["B-PER", "O", "B-LOC"]})
        for n in range(ROWS)
    ]
    (folder / "tags.jsonl").write_text("\n".join(tags), encoding="utf-8")
    pairs = [f"go {n}\tva {n}\n" for n in range(ROWS)]
    (folder / "pairs.tsv").write_text("source\ttarget\n" + "".join(pairs), encoding="utf-8")
    days = [f"{2000 + n // 12}-{n % 12 + 1:02d}-01,{n % 7},{n * 0.5}\n" for n in range(4 * ROWS)]
    (folder / "series.csv").write_text("date,a,b\n" + "".join(days), encoding="utf-8")
    lines = [f"Line {n} of {'AB'[n % 2]} text, number {n * n}.\n" for n in range(2 * ROWS)]
    (folder / "text.txt").write_text("".join(lines), encoding="utf-8")
    vectors = [f"word{n} 0.1 -0.2 0.3 {n}\n" for n in range(9)]
    (folder / "vectors.txt").write_text("".join(vectors), encoding="utf-8")
