"""Pages as a reader's browser takes them: elements, attributes and text, by the standard library's parser."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from synthetic import Part, Planted, add_texts, right, simple, write

VOID = {"meta", "link", "img", "br", "hr", "input"}
LANGUAGES = {"ar": (0.8, 0.6), "hi": (0.4, 0.3), "ru": (0.8, 0.7), "en": (0.85, 0.7), "sw": (0.7, 0.6)}
TEXTS = {
    "ar": ("لم يكن أحد في القرية.", "كان الجميع هناك."),
    "hi": ("कोई नहीं आया।", "सब लोग आए।"),
    "ru": ("Никто не пришёл.", "Все пришли."),
    "en": ("Nobody came.", "Everybody came."),
    "sw": ("Hakuna mtu aliyekuja.", "Wote walikuja."),
}


@dataclass
class Element:
    """One element with what is inside it."""

    tag: str
    attributes: dict[str, str]
    children: list[Element | str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All text inside, in order."""
        return "".join(child if isinstance(child, str) else child.text for child in self.children)

    def all(self, tag: str = "", **attributes: str) -> list[Element]:
        """Every element inside with this tag and these attributes (``cls`` for one of its classes)."""
        cls = attributes.pop("cls", None)
        found = []
        for child in self.children:
            if isinstance(child, Element):
                fits = all(child.attributes.get(key) == value for key, value in attributes.items())
                of_class = cls is None or cls in child.attributes.get("class", "").split()
                if (not tag or child.tag == tag) and fits and of_class:
                    found.append(child)
                found += child.all(tag, **attributes, **({"cls": cls} if cls else {}))
        return found


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = Element("", {})
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        made = Element(tag, {key: value or "" for key, value in attrs})
        self.open[-1].children.append(made)
        if tag not in VOID:
            self.open.append(made)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].children.append(Element(tag, {key: value or "" for key, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].tag == tag, f"</{tag}> closes <{self.open[-1].tag}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def parsed(page: str) -> Element:
    """A page as a tree; every element must be closed in its turn."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    assert reader.open == [reader.root], f"<{reader.open[-1].tag}> is not closed"
    return reader.root


def texts(language: str, i: int) -> tuple[str, str]:
    """The same pair for every example, which is all a page needs."""
    return TEXTS[language]


def edits(language: str, attack: str, i: int) -> list[dict[str, Any]]:
    """A character replaced, and by the attack ``unseen`` one inserted that cannot be seen."""
    unseen = {"field": "hypothesis", "start": 2, "end": 2, "replacement": "\u200b"}
    other = {"field": "premise", "start": 1, "end": 2, "replacement": TEXTS[language][0][3]}
    return [other, unseen] if attack == "unseen" else [other]


def planted(seed: int = 0, attacks: tuple[str, ...] = ("typo", "unseen"), **facts: Any) -> Planted:
    """Two attacks, the first at three severities; Hindi is near chance, and an attack does not reach Swahili."""
    run = simple(90, LANGUAGES, attacks, seed=seed, **facts)
    for (language, attack, _, _), part in list(run.cells.items()):
        if attack == attacks[0]:
            for severity in (0.2, 0.4):
                run.cells[language, attack, severity, 0] = Part(part.right * right(90, 0.9, 11))
        elif language == "sw":
            part.survived = right(90, 0.05, 3) > 0
    return run


def written(folder: Path, seed: int = 0, **facts: Any) -> Path:
    """Such a run, on disk with texts and edits."""
    return add_texts(write(folder, planted(seed, **facts)), texts, edits)
