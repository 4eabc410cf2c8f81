"""Debian's Chromium without a window, driven by the DevTools protocol.

https://chromedevtools.github.io/devtools-protocol/
"""

import base64
import json
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from websockets.sync.client import ClientConnection, connect

CHROMIUM = "chromium"
needs_chromium = pytest.mark.skipif(
    shutil.which(CHROMIUM) is None, reason="chromium, in which pages are opened, is missing"
)
PATIENCE = 60.0
"""Seconds that a busy machine is waited for."""
KEYS: dict[str, dict[str, Any]] = {
    "Enter": {"text": "\r", "windowsVirtualKeyCode": 13},
    "Tab": {"windowsVirtualKeyCode": 9},
    "Escape": {"windowsVirtualKeyCode": 27},
}
"""Keys that do something by themselves."""


@dataclass
class Tab:
    """A page in the browser, and what it has said and asked for since it was opened."""

    connection: ClientConnection
    session: str
    sent: int = 0
    console: list[str] = field(default_factory=list)
    """Errors and warnings, those of the Content-Security-Policy among them."""
    requests: list[str] = field(default_factory=list)
    """Addresses that were asked for, by anything but the page itself."""
    events: list[str] = field(default_factory=list)

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """The result of a command. Raises RuntimeError where the browser refuses it."""
        self.sent += 1
        message = {"id": self.sent, "method": method, "params": parameters}
        self.connection.send(json.dumps({**message, "sessionId": self.session}))
        while True:
            answer = self.receive(PATIENCE)
            if answer.get("id") == self.sent:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                result: dict[str, Any] = answer["result"]
                return result

    def receive(self, seconds: float) -> dict[str, Any]:
        """The next message; what it says of the page is recorded."""
        message: dict[str, Any] = json.loads(self.connection.recv(timeout=seconds))
        self.record(message.get("method", ""), message.get("params", {}))
        return message

    def record(self, event: str, parameters: dict[str, Any]) -> None:
        self.events.append(event)
        if event == "Network.requestWillBeSent":
            self.requests.append(parameters["request"]["url"])
        elif event == "Log.entryAdded":
            self.console.append(parameters["entry"]["text"])
        elif event == "Runtime.exceptionThrown":
            self.console.append(str(parameters["exceptionDetails"]))
        elif event == "Runtime.consoleAPICalled" and parameters["type"] in ("error", "warning"):
            said = parameters["args"]
            self.console.append(" ".join(str(each.get("description", each)) for each in said))

    def run(self, script: str) -> Any:
        """The value of an expression or of its promise. Raises RuntimeError where it throws."""
        result = self.call(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True
        )
        if "exceptionDetails" in result:
            raise RuntimeError(str(result["exceptionDetails"]))
        return result["result"].get("value")

    def wait_for(self, condition: str) -> None:
        """Until an expression is true. Raises TimeoutError."""
        end = time.monotonic() + PATIENCE
        while self.run(condition) is not True:
            if time.monotonic() > end:
                raise TimeoutError(condition)
            time.sleep(0.05)

    def open(self, page: Path) -> None:
        """Open a file and wait until its plots are drawn; forgets what was before."""
        self.console.clear()
        self.requests.clear()
        self.call("Page.navigate", url=page.resolve().as_uri())
        self.wait_for("document.readyState === 'complete'")
        drawn = "document.documentElement.dataset.drawn === 'all'"
        self.wait_for(f"document.querySelector('.plot') === null || {drawn}")

    def visit(self, url: str) -> None:
        """Open an address and wait until it is loaded; forgets what was before."""
        self.console.clear()
        self.requests.clear()
        self.call("Page.navigate", url=url)
        self.wait_for("document.readyState === 'complete'")

    def resize(self, width: int, height: int = 900) -> None:
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )

    def prefer(self, scheme: str) -> None:
        """The colour scheme that the system prefers: `light` or `dark`."""
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.call("Emulation.setEmulatedMedia", features=features)

    def click(self, x: float, y: float) -> None:
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def hover(self, x: float, y: float) -> None:
        for near in (x - 1, x):  # a pointer that only appears has not moved
            self.call("Input.dispatchMouseEvent", type="mouseMoved", x=near, y=y)
            self.run("new Promise(requestAnimationFrame)")

    def key(self, name: str, modifiers: int = 0) -> None:
        """Press a key; modifiers: 2 is Ctrl, 8 Shift."""
        for kind in ("keyDown", "keyUp"):
            self.call(
                "Input.dispatchKeyEvent",
                type=kind,
                key=name,
                code=name,
                modifiers=modifiers,
                **KEYS.get(name, {}),
            )

    def type(self, text: str) -> None:
        """Type a text where the focus is."""
        self.call("Input.insertText", text=text)

    def faults(self) -> list[str]:
        """What keeps people from reading the page: https://github.com/dequelabs/axe-core, the rules
        of WCAG 2.1 A and AA."""
        import axe_core_python

        axe = Path(axe_core_python.__path__[0], "axe.min.js").read_text(encoding="utf-8")
        self.run(f"{axe}; 0")
        faults: list[str] = self.run(
            "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']})"
            ".then(({violations}) => violations.map(v => `${v.id}: ${v.nodes[0].html}`))"
        )
        return faults

    def text(self) -> str:
        """What a screen reader finds on the page, which needs no script; waits for the page."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            nodes = self.call("Accessibility.getFullAXTree")["nodes"]
            names = [str(node.get("name", {}).get("value", "")) for node in nodes]
            if len(names) > 100:
                return " ".join(names)
            time.sleep(0.05)
        raise TimeoutError("no page")

    def screenshot(self, target: Path, whole: bool = True) -> None:
        """A PNG of the page, or of what is in view."""
        result = self.call("Page.captureScreenshot", captureBeyondViewport=whole)
        target.write_bytes(base64.b64decode(result["data"]))


@contextmanager
def tab() -> Iterator[Tab]:
    """A tab of a browser of its own, without anything that browsers do by themselves."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        process = subprocess.Popen(
            [
                *(CHROMIUM, "--headless=new", "--no-sandbox", "--remote-debugging-port=0"),
                *(f"--user-data-dir={profile}", "--disable-gpu", "--disable-background-networking"),
                *("--no-first-run", "--disable-component-update", "--disable-extensions"),
                *("--hide-scrollbars", "--force-color-profile=srgb", "about:blank"),
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            with connect(address(Path(profile), process), max_size=None) as connection:
                yield attached(connection)
        finally:
            process.terminate()
            process.wait()


def address(profile: Path, process: "subprocess.Popen[bytes]") -> str:
    """Where the browser listens, which it writes into its profile."""
    file, end = profile / "DevToolsActivePort", time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        lines = file.read_text().splitlines() if file.exists() else []
        if len(lines) == 2:
            return f"ws://127.0.0.1:{lines[0]}{lines[1]}"
        time.sleep(0.02)
    raise RuntimeError(f"{CHROMIUM} did not start")


def attached(connection: ClientConnection) -> Tab:
    """The tab that the browser started with."""
    browser = Tab(connection, "")

    def ask(method: str, **parameters: Any) -> dict[str, Any]:
        browser.sent += 1
        connection.send(json.dumps({"id": browser.sent, "method": method, "params": parameters}))
        while (answer := browser.receive(PATIENCE)).get("id") != browser.sent:
            pass
        result: dict[str, Any] = answer["result"]
        return result

    targets = ask("Target.getTargets")["targetInfos"]
    (target,) = (each["targetId"] for each in targets if each["type"] == "page")
    session = ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
    made = Tab(connection, session, browser.sent)
    for domain in ("Page", "Runtime", "Log", "Network"):
        made.call(f"{domain}.enable")
    return made
