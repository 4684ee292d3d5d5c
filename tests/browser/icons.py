"""``python -m tests.browser.icons``: draw the icons of an installed board from the logo.

Systems cut the ``maskable`` ones and that of Apple to a shape of their own, so these have colour up to the edge and the
aeroplane well inside of it. The others are the logo as it is.
"""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.chromium import launch

IMAGES = Path(__file__).parents[2] / "static" / "img"
INSIDE = 0.76
"""Of the width: whatever is cut off, a circle of four fifths of it stays."""
ICONS = {
    "icon-192.png": (192, 1.0),
    "icon-512.png": (512, 1.0),
    "icon-maskable-192.png": (192, INSIDE),
    "icon-maskable-512.png": (512, INSIDE),
    "apple-touch-icon.png": (180, 0.86),
}


def main() -> None:
    """Draw every icon."""
    logo = (IMAGES / "logo.svg").read_text(encoding="utf-8")
    with sync_playwright() as playwright:
        browser = launch(playwright.chromium)
        for name, (size, scale) in ICONS.items():
            page = browser.new_page(viewport={"width": size, "height": size})
            page.set_content(f"<style>*{{margin:0}}svg{{display:block;width:100vw}}</style>{drawn(logo, scale)}")
            page.screenshot(path=IMAGES / name, omit_background=True)
            page.close()
        browser.close()


def drawn(logo: str, scale: float) -> str:
    """Give the logo with its signs at this scale; below 1 the colour reaches the edge."""
    if scale == 1:
        return logo
    edge = 16 * (1 - scale)
    whole = re.sub(r'rx="8"', "", logo)
    return re.sub(r"((?:<path[^>]*/>\s*)+)", rf'<g transform="translate({edge} {edge}) scale({scale})">\1</g>', whole)


if __name__ == "__main__":
    main()
