"""Whether this machine can train: what is looked at, what is found, how it is fixed."""
