"""What a file looks like, and what could be learned from it: `rnnbuild init FILE`."""
