"""What a run needs before its first step: data, weights, optimizer, environment."""
