"""The command line: one file per command; the only place that prints and picks exit codes."""

import atexit
import gc

# Loading modules creates objects that live as long as the process. By default Python scans them for
# garbage every 700 objects, a fifth of a short command's time; every 100,000 is soon enough. Set
# before typer is imported.
gc.set_threshold(100_000, 50, 100)
# At exit it scans all of them again, several times: with TensorFlow that takes a second. Whatever
# has to be closed or removed has been closed or removed by then.
atexit.register(gc.freeze)
