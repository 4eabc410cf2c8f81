"""The page of a study, a section a file."""
