"""One HTML page about runs and studies, from their records."""
