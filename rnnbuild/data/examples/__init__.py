"""Examples as numbers: splits, batches, and the order in which they come."""
