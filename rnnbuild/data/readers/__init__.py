"""One file a format; `formats` is the table of them."""
