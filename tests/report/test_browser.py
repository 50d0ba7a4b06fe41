"""The pages in a real browser: no request, no complaint, a keyboard's way through, both colour schemes, and axe's rules."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe import problems
from page_material import written
from searched_material import told

from robustx.report.html.page import write_comparison_report, write_run_report
from robustx.score.compare import compare_runs
from robustx.score.scores import score_run

CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
EACH = ["run", "comparison", "searched", "certified", "defended"]
HOSTILE = "<script>alert(1)</script>\u202e"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on the path (Debian: apt install chromium)"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (pip install playwright)")
    with sync_api.sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    root = tmp_path_factory.mktemp("pages")
    first, second = written(root / "a", 0, model="demo:direct"), written(root / "b", 1, model="demo:anli")
    hostile = written(root / "c", 2, model=HOSTILE)
    bare, behind = told(root / "d", "lab/one", 0.3), told(root / "e", "lab/one", 0.8, defence="strip-invisible")
    proved = told(root / "f", "lab/one", search={"strategy": "exhaustive", "certificate": True})
    return {
        "run": write_run_report(first, score_run(first)),
        "comparison": write_comparison_report(root / "c.html", compare_runs(first, second), ("a", "b")),
        "hostile": write_run_report(hostile, score_run(hostile)),
        "searched": write_run_report(bare, score_run(bare)),
        "certified": write_run_report(proved, score_run(proved)),
        "defended": write_comparison_report(root / "d.html", compare_runs(bare, behind), ("d", "e")),
    }


class Opened:
    """A page in the browser, with everything it asked for and complained of."""

    def __init__(self, browser: Any, path: Path, scheme: str = "light", width: int = 1280) -> None:
        self._context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 800})
        self.page = self._context.new_page()
        self.requests: list[str] = []
        self.said: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("dialog", lambda dialog: self.said.append("a dialog"))
        self.page.goto(path.as_uri())

    def close(self) -> None:
        self._context.close()


@pytest.fixture
def opened(browser: Any, pages: dict[str, Path]) -> Iterator[Any]:
    made: list[Opened] = []

    def go(name: str, **how: Any) -> Opened:
        made.append(Opened(browser, pages[name], **how))
        return made[-1]

    yield go
    for one in made:
        one.close()


@pytest.mark.parametrize("name", [*EACH, "hostile"])
def test_a_page_asks_for_nothing_and_complains_of_nothing(opened: Any, pages: dict[str, Path], name: str) -> None:
    one = opened(name)
    one.page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    one.page.wait_for_load_state("networkidle")
    assert one.requests == [pages[name].as_uri()]
    assert one.said == []


def test_the_policy_is_in_force(opened: Any) -> None:
    one = opened("run")
    one.page.evaluate("""() => {
        const script = document.createElement('script'); script.textContent = 'window.ran = true'; document.body.append(script);
        const image = new Image(); image.src = 'https://example.org/x.png'; document.body.append(image);
    }""")
    one.page.wait_for_timeout(200)
    assert one.page.evaluate("window.ran") is None
    assert sum("Content Security Policy" in text for text in one.said) >= 2


@pytest.mark.parametrize("name", EACH)
def test_a_phone_needs_no_sideways_scrolling_of_the_page(opened: Any, name: str) -> None:
    page = opened(name, width=360).page
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.evaluate("parseFloat(getComputedStyle(document.querySelector('main p')).fontSize)") >= 13


def test_the_scheme_of_the_system_decides_the_colours(opened: Any) -> None:
    def brightness(scheme: str) -> tuple[float, float]:
        script = "what => getComputedStyle(document.body)[what].match(/\\d+/g).slice(0, 3).reduce((a, b) => a + +b, 0)"
        page = opened("run", scheme=scheme).page
        return page.evaluate(script, "backgroundColor"), page.evaluate(script, "color")

    background, ink = brightness("light")
    assert background > ink
    background, ink = brightness("dark")
    assert background < ink


def test_the_keyboard_reaches_links_details_and_wide_tables_and_shows_where_it_is(opened: Any) -> None:
    page = opened("run", width=360).page
    seen: list[str] = []
    for _ in range(40):
        page.keyboard.press("Tab")
        now = page.evaluate("""() => {
            const at = document.activeElement, style = getComputedStyle(at);
            return [at.className === 'skip' ? 'skip' : at.tagName === 'DIV' ? at.className : at.tagName.toLowerCase(),
                    style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2];
        }""")
        if now[0] == "body":
            break
        assert now[1], f"{now[0]} has the focus and does not show it"
        seen.append(now[0])
    assert seen[0] == "skip"
    assert {"a", "scroll", "summary", "pre"} <= set(seen)
    wide = page.locator("div.scroll").first
    wide.focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    page.wait_for_timeout(300)
    assert wide.evaluate("element => element.scrollLeft") > 0


def test_details_open_by_keyboard(opened: Any) -> None:
    page = opened("run").page
    page.locator("details:not([open]) > summary").first.focus()
    count = page.locator("details[open]").count()
    page.keyboard.press("Enter")
    assert page.locator("details[open]").count() == count + 1


def test_a_hostile_name_is_seen_as_it_is_and_nothing_runs(opened: Any) -> None:
    one = opened("hostile")
    assert one.page.locator("h1 bdi").first.inner_text() == "<script>alert(1)</script><RLO>"
    assert one.page.locator("script").count() == 0


def test_right_to_left_text_stays_inside_its_place(opened: Any) -> None:
    page = opened("run").page
    sides = page.evaluate("""() => [...document.querySelectorAll('bdi.text')].map(
        text => [getComputedStyle(text).direction, getComputedStyle(text).unicodeBidi, text.lang])""")
    assert {direction for direction, _, lang in sides if lang == "ar"} == {"rtl"}
    assert all(isolated in ("isolate", "plaintext") for _, isolated, _ in sides)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", EACH)
def test_axe_finds_nothing(browser: Any, pages: dict[str, Path], name: str, scheme: str) -> None:
    assert problems(browser, pages[name], scheme) == []
