"""Draws sunspots.csv.gz and co2.csv.gz from the figures that the statsmodels package carries.

    python -m tests.data.bundled.build_series

The figures are copied as they are, missing ones left empty: the same version of statsmodels gives
the same files.
"""

import gzip
from pathlib import Path

from statsmodels.datasets import co2, sunspots

from rnnbuild.data.bundled import real_series

FOLDER = Path(real_series.__file__).parent


def build(folder: Path = FOLDER) -> None:
    """Writes both files."""
    yearly = sunspots.load_pandas().data
    rows = zip(yearly["YEAR"], yearly["SUNACTIVITY"], strict=True)
    _write(folder / "sunspots.csv.gz", "year,sunspots", [f"{y:.0f},{n:g}" for y, n in rows])
    weekly = co2.load_pandas().data["co2"]
    lines = [
        f"{date:%Y-%m-%d}," + ("" if value != value else f"{value:g}")
        for date, value in weekly.items()
    ]
    _write(folder / "co2.csv.gz", "date,co2", lines)


def _write(path: Path, header: str, lines: list[str]) -> None:
    content = "\n".join([header, *lines, ""]).encode()
    with path.open("wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=0) as packed:
        packed.write(content)


if __name__ == "__main__":
    build()
