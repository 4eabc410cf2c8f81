"""Runs on a cluster of two nodes are those of one machine, to the bit, though a node is lost."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from rnnbuild.errors import RequestError
from rnnbuild.runs.history import HistoryLine
from rnnbuild.studies.job import Ended, Job
from rnnbuild.workers.cluster import train_on_cluster
from tests.small_runs import classify_config
from tests.training.small_runs import assert_same_run
from tests.workers.asking import Recorder, job_for


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A head and another node, each with room for one worker."""
    monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "0")
    from ray.cluster_utils import Cluster

    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1})
    cluster.add_node(num_cpus=1)
    yield cluster
    cluster.shutdown()


class NodeKiller(Recorder):
    """Removes a node when a run is at its second evaluation, and adds another later."""

    def __init__(self, jobs: list[Job], cluster: Any):
        super().__init__(jobs)
        self.cluster = cluster

    def goes_on(self, job: Job, line: HistoryLine) -> bool:
        nodes = self.cluster.list_all_nodes()
        if line.steps == 6 and len(nodes) == 2 and not any(end.cut for _, end in self.ends):
            (other,) = (node for node in nodes if not node.head)
            self.cluster.remove_node(other, allow_graceful=False)
        return True

    def ended(self, job: Job, ended: Ended) -> None:
        assert sum(end.cut for _, end in self.ends) < 3, self.ends
        super().ended(job, ended)
        if ended.cut:
            self.cluster.add_node(num_cpus=1)


@pytest.mark.torture
def test_a_node_that_is_killed_costs_its_runs_only_until_they_go_on_elsewhere(
    cluster: Any, config: Path, alone: Path, tmp_path: Path
) -> None:
    jobs = [job_for(tmp_path / "runs" / f"run-{number}", config) for number in range(3)]
    own_files = replace(job_for(tmp_path / "csv", classify_config(tmp_path)), data_folder=tmp_path)
    listener = NodeKiller([*jobs, own_files], cluster)
    train_on_cluster(listener, cluster.address)
    cuts = [ended for _, ended in listener.ends if ended.cut]
    assert len(cuts) == 1
    assert cuts[0].error is not None
    assert "its node is gone" in cuts[0].error
    done = [name for name, ended in listener.ends if ended == Ended()]
    assert sorted(done) == [own_files.name, *(job.name for job in jobs)]
    for job in jobs:
        assert_same_run(job.run, alone)
        threads = json.loads((job.run / "environment.json").read_text())["threads"]
        assert threads == {"intra_op": 1, "inter_op": 1}
    recorded = json.loads((own_files.run / "data.json").read_text())
    assert recorded["folder"] == str(tmp_path)
    assert [file["name"] for file in recorded["files"]] == ["reviews.csv"]
    assert "rnnbuild-worker" not in own_files.log.read_text()


def test_where_there_is_no_cluster_it_says_how_to_start_one() -> None:
    with pytest.raises(RequestError, match="there is no Ray cluster at `localhost:1`"):
        train_on_cluster(Recorder([]), "localhost:1")
