"""How much memory there is, so that what cannot fit is refused before it fills all of it."""

import os


def memory_of_process() -> int:
    """Bytes of memory that this process may take: the machine's, or less where it is limited."""
    import resource

    machine = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    return machine if limit == resource.RLIM_INFINITY else min(machine, limit)
