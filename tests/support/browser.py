"""Browsers as people use them: the tablet in the chamber, a phone, the secretary's desk, the projector."""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Error, Page, async_playwright

from tests.support.processes import program

ROOT = Path(__file__).resolve().parents[2]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SCREENS: dict[str, dict[str, Any]] = {
    "tablet": {"viewport": {"width": 1180, "height": 820}, "has_touch": True, "device_scale_factor": 1},
    "phone": {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True},
    "desktop": {"viewport": {"width": 1440, "height": 900}},
    "projector": {"viewport": {"width": 1920, "height": 1080}},
}
# A refused form answers 4xx on purpose, and Chromium reports every such answer on the console.
EXPECTED_ON_THE_CONSOLE = ("Failed to load resource",)


@asynccontextmanager
async def chromium() -> AsyncGenerator[Browser]:
    """Debian's Chromium, driven by Playwright; nothing is downloaded."""
    path = program("chromium", "chromium-browser", "google-chrome", package="chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=FLAGS)
        try:
            yield browser
        finally:
            await browser.close()


class Desk:
    """Opens contexts for one test: each has its own cookies, so each is another person.

    What a page complains about on its console (a violated content policy, a script error) fails the test at
    its end, unless the test took it out of `complaints`.
    """

    def __init__(self, browser: Browser, base_url: str | None = None) -> None:
        self.browser = browser
        self.base_url = base_url
        self.complaints: list[str] = []
        self._contexts: list[BrowserContext] = []

    async def context(self, screen: str = "tablet", **options: Any) -> BrowserContext:
        """A person's browser on `tablet`, `phone`, `desktop` or `projector`; options as in Playwright."""
        settings: dict[str, Any] = {
            "locale": "vi-VN",
            "timezone_id": "Asia/Ho_Chi_Minh",
            "reduced_motion": "reduce",
        }
        if self.base_url:
            settings["base_url"] = self.base_url
        context = await self.browser.new_context(**{**SCREENS[screen], **settings, **options})
        context.set_default_timeout(15_000)
        context.on("console", self._listen)
        context.on("weberror", lambda error: self.complaints.append(f"script error: {error.error}"))
        self._contexts.append(context)
        return context

    async def page(self, screen: str = "tablet", **options: Any) -> Page:
        """The same with a page opened."""
        return await (await self.context(screen, **options)).new_page()

    async def close(self) -> None:
        for context in self._contexts:
            try:
                await context.close()
            except Error:
                continue  # the test has closed it
        self._contexts.clear()

    def _listen(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(EXPECTED_ON_THE_CONSOLE):
            self.complaints.append(f"{message.page.url if message.page else '?'}: {message.text}")


async def screenshot(page: Page, name: str, *, full_page: bool = True) -> Path | None:
    """Keeps `name.png` when MEETINGS_SCREENSHOTS is set: to a folder, or to 1 for tests/screenshots."""
    wanted = os.environ.get("MEETINGS_SCREENSHOTS")
    if not wanted:
        return None
    folder = ROOT / "tests" / "screenshots" if wanted == "1" else Path(wanted)
    folder.mkdir(parents=True, exist_ok=True)
    await page.screenshot(path=folder / f"{name}.png", full_page=full_page, animations="disabled")
    return folder / f"{name}.png"


async def accessibility(page: Page, *disabled: str) -> list[str]:
    """What axe-core finds wrong on the page by WCAG 2.2 AA, a line each; empty is good."""
    source = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")
    await page.evaluate(source)
    found = await page.evaluate(
        """async disabled => (await axe.run(document, {
             runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
             rules: Object.fromEntries(disabled.map(rule => [rule, {enabled: false}])),
           })).violations.flatMap(rule => rule.nodes.map(node => [rule.id, rule.help, node.html]))""",
        list(disabled),
    )
    return [f"{rule}: {text}: {html[:200]}" for rule, text, html in found]
