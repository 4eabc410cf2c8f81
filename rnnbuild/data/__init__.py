"""Examples: from files and bundled datasets to numbers in batches, with what is odd in them."""
