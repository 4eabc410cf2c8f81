"""A file is the old one or the new one, whatever happens while it is written."""

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from rnnbuild import atomic
from tests.small_disk import small_disk

ROOT = Path(__file__).parents[1]
OLD, NEW = "the old text\n", "the new text: 1 − 1 = 0\n"

# The process says that it is within the block, and is killed there.
KILLED_WITHIN = """
import sys, time
from pathlib import Path
from rnnbuild import atomic
with atomic.opened(Path(sys.argv[1])) as stream:
    stream.write(b"half of the n")
    stream.flush()
    print("within", flush=True)
    time.sleep(600)
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "file.txt"
    path.write_text(OLD, encoding="utf-8")
    return path


def test_a_file_is_written_and_written_over_in_utf_8(tmp_path: Path) -> None:
    path = tmp_path / "file.txt"
    for text in (OLD, NEW, ""):
        atomic.write_text(path, text)
        assert path.read_bytes() == text.encode("utf-8")
    assert list(tmp_path.iterdir()) == [path]


def test_a_kill_within_a_write_leaves_the_old_file(file: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED_WITHIN, str(file)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "within\n"
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert file.read_text(encoding="utf-8") == OLD
    atomic.write_text(file, NEW)  # what the killed process left is in nobody's way
    assert file.read_text(encoding="utf-8") == NEW


@pytest.mark.parametrize("error", [KeyboardInterrupt(), ValueError("no")], ids=["Ctrl-C", "error"])
def test_an_error_within_a_write_leaves_the_old_file_and_nothing_beside_it(
    file: Path, error: BaseException
) -> None:
    with pytest.raises(type(error)), atomic.opened(file) as stream:
        stream.write(b"half")
        raise error
    assert file.read_text(encoding="utf-8") == OLD
    assert list(file.parent.iterdir()) == [file]


def test_a_full_disk_leaves_the_old_file_and_nothing_beside_it(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", kilobytes=64) as disk:
        file = disk / "file.txt"
        file.write_text(OLD, encoding="utf-8")
        with pytest.raises(OSError) as caught:
            atomic.write_bytes(file, bytes(100_000))
        assert caught.value.errno == errno.ENOSPC
        assert file.read_text(encoding="utf-8") == OLD
        assert list(disk.iterdir()) == [file]


def test_a_folder_that_is_not_there_is_an_oserror(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        atomic.write_text(tmp_path / "no" / "file.txt", NEW)
    assert list(tmp_path.iterdir()) == []


def test_a_new_file_has_the_permissions_of_any_new_file(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        atomic.write_text(tmp_path / "ours", NEW)
        (tmp_path / "usual").write_text(NEW, encoding="utf-8")
    finally:
        os.umask(before)
    modes = [(tmp_path / name).stat().st_mode for name in ("ours", "usual")]
    assert modes[0] == modes[1]


def test_a_link_is_replaced_and_the_file_that_it_led_to_stays(file: Path) -> None:
    link = file.with_name("link.txt")
    link.symlink_to(file.name)
    atomic.write_text(link, NEW)
    assert not link.is_symlink()
    assert link.read_text(encoding="utf-8") == NEW
    assert file.read_text(encoding="utf-8") == OLD


def test_who_reads_while_it_is_written_reads_the_old_file(file: Path) -> None:
    with atomic.opened(file) as stream:
        stream.write(NEW.encode("utf-8"))
        stream.flush()
        assert file.read_text(encoding="utf-8") == OLD
    assert file.read_text(encoding="utf-8") == NEW
