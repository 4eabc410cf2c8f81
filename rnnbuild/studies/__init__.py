"""Several variants by several seeds: what is planned, and what the finished runs showed."""
