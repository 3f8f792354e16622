"""The pictures of README and manifest, taken of the built site in Chromium: python -m tests.browser.pictures

`desktop.png` and `phone.png` show the built-in example, done; `live.png` and `live-phone.png` a take of it under way.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import soundfile
from playwright.sync_api import Playwright, sync_playwright

from tests.browser import linnet_page, site
from tests.browser.linnet_page import LinnetPage

FOLDER = Path(__file__).resolve().parents[2] / "web" / "screenshots"
DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
BENT_NOTE = (6.6, 79)  # seconds, pitch
TAKE_S = 8.0


def take(page: LinnetPage, name: str) -> None:
    page.page.wait_for_timeout(700)  # what fades in has faded in
    page.page.screenshot(path=FOLDER / name)


def done(playwright: Playwright, url: str, name: str, viewport: dict[str, int], is_touched: bool) -> None:
    browser = linnet_page.launch(playwright)
    with linnet_page.fresh(browser, viewport=viewport, color_scheme="dark", has_touch=is_touched) as page:
        page.open(url)
        page.page.click("#example")
        page.wait_for("done")
        if not is_touched:
            page.page.click("#underlays >> text=Spectrum")
            page.page.mouse.click(*page.place(*BENT_NOTE))
            page.page.mouse.move(0, 0)
        take(page, name)
    browser.close()


def under_way(playwright: Playwright, url: str, sound: Path, name: str, viewport: dict[str, int]) -> None:
    heard = f"--use-file-for-fake-audio-capture={sound}"
    browser = linnet_page.launch(playwright, *linnet_page.FAKE_MICROPHONE, heard)
    with linnet_page.fresh(browser, viewport=viewport, color_scheme="dark", has_touch=viewport is PHONE) as page:
        page.open(url)
        page.page.click("#record")
        page.page.wait_for_selector("#record[data-recording=true]")
        page.page.wait_for_timeout(1000 * TAKE_S)
        take(page, name)
        page.page.click("#record")
        page.wait_for("done")
    browser.close()


def main() -> None:
    with TemporaryDirectory() as folder, site.served() as served, sync_playwright() as playwright:
        sound = Path(folder) / "example.wav"
        soundfile.write(sound, *soundfile.read(next(site.DIST.glob("app-*/example.flac"))))
        done(playwright, served.url, "desktop.png", DESKTOP, is_touched=False)
        done(playwright, served.url, "phone.png", PHONE, is_touched=True)
        under_way(playwright, served.url, sound, "live.png", DESKTOP)
        under_way(playwright, served.url, sound, "live-phone.png", PHONE)


if __name__ == "__main__":
    main()
