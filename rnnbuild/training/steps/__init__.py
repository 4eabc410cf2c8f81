"""One step of gradient descent: gather, exchange, apply."""
