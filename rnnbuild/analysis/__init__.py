"""What a model costs, known without building it: pure Python, from a resolved config."""
