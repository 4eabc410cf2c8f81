"""The program that imports packages, in a process of its own: one that is broken may end it.

`python -m rnnbuild.doctor.probe numpy tensorflow` prints a JSON line for each module once it is
imported, and with TensorFlow one with the devices that it sees.
"""

import json
import sys
from importlib import import_module
from typing import Any

from rnnbuild.dependencies import why_not_importable


def main() -> None:
    for module in sys.argv[1:]:
        reason = why_not_importable(module)
        report({"module": module, "reason": reason})
        if module == "tensorflow" and reason is None:
            report({"devices": devices()})


def devices() -> list[str]:
    """GPUs as TensorFlow names them."""
    config = import_module("tensorflow").config
    found = []
    for device in config.list_physical_devices("GPU"):
        details = config.experimental.get_device_details(device)
        found.append(str(details.get("device_name", device.name)))
    return found


def report(line: dict[str, Any]) -> None:
    print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
