"""The state of a run besides its weights, and how it is saved and shown."""
