"""Memory that is freed stays with the process, as the C library's own figures have it."""

import ctypes
import subprocess
import sys

import pytest

SCRIPT = """
import ctypes
import numpy as np
from rnnbuild.data.text.freed import keep_freed

class Figures(ctypes.Structure):
    names = "arena ordblks smblks hblks hblkhd usmblks fsmblks uordblks fordblks keepcost"
    _fields_ = [(name, ctypes.c_size_t) for name in names.split()]

library = ctypes.CDLL(None)
library.mallinfo2.restype = Figures

def asked_of_the_system():
    before = library.mallinfo2().hblks
    held = np.empty(1 << 20, np.uint8)
    return library.mallinfo2().hblks - before

first = asked_of_the_system()
keep_freed()
print(first, asked_of_the_system())
"""


@pytest.mark.skipif(
    sys.platform != "linux" or not hasattr(ctypes.CDLL(None), "mallinfo2"),
    reason="needs glibc 2.33",
)
def test_once_set_the_library_asks_the_system_for_no_array_anew():
    told = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True
    ).stdout
    assert told.split() == ["1", "0"]
