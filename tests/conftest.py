"""What all tests share: a cache of their own, and no colours from the terminal around them."""

import os
import tempfile

# Set before anything is imported, so that subprocesses of tests see it too.
_cache = tempfile.TemporaryDirectory(prefix="rnnbuild-test-cache-")
os.environ["RNNBUILD_CACHE"] = _cache.name
os.environ["NO_COLOR"] = "1"
os.environ.pop("TF_CPP_MIN_LOG_LEVEL", None)
