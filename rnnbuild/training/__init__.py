"""The loop, what it needs to begin, what it keeps to go on, and the scores at its end."""
