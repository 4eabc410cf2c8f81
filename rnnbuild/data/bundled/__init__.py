"""The bundled datasets, one file each; `registry` is their table."""
