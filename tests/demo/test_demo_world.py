"""The whole demo against its real parts: the story by itself, and a person at the page in a browser."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from io import StringIO
from pathlib import Path

import pytest
from playwright.async_api import ConsoleMessage, Locator, Page, Request, async_playwright, expect

from bot.demo import example
from bot.demo.building import open_world
from bot.demo.paperwork import Pace
from bot.demo.progress import Progress
from bot.demo.server import PAGE, PageServer
from bot.demo.story import play
from bot.demo.world import World

BRISK = Pace(undo=1, delay=(0.0, 0.1))
CHROMIUM = shutil.which("chromium")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

pytestmark = [pytest.mark.matrix_real, pytest.mark.timeout(240)]


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    world = await open_world(tmp_path, pace=BRISK, progress=Progress(StringIO()))
    yield world
    await world.close()


async def test_the_story_plays_by_itself_and_every_line_is_observed(world: World) -> None:
    paper = StringIO()
    observed = await play(world, paper)
    assert observed, paper.getvalue()


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="Debian's chromium is not installed")
@pytest.mark.skipif(not (PAGE / "index.html").exists(), reason="the page is not built (make install)")
async def test_a_case_is_asked_and_answered_at_the_page(world: World, tmp_path: Path) -> None:
    server = PageServer(world)
    await server.start()
    try:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            page = await browser.new_page(viewport={"width": 1440, "height": 900})
            await AtThePage(page, tmp_path).play(server.url)
            await browser.close()
    finally:
        await server.stop()


class AtThePage:
    """Somebody at the page. ``troubles`` collects what the browser complained about."""

    def __init__(self, page: Page, folder: Path) -> None:
        self.page = page
        self.folder = folder
        self.troubles: list[str] = []
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on("console", self._on_console)
        page.on("request", self._on_request)
        self.slack = page.locator(".hospital-slack")
        self.matrix = page.locator(".hospital-matrix")

    async def play(self, url: str) -> None:
        await self.page.goto(url)
        await self.pick_people()
        await self.ask()
        await self.answer()
        await self.open_the_home_tab()
        await self.look_as_somebody_else()
        assert self.troubles == []

    async def pick_people(self) -> None:
        await self.slack.get_by_label("You are").select_option(label="Dr. Idris Valcourt: Radiology")
        await self.matrix.get_by_label("You are").select_option(label="Dr. Kofi Marchetti: Cardiology")
        await expect(self.slack.get_by_role("navigation")).to_contain_text("Idris Valcourt")

    async def ask(self) -> None:
        box = self.slack.get_by_label("Message in consult-room")
        await box.fill("/consult case")
        await box.press("Enter")
        form = self.slack.get_by_role("dialog")
        await form.get_by_label("The story").fill(example.STORY)
        await form.get_by_label("Your question").fill(example.QUESTION)
        photograph = self.folder / "IMG_2041.jpg"
        photograph.write_bytes(example.photograph())
        await form.locator("input[type=file]").set_input_files(photograph)
        await form.get_by_role("button", name="Preview").click()
        await expect(form).to_contain_text("Taken out of the text", timeout=30_000)
        await self.nothing_planted(form)
        await self.page.screenshot(path=self.folder / "preview.png")
        await form.get_by_role("button", name="Continue").click()
        await expect(form).to_contain_text("This is what others would see.", timeout=20_000)
        await self.picture_is_shown(form)
        await self.page.screenshot(path=self.folder / "picture.png")
        await form.get_by_role("button", name="Looks clean").click()
        await expect(form).to_contain_text("I know of nothing else that identifies the patient.")
        await self.page.screenshot(path=self.folder / "last.png")
        await form.get_by_role("button", name="Post", exact=True).click()
        await expect(form).to_contain_text("Posted as")
        await form.get_by_role("button", name="Close").last.click()
        await expect(self.slack.get_by_role("log")).to_contain_text(example.QUESTION, timeout=20_000)
        await self.picture_is_shown(self.slack.get_by_role("log"))

    async def answer(self) -> None:
        await self.matrix.get_by_role("button", name="Consult room").click()
        room = self.matrix.get_by_role("log")
        await expect(room).to_contain_text(example.QUESTION, timeout=20_000)
        await self.picture_is_shown(room)
        await self.nothing_planted(room)
        await expect(self.matrix).to_contain_text("Only the bot may write in this room")
        await self.matrix.get_by_role("button", name="Curbside").click()
        box = self.matrix.get_by_label("Message in Curbside")
        await box.fill(f"!consult opinion 101 {example.OPINION}")
        await box.press("Enter")
        await self.slack.get_by_role("button", name="1 reply").click(timeout=20_000)
        await expect(self.slack.get_by_label("Replies")).to_contain_text("Opinion 101.1")

    async def open_the_home_tab(self) -> None:
        await self.slack.get_by_role("button", name="Curbside").click()
        await self.slack.get_by_role("tab", name="Home").click()
        await expect(self.slack.locator(".slack-home")).to_contain_text("#101", timeout=20_000)
        await self.page.screenshot(path=self.folder / "home.png")
        await self.slack.get_by_role("tab", name="Messages").click()
        await self.slack.get_by_role("button", name="consult-room").click()

    async def look_as_somebody_else(self) -> None:
        await self.page.get_by_role("button", name="What others see").click()
        others = self.page.locator(".hospital-others")
        await expect(others.get_by_role("log")).to_contain_text(example.QUESTION)
        await self.page.screenshot(path=self.folder / "page.png")

    async def picture_is_shown(self, place: Locator) -> None:
        """See that a picture arrived as one, not as a broken frame."""
        picture = place.get_by_role("img").last
        await expect(picture).to_have_js_property("complete", value=True)
        assert await picture.evaluate("(image) => image.naturalWidth") >= 200

    async def nothing_planted(self, place: Locator) -> None:
        words = await place.inner_text()
        assert [piece for piece in example.PLANTED if piece in words] == []

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.troubles.append(message.text)

    def _on_request(self, request: Request) -> None:
        """Nothing may be asked for anywhere but on this machine."""
        if not request.url.startswith(("http://127.0.0.1:", "blob:")):
            self.troubles.append(f"asked for {request.url}")
