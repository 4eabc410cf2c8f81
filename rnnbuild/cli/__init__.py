"""The command line: one file per command; the only place that prints and picks exit codes."""

import atexit
import gc

# Loading modules makes objects that stay. Python looks through them for garbage every 700 objects,
# a fifth of a short command's time; every 100,000 is soon enough, and before typer is loaded.
gc.set_threshold(100_000, 50, 100)
# As it ends it looks through all of them again, several times: with TensorFlow for a second. What
# has to be closed or removed has been by then.
atexit.register(gc.freeze)
