"""The loop, what it needs to begin, what it saves in order to resume, and the scores at its end."""
