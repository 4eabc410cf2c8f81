"""A resolved config -> a `keras.Sequential`, its forward pass, its losses and its optimizer."""
