"""A trained model behind an address: HTTP and WebSockets, batches, limits, a page to try it.

FastAPI and uvicorn are imported here alone, and only by `rnnbuild serve`.
"""
