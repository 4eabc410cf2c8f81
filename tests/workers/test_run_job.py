"""What a worker does before it trains."""

import threading
import time
from pathlib import Path

from rnnbuild.runs.directory import RunDirectory, locked
from rnnbuild.workers.run_job import wait_until_free


def test_a_run_that_another_worker_still_saves_is_waited_for(tmp_path: Path) -> None:
    run, saving = RunDirectory(tmp_path), threading.Event()
    released: list[float] = []

    def save() -> None:
        with locked(run):
            saving.set()
            time.sleep(0.3)
            released.append(time.monotonic())

    thread = threading.Thread(target=save)
    thread.start()
    saving.wait()
    wait_until_free(run)
    assert released
    assert time.monotonic() >= released[0]
    thread.join()
