"""What can be computed again, on the disk. A cache that is damaged, full or not writable, or that
has no place at all, only costs time.

place.py          where it is, and why something could not be written to it
entry.py          one file
misses.py         reports of work that takes seconds
filled_folder.py  a folder of files, too large for memory
"""
