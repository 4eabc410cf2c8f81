"""What a run knows besides its weights, and what is kept and shown of it."""
