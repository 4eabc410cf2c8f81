"""What killed processes left is deleted, and nothing that a living one writes."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from rnnbuild import atomic
from rnnbuild.leftovers import sweep

ROOT = Path(__file__).parents[1]

# Both say that they have begun, and wait.
WRITES_A_FILE = """
import sys, time
from pathlib import Path
from rnnbuild import atomic
with atomic.opened(Path(sys.argv[1]) / "file") as stream:
    print("within", flush=True)
    time.sleep(600)
"""
FILLS_A_FOLDER = """
import sys, time
from pathlib import Path
from rnnbuild.leftovers import new_held_folder
new_held_folder(Path(sys.argv[1]), ".part-")
print("within", flush=True)
time.sleep(600)
"""


def begun(program: str, folder: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", program, str(folder)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "within\n"
    return process


def killed(process: subprocess.Popen[str], by: int = signal.SIGKILL) -> None:
    process.send_signal(by)
    process.communicate()


def test_a_file_is_left_alone_while_its_writer_lives_and_swept_by_the_next(tmp_path: Path) -> None:
    writers = [begun(WRITES_A_FILE, tmp_path) for _ in range(2)]
    (first, second) = (next(tmp_path.glob(f".file.{process.pid}.part")) for process in writers)
    killed(writers[0])
    os.utime(second, (1e9, 1e9))  # however long it has been at it
    atomic.write_bytes(tmp_path / "file", b"new")
    assert not first.exists()
    assert second.exists()
    killed(writers[1])
    atomic.write_bytes(tmp_path / "file", b"new")
    assert list(tmp_path.iterdir()) == [tmp_path / "file"]


def test_a_folder_is_left_alone_while_its_writer_lives(tmp_path: Path) -> None:
    process = begun(FILLS_A_FOLDER, tmp_path)
    (folder,) = tmp_path.iterdir()
    sweep(tmp_path.iterdir())
    assert folder.exists()
    killed(process)
    sweep(tmp_path.iterdir())
    assert not folder.exists()


def test_other_files_and_links_and_pipes_are_left_alone(tmp_path: Path) -> None:
    kept = [tmp_path / name for name in (".file.part", ".other.1.part", "file.1.part")]
    for path in kept:
        path.write_bytes(b"x")
    link = tmp_path / ".file.7.part"
    link.symlink_to(kept[0])
    os.mkfifo(tmp_path / ".file.8.part")
    atomic.write_bytes(tmp_path / "file", b"new")
    assert all(path.exists() for path in (*kept, link))
