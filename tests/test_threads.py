"""The number of threads is that of the kernels, of TensorFlow and of the libraries below NumPy."""

import json
import os
import subprocess
import sys

import pytest

from rnnbuild.errors import RequestError
from rnnbuild.threads import stated_threads, usable_processors


@pytest.mark.parametrize("text", ["0", "-1", "two", "1.5", "²", "1e3", "999999999"])
def test_what_is_not_a_number_of_threads_is_refused(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RNNBUILD_THREADS", text)
    with pytest.raises(RequestError, match=f"RNNBUILD_THREADS is `{text}`"):
        stated_threads()


@pytest.mark.parametrize(("text", "threads"), [("", None), (" ", None), ("3", 3), (" 12 ", 12)])
def test_the_environment_states_the_number(
    text: str, threads: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RNNBUILD_THREADS", text)
    assert stated_threads() == threads


def test_usable_processors_are_those_that_the_system_counts() -> None:
    counted = subprocess.run(
        ["nproc"], capture_output=True, text=True, env={"PATH": os.environ["PATH"]}
    )
    assert usable_processors() == int(counted.stdout)


# The program of `rnnbuild`, its command replaced by one that asks each library for its threads.
ASKING = """
import json, sys
from rnnbuild.cli import app
def asked(**settings):
    from rnnbuild.models.framework import tf
    from rnnbuild.models.kernels.shards import processors
    import numpy, scipy.linalg, sklearn.linear_model
    from threadpoolctl import threadpool_info
    tf.constant(1) + 1
    pools = {pool["user_api"]: pool["num_threads"] for pool in threadpool_info()}
    threading = tf.config.threading
    print(json.dumps({
        "kernels": processors(),
        "intra_op": threading.get_intra_op_parallelism_threads(),
        "inter_op": threading.get_inter_op_parallelism_threads(),
        **pools,
    }))
app.app = asked
app.main()
"""


def test_every_library_computes_with_the_stated_number() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", ASKING],
        env={**os.environ, "RNNBUILD_THREADS": "1"},
        capture_output=True,
        text=True,
    )
    assert ended.returncode == 0, ended.stderr
    threads = json.loads(ended.stdout)
    assert {"kernels", "intra_op", "inter_op", "blas", "openmp"} <= threads.keys()
    assert set(threads.values()) == {1}
