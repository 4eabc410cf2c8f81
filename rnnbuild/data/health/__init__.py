"""Questions of the health check that several kinds of data share, one a file.

Each kind's `health.py` asks them along with its own. Figures come from the counts that were made
when the data was read, so that they agree with the notes that training prints.
"""
