"""The page of a server in a browser, as somebody uses it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.browser import Tab

UrlOf = Callable[[Path], str]
"""The address of a server for a run's model."""
READY = "!document.getElementById('try').hidden"
ANSWERED = "document.getElementById('status').textContent.startsWith('answered')"


def percent(share: float) -> str:
    """How the page writes a probability."""
    if 0 < share < 0.0005:
        return "< 0.1 %"
    return "> 99.9 %" if 0.9995 < share < 1 else f"{100 * share:.1f} %"


class OpenedPage:
    """The page, once it knows the model."""

    def __init__(self, tab: Tab, url: str, width: int = 1280, scheme: str = "light"):
        self.tab = tab
        tab.resize(width)
        tab.prefer(scheme)
        tab.visit(url)
        tab.wait_for(READY)

    def text_of(self, selector: str) -> str:
        """What is shown of an element."""
        return str(self.tab.run(f"document.querySelector({json.dumps(selector)}).innerText"))

    def texts_of(self, selector: str) -> list[str]:
        """What is shown of each element."""
        each = f"[...document.querySelectorAll({json.dumps(selector)})]"
        return list(self.tab.run(f"{each}.map(one => one.innerText.trim())"))

    def fill(self, name: str, text: str) -> None:
        """Type a text into a field in place of what is there."""
        self.tab.run(f"document.getElementById('{name}').select()")
        self.tab.run(f"document.getElementById('{name}').focus()")
        self.tab.type(text)

    def press(self, name: str) -> None:
        """Click on a button."""
        button = f"document.getElementById('{name}')"
        self.tab.run(f"{button}.scrollIntoView({{block: 'center', behavior: 'instant'}})")
        box = self.tab.run(f"{button}.getBoundingClientRect().toJSON()")
        self.tab.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)

    def ask(self, text: str) -> None:
        """Type an input, and wait for its answer."""
        self.fill("input", text)
        self.tab.key("Enter", modifiers=2)
        self.tab.wait_for(ANSWERED)

    def ask_in_vain(self, text: str) -> str:
        """Type an input that is refused; what is said at the field."""
        self.fill("input", text)
        self.tab.key("Enter", modifiers=2)
        self.tab.wait_for("!document.getElementById('input-problem').hidden")
        assert self.tab.run("document.getElementById('input').getAttribute('aria-invalid')")
        return self.text_of("#input-problem")

    @property
    def bars(self) -> dict[str, str]:
        """The value at each bar, by its name."""
        rows = self.tab.run(
            "[...document.querySelectorAll('.bars tbody tr')]"
            ".map(row => [row.cells[0].innerText.trim(), row.cells[2].innerText])"
        )
        return dict(rows)

    @property
    def drawn(self) -> list[Any]:
        """How long the bars are drawn, as shares of the longest possible."""
        return list(
            self.tab.run(
                "[...document.querySelectorAll('.bar')].map(bar => "
                "parseFloat(getComputedStyle(bar, '::after').width) / bar.clientWidth)"
            )
        )
