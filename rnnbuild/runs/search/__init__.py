"""A search's folder on the disk, as typed records; nothing else knows its layout."""
