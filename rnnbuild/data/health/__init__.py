"""Questions of the health check that are asked of several kinds of data, one a file.

Each kind's own `health.py` asks them, beside questions of its own. Figures come from what was
counted when the data was read, so that they are those of the notes that training prints.
"""
