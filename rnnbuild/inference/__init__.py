"""From a trained model and encoded rows to decoded answers, for every caller alike."""
