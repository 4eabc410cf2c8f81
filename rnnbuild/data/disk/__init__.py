"""Files that are read, and arrays that are too long for memory."""
