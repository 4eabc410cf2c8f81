"""Who trains the runs of studies: processes of this machine, or of a Ray cluster's nodes."""

from dataclasses import dataclass

from rnnbuild.studies.job import Listener
from rnnbuild.threads import processors


@dataclass(frozen=True)
class Staff:
    """As many workers as asked for, here or on a cluster."""

    workers: int | None = None
    """By default one for each CPU that this process, or the cluster, may use."""
    threads: int | None = None
    """CPU threads of each worker. By default CPUs are divided among workers here, and a worker of a
    cluster has one."""
    ray: str | None = None
    """The address of a Ray cluster, or `auto`; None trains on this machine."""

    def train(self, listener: Listener, runs: int) -> None:
        """Do every job that the listener gives out, of which there are so many.

        Raises Interrupted, RequestError, and for a cluster MissingExtraError.
        """
        if self.ray is not None:
            from rnnbuild.workers.cluster import train_on_cluster

            train_on_cluster(listener, self.ray, self.workers, self.threads or 1)
            return
        from rnnbuild.dependencies import refuse_unless_installed
        from rnnbuild.workers.pool import train_with

        refuse_unless_installed("TensorFlow")

        train_with(listener, workers_for(self.workers, runs), self.threads)


def workers_for(wanted: int | None, runs: int) -> int:
    """The number of workers here: as wanted, else one for each CPU, and no more than runs."""
    return max(1, min(wanted or processors(), runs))
