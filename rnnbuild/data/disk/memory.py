"""How much memory there is, so that what cannot fit is refused before it fills all of it."""

import os


def memory_of_machine() -> int | None:
    """Bytes of physical memory; None where the system does not say."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):  # not on Windows
        return None


def memory_of_process() -> int | None:
    """Bytes that this process may take: the machine's, or less where it is limited; None where the
    system does not say."""
    machine = memory_of_machine()
    if os.name != "posix" or machine is None:
        return machine
    import resource

    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    return machine if limit == resource.RLIM_INFINITY else min(machine, limit)
