"""The log's way to a file, whose reader may pause or go."""

import os
import time
from pathlib import Path

from rnnbuild.serving.log_writer import LogWriter

LINE = "a" * 99 + "\n"


def written_to_a_pipe(held: int, lines: int) -> tuple[list[str], list[str]]:
    """The lines that are read from a pipe only after all were said, and those said after that."""
    reading, writing = os.pipe()
    with os.fdopen(writing, "w", encoding="utf-8") as file, os.fdopen(reading, "rb", 0) as reader:
        write = LogWriter(file, held)
        for number in range(lines):
            write(f"{number:09}{LINE[9:]}")
        began = time.monotonic()
        write.wait(0.2)
        assert time.monotonic() - began < 5
        received = b""
        while received.count(b"\n") < lines and b"left out" not in received:
            received += reader.read(1 << 16)
        write("again\n")
        return received.decode().splitlines(), reader.read(1 << 16).decode().splitlines()


def test_lines_wait_for_a_reader_who_pauses() -> None:
    lines, again = written_to_a_pipe(held=1 << 20, lines=2_000)
    assert [int(line[:9]) for line in lines] == list(range(2_000))
    assert again == ["again"]


def test_lines_beyond_what_waits_are_left_out_and_counted() -> None:
    lines, again = written_to_a_pipe(held=10_000, lines=2_000)
    numbers = [int(line[:9]) for line in lines[:-1]]
    assert numbers == list(range(len(numbers)))
    left_out = 2_000 - len(numbers)
    assert left_out > 1_000  # a pipe has room for 655 of them
    assert lines[-1] == f"note: {left_out:,} lines left out: this log was not read in time"
    assert again == ["again"]


def test_a_reader_who_has_gone_is_not_waited_for() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as file:
        write = LogWriter(file)
        for _ in range(3):
            write(LINE)
            write.wait(10)


def test_what_an_encoding_has_not_is_escaped(tmp_path: Path) -> None:
    with (tmp_path / "log").open("w", encoding="ascii") as file:
        write = LogWriter(file)
        write("caf\u00e9\n")
        write.wait(10)
    assert (tmp_path / "log").read_bytes() == b"caf\\xe9\n"
