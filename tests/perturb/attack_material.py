"""What the tests of the attacks share: texts of every language, every attack with each, and what orphan marks are."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import regex
from hypothesis import strategies as st

import robustx
from robustx.perturb.attacks import Attack, all_attacks
from robustx.perturb.edits import Edit, makes
from robustx.perturb.operators import Operator
from robustx.perturb.protection import protected_spans, reserved_words
from robustx.perturb.sample import Place, sample
from robustx.tasks.sentences import languages_shown, sentences
from robustx.text.analysis import Text

MINI = Path(robustx.__file__).parent / "tasks" / "mini" / "xnli"

_AWKWARD = " 1984 2026 ٣٤ https://example.org/a?b=1 {name} me@example.org @user %s\r\nend"


def _sentences(code: str, count: int = 9) -> list[str]:
    every = sentences(code)
    return list(every[:: max(1, len(every) // count)][:count])


LANGUAGES = languages_shown()
SENTENCES = {code: [*(found := _sentences(code)), found[0] + _AWKWARD] for code in LANGUAGES}
ATTACKS = {attack.id: attack for attack in all_attacks()}
PAIRS = [(name, code) for name, attack in ATTACKS.items() for code in LANGUAGES if attack.applies_to(code)]
SEED, DRAWS = 7, 3


@lru_cache(maxsize=2048)
def text_of(code: str, index: int) -> Text:
    source = SENTENCES[code][index]
    reserved = reserved_words(code, ["negation"])
    return Text(source, code, protected_spans(source, code, ["negation"]), reserved=reserved)


def severities(attack: Attack) -> list[float]:
    return [0.0, *attack.card.ladder, 1.0 if attack.card.unit == "words" else 40.0]


@lru_cache(maxsize=2048)
def sampled(name: str, code: str) -> list[tuple[Text, list[list[list[Edit]]]]]:
    """Every text of a language with the edits of every draw and severity."""
    attack = ATTACKS[name]
    return [
        (
            text_of(code, i),
            sample(attack, text_of(code, i), Place(SEED, f"{code}-{i}", "text"), severities(attack), DRAWS),
        )
        for i in range(len(SENTENCES[code]))
    ]


@lru_cache(maxsize=64)
def offered(name: str, code: str, index: int) -> list[tuple[int, int, Edit]]:
    """Every (word, site, edit) that an attack offers in the open words of one text."""
    return every_edit(ATTACKS[name].operator(code), text_of(code, index))


def every_edit(operator: Operator, text: Text) -> list[tuple[int, int, Edit]]:
    return [
        (word, site, edit)
        for word in range(len(text.spans))
        if word not in operator.closed(text)
        for site in operator.sites(text, word)
        for edit in operator.edits(text, site)
        if text.reserved is None or not makes(text.source, edit, text.reserved)
    ]


_MARK = r"[\p{M}\u1160-\u11ff\ud7b0-\ud7fb]"
_ORPHAN = regex.compile(rf"(?<![\p{{L}}\p{{M}}\p{{N}}\p{{S}}\p{{Pc}}'\u2019\u05f3\u05f4\u00b7\u200c\u200d]){_MARK}")


def orphans(source: str) -> int:
    """Marks and dependent jamo that stand on nothing, a space or punctuation, or begin a cluster."""
    loose = {match.start() for match in _ORPHAN.finditer(source)}
    text = Text(source, "en")
    loose |= {start for start, cluster in zip(text.starts, text.clusters, strict=False) if regex.match(_MARK, cluster)}
    return len(loose)


_PIECES = (
    *(
        "a",
        "b",
        "b",
        "é",
        "И",
        "ש",
        "ب",
        "ء",
        "ლ",
        "क",
        "क",
        "क्ष",
        "স",
        "ன",
        "ക",
        "ท",
        "เ",
        "นำ",
        "ກ",
        "ខ្មែ",
        "က",
        "င်္ဂ",
    ),
    *("天", "天", "気", "か", "ガ", "ー", "ｶ", "ﾞ", "가", "각", "ሰ"),
    *(
        "\u0301",
        "\u0323",
        "\u0e48",
        "\u093f",
        "\u093c",
        "\u094d",
        "\u103a",
        "\u1038",
        "\u17d2",
        "\u3099",
        "\u064e",
        "\u200c",
    ),
    *("\u200d", "\ufe0f", "\u1100", "\u1161", "\u11a8", "\u119e", "\ud7b0", "\ud7cb"),
    *("👩", "🏽", "👩‍👩‍👦", "🇩", " ", "\r\n", "\n", "\u200b", ".", "'", "-", "1"),
)
WILD = st.lists(st.sampled_from(_PIECES), max_size=12).map("".join) | st.text(
    st.characters(exclude_categories=["Cs", "Cn"]), max_size=10
)
"""Any text, and mostly such as mixes scripts, lone marks, jamo, joiners, emoji sequences and line ends."""
