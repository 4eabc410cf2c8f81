"""The readers: one module per file format; `formats` is the table of them."""
