"""What trivial methods answer on the same splits, so that no score stands alone."""
