"""The command line: one file per command; the only place that prints and picks exit codes."""

import gc

# Loading modules makes objects that stay. Python looks through them for garbage every 700 objects,
# a fifth of a short command's time; every 100,000 is soon enough, and before typer is loaded.
gc.set_threshold(100_000, 50, 100)
