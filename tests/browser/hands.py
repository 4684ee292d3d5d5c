"""How somebody works a page: with a mouse, with a finger, or with the keyboard alone."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

COUNT_CLICKS = """() => {
    addEventListener("click", (event) => {
        if (!event.isTrusted || !event.detail) return;  // a key that presses a button is no click
        sessionStorage.clicks = Number(sessionStorage.clicks ?? 0) + 1;
    }, true);
}"""
FARTHEST = 60
"""So many times somebody presses Tab before they give up."""


class Mouse:
    """Clicks; between fields it presses Tab, as people do who have just typed."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.add_init_script(f"({COUNT_CLICKS})()")

    @property
    def clicks(self) -> int:
        """Give how often something was clicked, on all pages together."""
        return int(self.page.evaluate("sessionStorage.clicks ?? 0"))

    def press(self, target: Locator) -> None:
        """Press a link or a button."""
        target.click()

    def write(self, field: Locator, text: str) -> None:
        """Write into a field instead of what stands there."""
        expect(field).to_be_visible()
        if field.get_attribute("autofocus") is not None:
            expect(field).to_be_focused()
        if not _has_focus(field):
            self.page.keyboard.press("Tab")
        if not _has_focus(field):
            self.press(field)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)


class Finger(Mouse):
    """Taps, also into fields."""

    def press(self, target: Locator) -> None:
        """Press a link or a button."""
        target.tap()


class Keys(Mouse):
    """Goes to everything with Tab."""

    def press(self, target: Locator) -> None:
        """Press a link or a button."""
        self._go_to(target)
        self.page.keyboard.press("Enter")

    def write(self, field: Locator, text: str) -> None:
        """Write into a field instead of what stands there."""
        self._go_to(field)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def _go_to(self, target: Locator) -> None:
        expect(target).to_be_visible()
        for _ in range(FARTHEST):
            if _has_focus(target):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"No Tab leads to {target}.")


def _has_focus(target: Locator) -> bool:
    return bool(target.evaluate("element => element === document.activeElement"))
