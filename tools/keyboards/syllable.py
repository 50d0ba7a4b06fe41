"""What one character may turn into, so that the syllable stays one that can be written."""

import re
import unicodedata

# Letters that bear no vowel sign: independent vowels, chillus, Thai and Lao vowel letters.
INDIC = "DEVANAGARI|BENGALI|GUJARATI|GURMUKHI|KANNADA|MALAYALAM|ORIYA|TAMIL|TELUGU"
LONE = re.compile(
    rf"(?:{INDIC}) (?:LETTER|VOWEL) (?:AA?|II?|UU?|EE?|AI|OO?|AU|VOCALIC R|CANDRA [EO]|CHILLU \w+|KHANDA TA)"
    "|SINHALA LETTER (?:AA?|AEE?|II?|UU?|IRUU?|ILUU?|EE?|AI|OO?|AU)YANNA"
    "|MYANMAR LETTER (?:II?|UU?|E|O|AU)|KHMER INDEPENDENT VOWEL \\w+"
    "|THAI CHARACTER (?:SARA .+|MAIYAMOK)|LAO (?:VOWEL SIGN .+|SEMIVOWEL SIGN NYO|KO LA)"
)
# Thai and Myanmar marks, whose names say too little.
SLOTS = {
    **dict.fromkeys("\u0e31\u0e34\u0e35\u0e36\u0e37\u0e38\u0e39", "vowel"),
    **dict.fromkeys("\u0e48\u0e49\u0e4a\u0e4b", "tone"),
    **dict.fromkeys("\u102f\u1030", "below"),
    **dict.fromkeys("\u102d\u102e", "above"),
    "\u0e47": "maitaikhu",  # never bears a tone mark
    "\u1032": "ai",
    "\u1036": "dot above",
    "\u0651": "shadda",
    "\u17d2": "coeng",
}
# Pairs of slots that always leave a well-formed syllable, and those that do so only at the end of the word.
MARKS_ANYWHERE = {
    *((same, same) for same in ("vowel", "tone", "end", "harakat", "below")),
    *(("virama", "vowel"), ("virama", "end"), ("maitaikhu", "vowel"), ("maitaikhu", "tone"), ("ai", "dot above")),
    ("coeng", "vowel"),
}
MARKS_AT_END = {("vowel", "end"), ("vowel", "virama"), ("vowel", "tone"), ("above", "above")}
# Thai and Lao vowels that a letter always follows, and the Gurmukhi sign that doubles the letter after it.
NEVER_FINAL = "\u0e31\u0e37\u0eb1\u0ebb\u0a71"
PARTED = "\u0e33\u0eb3"  # sara am joins the cluster before it


def slot(char: str) -> str:
    """The place a character takes in a syllable, where this decides what it may turn into."""
    name = unicodedata.name(char)
    if char in SLOTS:
        return SLOTS[char]
    if unicodedata.category(char)[0] != "M":
        return "lone" if LONE.fullmatch(name) else "letter"
    if name.startswith("MYANMAR"):
        return "myanmar"
    for pattern, place in (
        ("VIRAMA|AL-LAKUNA", "virama"),
        ("NUKTA", "nukta"),
        ("VOWEL SIGN|LENGTH MARK", "vowel"),
        ("ANUSVARA|CANDRABINDU|VISARGA|BINDI|TIPPI", "end"),
        ("^LAO TONE", "tone"),
        ("^ARABIC", "harakat"),
    ):
        if re.search(pattern, name):
            return place
    return char


def is_mark(char: str) -> bool:
    """Whether a character stands on another."""
    return unicodedata.category(char)[0] == "M"


def place_of_slip(source: str, target: str) -> str | None:
    """Where in a word one character may be typed for the other (any, initial, final), or None for nowhere."""
    if target in PARTED:
        return None
    if is_mark(target) and not is_mark(source):
        return None
    place = _mark_for_mark(source, target) if is_mark(target) else _letter_for(source, target)
    return None if place == "final" and source in NEVER_FINAL else place


def _mark_for_mark(source: str, target: str) -> str | None:
    pair = slot(source), slot(target)
    if pair in MARKS_AT_END or (pair in MARKS_ANYWHERE and _before_joiner(source)):
        return "final"
    return "any" if pair in MARKS_ANYWHERE else None


def _before_joiner(char: str) -> bool:
    """Whether a zero-width joiner often follows, which would be left behind (Sinhala conjunct forms)."""
    return unicodedata.name(char) == "SINHALA SIGN AL-LAKUNA"


def _letter_for(source: str, target: str) -> str | None:
    cases = {unicodedata.category(source), unicodedata.category(target)}
    if cases & {"Ll", "Lu"}:
        return "any" if len(cases) == 1 else None
    if slot(source) == "letter" and unicodedata.name(source).startswith("SINHALA"):
        # what may stand behind a joiner: a vowel letter cannot, and ya and ra are then typed with their conjunct's key
        return None if slot(target) == "lone" else "initial" if source in "යර" else "any"
    # A letter that bears no sign must not inherit one from what it replaces. (A Thai tone mark has none after it.)
    return "final" if slot(target) == "lone" and slot(source) not in ("lone", "tone", "end") else "any"
