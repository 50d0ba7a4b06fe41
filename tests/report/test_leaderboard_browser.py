"""The leaderboard in a real browser: sorting, filtering, the address, and that it asks nothing of anybody."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from axe import problems
from entrants import ROBUST, entrant, sign
from synthetic import Part, Planted, right, write

from robustx.report.leaderboard.site import build_site
from robustx.score.submission import write_submission
from robustx.score.submit import submission_of

CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
SCRIPT = "<script>document.title='owned'</script>"
BETTER = {code: (1.0, robust + 0.25) for code, (_, robust) in ROBUST.items()}
ONLY_HINDI = {code: (clean, 1.0 * clean if code == "hi" else 0.3 * clean) for code, (clean, _) in ROBUST.items()}

pytestmark = pytest.mark.browser


@dataclass
class Tab:
    """A page, and everything that it asked for or complained of."""

    page: Any
    address: str
    asked: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def open(self, fragment: str = "") -> Tab:
        self.page.goto("about:blank")
        self.page.goto(self.address + fragment)
        return self

    def names(self) -> list[str]:
        return list(self.page.locator("#rows th").all_inner_texts())

    def column(self, number: int) -> list[str]:
        return list(self.page.locator(f"#rows tr > :nth-child({number})").all_inner_texts())

    @property
    def fragment(self) -> str:
        return str(self.page.evaluate("location.hash"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A headless Chromium; without one the tests are skipped, and say why."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="the playwright package is not installed")
    if CHROMIUM is None:
        pytest.skip("no Chromium on the path (Debian: apt install chromium)")
    with sync_api.sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield made
        made.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four models of one suite, one of them with a hostile name, and one of another suite."""
    folder = tmp_path_factory.mktemp("site")
    entrant(folder / "runs" / "a", "lab/a", seed=1)
    entrant(folder / "runs" / "b", "lab/b", seed=2, languages=BETTER)
    entrant(folder / "runs" / "c", SCRIPT, seed=3)
    entrant(folder / "runs" / "d", "\u202edrowkcab", seed=4, languages=ONLY_HINDI)
    other = Planted(
        {"hi": Part(right(40, 0.8, 0))}, {("hi", "typo", x, 0): Part(right(40, 0.5, 1)) for x in (0.1, 0.2)}
    )
    write(folder / "runs" / "e", sign(other, "lab/e", texts="other", suite="steps"))
    build_site([folder / "runs"], folder / "out")
    return folder / "out"


@pytest.fixture
def tab(browser: Any, site: Path) -> Iterator[Tab]:
    """The index, opened from the disk; at the end nothing may have been asked for or complained of."""
    context = browser.new_context(viewport={"width": 1100, "height": 900})
    made = Tab(context.new_page(), (site / "index.html").as_uri())
    made.page.on("request", lambda request: made.asked.append(request.url))
    made.page.on("console", lambda message: made.said.append(message.text))
    made.page.on("pageerror", lambda error: made.said.append(str(error)))
    yield made.open()
    context.close()
    assert made.said == []
    assert {url.partition("#")[0] for url in made.asked} <= {made.address, "data:,"} | {
        path.as_uri() for path in (site / "models").iterdir()
    }


def sort_by(tab: Tab, name: str) -> str:
    """Press a column's button, and say how the column is sorted then."""
    head = tab.page.get_by_role("columnheader", name=name, exact=True)
    head.get_by_role("button").click()
    return str(head.get_attribute("aria-sort"))


def test_what_the_script_shows_first_is_what_the_page_said_without_it(tab: Tab, browser: Any) -> None:
    bare = browser.new_context(java_script_enabled=False)
    page = bare.new_page()
    page.goto(tab.address)
    before = page.locator("#rows tr").all_inner_texts()
    caption = page.locator("caption").inner_text()
    assert page.locator("#filters").is_hidden()
    bare.close()
    assert tab.page.locator("#rows tr").all_inner_texts() == before
    assert tab.page.locator("caption").inner_text() == caption
    assert tab.page.locator("#filters").is_visible()


def test_ranks_are_intervals_and_equals_share_them(tab: Tab) -> None:
    assert tab.names()[0] == "lab/b"
    assert tab.column(1)[0] == "1"
    assert "–" in tab.column(1)[1]


