"""Makes the C library keep freed memory for the next block of text."""

import numpy as np

LARGEST = (32 << 20) - (1 << 16)
"""Bytes: glibc learns from no block over 32 MB, its own header included."""


def keep_freed() -> None:
    """Let memory that is freed be used again, up to 64 MB of it, instead of given back.

    Block after block of text takes arrays of some 100 kB and more. Each such array is asked of the
    system anew, and comes page by page, which takes a quarter of all the time that reading does.
    glibc stops this after it has seen a larger block freed (M_MMAP_THRESHOLD in mallopt(3)). Here
    it sees one, of which no page is touched. Elsewhere this does nothing.
    """
    np.empty(LARGEST, np.uint8)
