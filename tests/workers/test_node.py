"""A run whose node is lost goes on at another, from what came back, to the same end."""

from pathlib import Path

from rnnbuild.studies.job import Job
from rnnbuild.workers.node import News, NodeWorker, Parcel
from rnnbuild.workers.shipment import Shipment, ShippedFolder, unpack
from tests.training.small_runs import assert_same_run
from tests.workers.asking import job_for, wait_until_gone


def test_a_run_goes_on_at_another_node(config: Path, alone: Path, tmp_path: Path) -> None:
    job = job_for(tmp_path / "run", config)
    lost = begun(job, Shipment((), {}))
    for _ in range(3):
        news = next_evaluation(lost, job)
    assert news.message is not None
    assert news.message[1]["steps"] == 6
    assert lost.process is not None
    lost.process.process.kill()
    last = lost.news()
    assert last.message is None
    assert last.why.startswith("its worker was killed by SIGKILL")
    assert last.why.endswith(f"see {job.log}")

    other = begun(job, ShippedFolder(job.run).news())
    while (news := next_evaluation(other, job)).message != ("ended", {"cut": False, "fit": True}):
        assert news.message is not None
        assert news.message[0] == "evaluated", news
    assert_same_run(job.run, alone)
    folder, pid = other.folder, other.process.process.pid if other.process else 0
    other.close()
    wait_until_gone(pid)
    lost.close()
    assert not folder.exists()
    assert not lost.folder.exists()


def begun(job: Job, run: Shipment) -> NodeWorker:
    """A node with one thread that was given the job."""
    node = NodeWorker(1)
    node.begin(Parcel(job, job.config.read_bytes(), run, {}))
    return node


def next_evaluation(node: NodeWorker, job: Job) -> News:
    """The next evaluation, or the end; the run's folder is brought up to date."""
    while (news := node.news()).message is None or news.message[0] == "remarked":
        assert news.message is not None, news
    assert news.run is not None
    unpack(news.run, job.run)
    if news.message[0] == "evaluated":
        node.say("go_on", True)
    return news