def test_a_click_sorts_and_a_second_turns_it_around(tab: Tab) -> None:
    assert sort_by(tab, "Score") == "descending"
    falling = [float(text) for text in tab.column(4)]
    assert falling == sorted(falling, reverse=True)
    assert sort_by(tab, "Score") == "ascending"
    assert [float(text) for text in tab.column(4)] == sorted(falling)
    assert sort_by(tab, "Model") == "ascending"
    assert tab.page.locator("th[aria-sort=ascending]").count() == 1
    names = tab.names()
    assert names.index("lab/a") < names.index("lab/b")


def test_sorting_works_from_the_keyboard(tab: Tab) -> None:
    tab.page.get_by_role("columnheader", name="Gap").get_by_role("button").focus()
    tab.page.keyboard.press("Enter")
    gaps = [float(text) for text in tab.column(7)]
    assert gaps == sorted(gaps, reverse=True)
    tab.page.keyboard.press("Space")
    assert [float(text) for text in tab.column(7)] == sorted(gaps)


def test_filters_choose_the_view_and_say_so(tab: Tab) -> None:
    overall = tab.names()
    assert overall[0] == "lab/b"
    assert overall.index("<RLO>drowkcab") == len(overall) - 1
    tab.page.get_by_label("Languages or script", exact=True).select_option("Hindi")
    assert tab.names().index("<RLO>drowkcab") < 2
    tab.page.get_by_label("Attack", exact=True).select_option("typo")
    assert tab.page.locator("caption").inner_text().lower().startswith("hindi, typo")
    tab.page.get_by_label("Attack", exact=True).select_option("no attack (clean)")
    assert set(tab.column(7)) == {"–"}


def test_a_part_of_a_name_finds_models_and_changes_no_rank(tab: Tab) -> None:
    ranks = dict(zip(tab.names(), tab.column(1), strict=True))
    tab.page.get_by_label("Model", exact=True).fill("LAB/")
    assert sorted(tab.names()) == ["lab/a", "lab/b"]
    assert dict(zip(tab.names(), tab.column(1), strict=True)).items() <= ranks.items()
    assert tab.page.get_by_role("status").inner_text() == "2 of 4 models"


def test_the_address_keeps_the_state_and_brings_it_back(tab: Tab) -> None:
    tab.page.get_by_label("Languages or script", exact=True).select_option("Arab script")
    tab.page.get_by_label("Attack", exact=True).select_option("swap")
    tab.page.get_by_label("Model", exact=True).fill("lab")
    sort_by(tab, "Gap")
    shown, fragment = tab.page.locator("#rows").inner_text(), tab.fragment
    for part in ("where=script%3AArab", "attack=swap", "sort=gap", "q=lab"):
        assert part in fragment
    tab.open(fragment)
    assert tab.page.locator("#rows").inner_text() == shown
    assert tab.page.get_by_label("Languages or script", exact=True).input_value() == "script:Arab"
    assert tab.page.get_by_label("Model", exact=True).input_value() == "lab"


def test_a_link_to_another_state_on_the_same_page_is_followed(tab: Tab) -> None:
    tab.page.evaluate("location.hash = '#where=language:hi&attack=typo'")
    tab.page.wait_for_function("document.getElementById('caption').textContent.startsWith('Hindi')")
    assert tab.page.get_by_label("Attack", exact=True).input_value() == "typo"


@pytest.mark.parametrize(
    "fragment",
    [
        "#where=nowhere&attack=none&severity=9&sort=__proto__&order=x",
        "#suite=%3Cscript%3E&task=../&where=constructor",
        "#q=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E",
        "#%E0%A4%A",
        "#" + "a=b&" * 500,
    ],
)
def test_a_senseless_address_shows_the_headline(tab: Tab, fragment: str) -> None:
    tab.open(fragment)
    assert tab.page.locator("caption").inner_text().lower().startswith("non-latin languages, all attacks")
    assert tab.page.locator("img").count() == 0


def test_another_suite_is_shown_apart_with_its_reason_and_its_own_severities(tab: Tab) -> None:
    assert "lab/e" not in tab.names()
    tab.page.get_by_label("Suite", exact=True).select_option(index=1)
    assert tab.names() == ["lab/e"]
    assert "Apart from the others: other suite or version, texts" in tab.page.get_by_role("status").inner_text()
    tab.page.get_by_label("Attack", exact=True).select_option("typo")
    tab.page.get_by_label("Severity", exact=True).select_option("0.2")
    assert "at severity 0.2" in tab.page.locator("caption").inner_text()
    assert "severity=0.2" in tab.fragment
    tab.page.get_by_label("Suite", exact=True).select_option(index=0)
    assert "lab/b" in tab.names()


