"""A person who has a keyboard and nothing else."""

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

MOST_STOPS = 400
# The focus counts as visible when giving it changes how the control, its label or its surroundings are drawn.
STOP = """() => {
    const stop = document.activeElement;
    if (!stop || stop === document.body || stop === document.documentElement) return null;
    window.stopsSeen ??= new Map();
    if (window.stopsSeen.has(stop)) return {number: window.stopsSeen.get(stop), again: true, html: stop.outerHTML};
    window.stopsSeen.set(stop, window.stopsSeen.size);
    const parts = [stop, ...(stop.labels ?? []), stop.nextElementSibling, stop.parentElement,
        stop.parentElement?.parentElement].filter(Boolean);
    const look = () => parts.map((part) => {
        const style = getComputedStyle(part);
        return [style.outlineStyle, style.outlineWidth, style.outlineColor, style.boxShadow, style.borderColor,
            style.backgroundColor, style.clipPath, style.transform].join();
    }).join("|");
    const focused = look();
    const place = parts.some((part) => {
        const box = part.getBoundingClientRect();
        return box.width > 1 && box.height > 1 && box.bottom > 0 && box.top < window.innerHeight;
    });
    const said = stop.matches(":focus-visible");
    stop.blur();
    const plain = look();
    stop.focus({preventScroll: true, focusVisible: true});
    return {number: window.stopsSeen.get(stop), again: false, seen: said && place && focused !== plain,
        html: stop.outerHTML.slice(0, 160)};
}"""


@dataclass
class Keys:
    """Keyboard work on a page."""

    page: Page

    def tab_to(self, selector: str, *, key: str = "Tab") -> None:
        """Press Tab (or `key`) until the focus is on what the selector names."""
        for _step in range(MOST_STOPS):
            self.page.keyboard.press(key)
            if self.is_on(selector):
                return
        raise AssertionError(f"{selector} is not reached by {key}")

    def is_on(self, selector: str) -> bool:
        """Tell whether the focus is on what the selector names."""
        found = self.page.evaluate("(wanted) => document.activeElement.matches(wanted)", selector)
        return bool(found)

    def press(self, *keys: str) -> None:
        """Press keys one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def walk(self) -> list[dict[str, Any]]:
        """Press Tab through the whole page, from its beginning until it begins again; return every stop.

        Fails where the focus stays for ever among some of the page's controls.
        """
        found: list[dict[str, Any]] = []
        for _step in range(MOST_STOPS):
            self.page.keyboard.press("Tab")
            stop = self.page.evaluate(STOP)
            if stop is None or (stop["again"] and stop["number"] == 0):
                return found
            if found and stop["number"] == found[-1]["number"]:
                continue  # a date has a stop for each of its parts
            assert not stop["again"], f"the focus goes round without {stop['html']}"
            found.append(stop)
        raise AssertionError(f"after {MOST_STOPS} stops the page does not begin again")
