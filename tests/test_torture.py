"""No long test is left out of the parts that `make torture` runs, and none is in two."""

import re
from pathlib import Path

import pytest

from tests import torture
from tests.torture import PARTS, ROOT


def files_with_torture() -> list[str]:
    return [
        path.relative_to(ROOT).as_posix()
        for path in sorted((ROOT / "tests").rglob("test_*.py"))
        if re.search(r"mark\.torture\b", path.read_text(encoding="utf-8"))
        and path != Path(__file__)
    ]


def test_each_file_with_long_tests_is_in_one_part() -> None:
    files = files_with_torture()
    assert len(files) > 5
    for file in files:
        parts = [
            name
            for name, part in PARTS.items()
            if part.marked
            and any(file == path or file.startswith(f"{path}/") for path in part.paths)
        ]
        assert len(parts) == 1, (file, parts)


def test_every_path_of_a_part_exists() -> None:
    paths = [path for part in PARTS.values() for path in part.paths]
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_the_makefile_has_a_target_for_each_part() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    (parts,) = re.findall(r"^TORTURE := (.*)$", makefile, re.MULTILINE)
    assert parts.split() == [f"torture-{name}" for name in PARTS]


def test_each_part_says_its_minutes_and_one_that_fails_fails_all(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(torture, "run", lambda part: int(part is PARTS["kills"]))
    assert torture.main(["kills", "data"]) == 1
    printed = capsys.readouterr().out
    assert "torture kills: FAILED in 0.0 minutes" in printed
    assert "torture data: passed in 0.0 minutes" in printed
    assert torture.main(["data"]) == 0
    assert torture.main(["nothing"]) == 2