def test_one_that_only_says_it_is_the_same_suite_can_be_chosen_too(browser: Any, tmp_path: Path) -> None:
    for name, n in (("a", 30), ("b", 30), ("liar", 31)):
        entrant(tmp_path / "runs" / name, name, n=n)
    build_site([tmp_path / "runs"], tmp_path / "site")
    page = browser.new_page()
    page.goto((tmp_path / "site" / "index.html").as_uri())
    assert page.locator("#rows th").count() == 2
    page.get_by_label("Suite", exact=True).select_option("planted@1 · data mini@1 (2)")
    assert page.locator("#rows th").all_inner_texts() == ["liar"]
    assert "says it is the same suite" in page.get_by_role("status").inner_text()
    page.close()


def test_hostile_names_are_text(tab: Tab) -> None:
    assert SCRIPT in tab.names()
    assert "<RLO>drowkcab" in tab.names()
    tab.page.get_by_role("link", name=SCRIPT).first.click()
    assert tab.page.locator("h1").inner_text() == SCRIPT
    assert tab.page.title() == f"{SCRIPT} · robustx leaderboard"


def test_a_models_page_leads_there_and_back(tab: Tab) -> None:
    tab.page.get_by_role("link", name="lab/b").first.click()
    assert "Rank 1 of 4" in tab.page.locator(".lead").first.inner_text()
    assert "model-index:" in tab.page.locator("pre").inner_text()
    tab.page.get_by_role("link", name="Leaderboard").click()
    assert tab.names()[0] == "lab/b"


def test_of_many_models_the_first_hundred_are_drawn_and_all_on_request(browser: Any, tmp_path: Path) -> None:
    one = submission_of(entrant(tmp_path / "run", "m", n=20))
    for i in range(102):
        named = one.model.model_copy(update={"name": f"m{i}"})
        write_submission(one.model_copy(update={"model": named}), tmp_path / "files" / f"{i}.json")
    build_site([tmp_path / "files"], tmp_path / "site")
    page = browser.new_page()
    page.goto((tmp_path / "site" / "index.html").as_uri())
    assert page.locator("#rows tr").count() == 100
    page.get_by_role("button", name="Show all 102 models").click()
    assert page.locator("#rows tr").count() == 102
    assert page.locator("#more").is_hidden()
    assert "rows=all" in page.evaluate("location.hash")
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("page", ["index", "model"])
def test_it_fits_a_phone_and_text_stands_out_in_light_and_dark(
    browser: Any, site: Path, scheme: str, page: str
) -> None:
    path = site / "index.html" if page == "index" else next((site / "models").glob("lab-b-*.html"))
    context = browser.new_context(viewport={"width": 360, "height": 740}, color_scheme=scheme)
    opened = context.new_page()
    opened.goto(path.as_uri())
    assert opened.evaluate("document.documentElement.scrollWidth") <= 360
    assert " to " in opened.locator("td.score").first.inner_text()  # no figure without its interval
    ratios = opened.evaluate(_CONTRAST)
    context.close()
    assert len(ratios) > 10
    assert min(ratios) >= 4.5  # WCAG 2.2, 1.4.3


@pytest.mark.parametrize("width", [1100, 360])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("page", ["index", "model"])
def test_axe_finds_nothing(browser: Any, site: Path, scheme: str, page: str, width: int) -> None:
    path = site / "index.html" if page == "index" else next((site / "models").glob("lab-b-*.html"))
    assert problems(browser, path, scheme, width) == []


_CONTRAST = """() => {
  const channels = (color) => color.match(/[\\d.]+/g).slice(0, 3).map((v) => v / 255).map((v) => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
  const light = (color) => { const [r, g, b] = channels(color); return .2126 * r + .7152 * g + .0722 * b; };
  const behind = (node) => { for (let n = node; n; n = n.parentElement) { const c = getComputedStyle(n).backgroundColor; if (!/, 0\\)$/.test(c)) return c; } return "rgb(255,255,255)"; };
  const texts = [...document.querySelectorAll("body *")].filter((n) => !n.disabled && n.getClientRects().length && [...n.childNodes].some((c) => c.nodeType === 3 && c.data.trim()));
  return texts.map((n) => { const [a, b] = [light(getComputedStyle(n).color), light(behind(n))].sort((x, y) => y - x); return (a + .05) / (b + .05); });
}"""
