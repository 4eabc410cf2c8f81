"""The page of several runs side by side, a section a file."""
