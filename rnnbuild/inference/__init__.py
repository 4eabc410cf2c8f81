"""A trained model and encoded rows -> decoded answers: one way, whoever asks."""
