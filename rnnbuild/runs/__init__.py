"""A run's folder on disk; nothing else knows its layout."""
