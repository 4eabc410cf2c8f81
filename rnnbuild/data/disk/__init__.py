"""Reading files, and arrays that are too long for memory."""
