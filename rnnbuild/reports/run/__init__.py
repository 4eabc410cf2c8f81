"""The page of one run, a section a file."""
