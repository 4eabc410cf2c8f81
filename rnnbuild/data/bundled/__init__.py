"""Datasets that come with the package, one file each; `registry` is the table of them."""
