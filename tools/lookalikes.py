"""Look-alike letters within one script: propose pairs by rendering, and measure the pairs that were kept.

A maintainer runs this once; users read the tables. The pairs are chosen by hand, because what readers mistake is
known to people and not to a font, so the tables themselves are where the choice is kept::

    python tools/lookalikes.py propose --fonts /usr/share/fonts --script Deva     # ranked pairs not yet in the table
    python tools/lookalikes.py measure --fonts /usr/share/fonts attacks/tables/lookalike/*.tsv

``measure`` checks every row against the rules of the table format, fills in the last column and sorts the rows.

Similarity is the best soft intersection over union of the two inks, drawn at one size on one baseline and slid by a
few pixels against each other. 1.00 is the same drawing. It orders pairs within a script; it is not a probability.

Needs Pillow with Raqm, NumPy, and the Noto fonts (Debian: fonts-noto-core, fonts-noto-cjk; OFL-1.1).
"""

from __future__ import annotations

import argparse
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import combinations
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

SIZE = 64  # pixels an em
SLIDE = 5  # pixels a drawing may move against the other
ZWJ = "\u200d"
COLUMNS = ("from", "to", "languages", "where", "similarity")


def span(*ranges: str) -> str:
    """Spell out ranges of letters such as ``"a-z"``."""
    return "".join(chr(code) for first, _, last in ranges for code in range(ord(first), ord(last) + 1))


# Per table: its font file (and the face in a collection), and the everyday alphabet from which pairs are proposed.
CJK = "NotoSansCJK-Regular.ttc"
GB2312_LEVEL_1 = b"".join(bytes((row, cell)) for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF)).decode(
    "gb2312", errors="ignore"
)
SCRIPTS: dict[str, tuple[str, int, str]] = {
    "Arab": ("NotoNaskhArabic-Regular.ttf", 0, "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىيپچژکگیٹڈڑںھہےۓۃ"),
    "Armn": ("NotoSansArmenian-Regular.ttf", 0, span("Ա-Ֆ", "ա-ֆ") + "և"),
    "Beng": ("NotoSansBengali-Regular.ttf", 0, "অআইঈউঊঋএঐওঔ" + span("ক-ন", "প-র", "শ-হ") + "লৎািীুূৃেৈোৌংঃঁ"),
    "Cyrl": ("NotoSans-Regular.ttf", 0, span("А-я") + "ЁёӘәҒғҚқҢңӨөҰұҮүҺһІі"),
    "Deva": ("NotoSansDevanagari-Regular.ttf", 0, "अआइईउऊऋएऐओऔऑ" + span("क-न", "प-र", "व-ह") + "लळािीुूृेैोौॉंँः"),
    "Ethi": ("NotoSansEthiopic-Regular.ttf", 0, span("ሀ-ቆ", "በ-ኆ", "ነ-ኮ", "ወ-ዖ", "ዘ-ጎ", "ጠ-ፖ")),
    "Geor": ("NotoSansGeorgian-Regular.ttf", 0, span("ა-ჰ")),
    "Grek": ("NotoSans-Regular.ttf", 0, span("Α-Ρ", "Σ-Ω", "α-ω") + "άέήίόύώϊϋΐΰΆΈΉΊΌΎΏ"),
    "Gujr": ("NotoSansGujarati-Regular.ttf", 0, "અઆઇઈઉઊઋએઐઓઔ" + span("ક-ન", "પ-ર", "વ-હ") + "લળાિીુૂૃેૈોૌંઃ"),
    "Guru": ("NotoSansGurmukhi-Regular.ttf", 0, "ਅਆਇਈਉਊਏਐਓਔ" + span("ਕ-ਨ", "ਪ-ਰ") + "ਲਵਸਹੜਾਿੀੁੂੇੈੋੌਂੰੱ"),
    "Hans": (CJK, 2, GB2312_LEVEL_1),
    "Hebr": ("NotoSansHebrew-Regular.ttf", 0, span("א-ת")),
    "Jpan": (CJK, 0, span("ぁ-ん", "ァ-ヶ")),
    "Khmr": ("NotoSansKhmer-Regular.ttf", 0, span("ក-អ") + "ឥឧឪឫឬឯឱាិីឹឺុូួេែៃំះ់៉៊៌័"),
    "Knda": ("NotoSansKannada-Regular.ttf", 0, "ಅಆಇಈಉಊಋಎಏಐಒಓಔ" + span("ಕ-ನ", "ಪ-ರ", "ವ-ಹ") + "ಲಳಾಿುೂೃೆೌಂಃ"),
    "Kore": (CJK, 1, span("ᄀ-ᄒ", "ᅡ-ᅵ", "ᆨ-ᇂ")),
    "Laoo": ("NotoLoopedLao-Regular.ttf", 0, "ກຂຄງຈສຊຍດຕຖທນບປຜຝພຟມຢຣລວຫອຮເແໂໃໄາິີຶືຸູ່້໊໋"),
    "Latn": ("NotoSans-Regular.ttf", 0, span("A-Z", "a-z") + "äöüßÄÖÜçğışÇĞİŞñáéíóúàèùâêîôûëïœæđăơưảãạ"),
    "Mlym": ("NotoSansMalayalam-Regular.ttf", 0, "അആഇഈഉഊഋഎഏഐഒഓഔ" + span("ക-ന", "പ-ഹ", "ൺ-ൾ") + "ാിീുൂൃെേൈൊോൗംഃ"),
    "Mymr": ("NotoSansMyanmar-Regular.ttf", 0, span("က-အ", "ဣ-ဧ") + "ဩဪဿါာိီုူေဲံ့းျြွှ"),
    "Orya": ("NotoSansOriya-Regular.ttf", 0, "ଅଆଇଈଉଊଋଏଐଓଔ" + span("କ-ନ", "ପ-ର", "ଶ-ହ") + "ଲଳୟୱାିୀୁୂୃେଂଃ"),
    "Sinh": ("NotoSansSinhala-Regular.ttf", 0, span("අ-උ") + "ඌඑඒඔඕ" + span("ක-න") + span("ඳ-ර") + "ලවශෂසහළෆාැෑිීුූෙේොෝංඃ"),
    "Taml": ("NotoSansTamil-Regular.ttf", 0, "அஆஇஈஉஊஎஏஐஒஓஔகஙசஜஞடணதநனபமயரறலளழவஷஸஹாிீுூெேைொோௌ"),
    "Telu": ("NotoSansTelugu-Regular.ttf", 0, "అఆఇఈఉఊఋఎఏఐఒఓఔ" + span("క-న", "ప-ళ", "వ-హ") + "ాిీుూృెేైొోౌంః"),
    "Thai": ("NotoLoopedThai-Regular.ttf", 0, span("ก-ะ", "เ-ไ") + "าิีึืุู็่้๊๋์"),
}


def decode(cell: str) -> str:
    """Read a table cell: ``U+0E34 U+0E35`` or the letters themselves."""
    return "".join(chr(int(part[2:], 16)) for part in cell.split(" ")) if cell.startswith("U+") else cell


def encode(text: str) -> str:
    """Write a table cell: in U+ notation if it holds a mark or an invisible, otherwise as it is."""
    hidden = any(unicodedata.category(c)[0] in "MCZ" or is_dependent_jamo(c) for c in text)
    return " ".join(f"U+{ord(c):04X}" for c in text) if hidden else text


def is_dependent_jamo(char: str) -> bool:
    """Whether a character is a Hangul vowel or final that needs a leading consonant."""
    return "\u1160" <= char <= "\u11ff"


def is_dependent(char: str) -> bool:
    """Whether a character must stand on a base."""
    return unicodedata.category(char)[0] == "M" or is_dependent_jamo(char)


class Pen:
    """Draws letters of one font as small grey pictures that share a scale and a baseline."""

    def __init__(self, fonts: Path, name: str, face: int = 0) -> None:
        """Load a font that lies somewhere below a folder."""
        path = next(iter(sorted(fonts.rglob(name))), None)
        if path is None:
            raise SystemExit(f"{fonts}: no {name} below it; install the Noto fonts or pass their folder as --fonts")
        self.font = ImageFont.truetype(str(path), SIZE, index=face, layout_engine=ImageFont.Layout.RAQM)
        self.draw = lru_cache(maxsize=8192)(self._draw)

    def _draw(self, text: str) -> np.ndarray:
        image = Image.new("L", (SIZE * 4, SIZE * 3), 0)
        shown = "\u00a0" + text if unicodedata.category(text[0])[0] == "M" else text
        ImageDraw.Draw(image).text((SIZE, SIZE * 2), shown, fill=255, font=self.font, anchor="ls")
        ink = np.asarray(image.filter(ImageFilter.GaussianBlur(1.2)), dtype=np.float32) / 255
        columns = np.flatnonzero(ink.max(axis=0) > 0.05)
        if not len(columns):
            raise SystemExit(f"{text!r}: nothing was drawn")
        return ink[:, columns[0] : columns[-1] + 1]

    def similarity(self, one: str, other: str) -> float:
        """The best soft intersection over union of two drawings, from 0 to 1."""
        return self.match(self.draw(one), self.draw(other))

    @staticmethod
    def match(a: np.ndarray, b: np.ndarray) -> float:
        """The best soft intersection over union of two pictures."""
        if a.shape[1] < b.shape[1]:
            a, b = b, a
        a = np.pad(a, ((SLIDE, SLIDE), (SLIDE, SLIDE)))
        best = 0.0
        for down in range(0, 2 * SLIDE + 1):
            for right in range(0, a.shape[1] - b.shape[1] + 1):
                window = a[down : down + b.shape[0], right : right + b.shape[1]]
                shared = float(np.minimum(window, b).sum())
                best = max(best, shared / (float(a.sum()) + float(b.sum()) - shared))
        return best


def joined(text: str, where: str) -> str:
    """An Arabic letter in the form that it takes at a position in the word."""
    return {"initial": text + ZWJ, "medial": ZWJ + text + ZWJ, "final": ZWJ + text}.get(where, text)


def read(path: Path) -> tuple[list[str], list[tuple[str, str, str, str]]]:
    """The comment lines and the rows of a table; the similarity column is not read."""
    lines = path.read_text("utf-8").splitlines()
    comments = [line for line in lines if line.startswith("#")]
    body = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return comments, [(decode(row[0]), decode(row[1]), row[2], row[3]) for row in body[1:]]


def problems(rows: Iterable[tuple[str, str, str, str]], form: str) -> Iterator[str]:
    """What is wrong with rows, by the rules of the table format."""
    seen = set()
    for source, target, languages, where in rows:
        name = f"{encode(source)} -> {encode(target)}"
        if source == target or not source or not target:
            yield f"{name}: empty or unchanged"
        for text in (source, target):
            if unicodedata.normalize(form, text) != text:
                yield f"{name}: not {form}"
            if any(unicodedata.category(c)[0] == "N" for c in text):
                yield f"{name}: a digit"
        if not is_dependent(source[0]) and is_dependent(target[0]):
            yield f"{name}: a base may not become a mark"
        if where not in ("any", "initial", "medial", "final") or not languages:
            yield f"{name}: where is {where!r}, languages is {languages!r}"
        if (source, target, where) in seen:
            yield f"{name}: twice"
        seen.add((source, target, where))


def measure(path: Path, fonts: Path) -> int:
    """Check a table, fill in its similarity column and sort it; returns its number of rows."""
    comments, rows = read(path)
    form = "NFD" if "# form: nfd" in comments else "NFC"
    if wrong := list(problems(rows, form)):
        raise SystemExit("\n".join(f"{path.name}: {line}" for line in wrong))
    pen = Pen(fonts, *SCRIPTS[path.stem][:2])
    lines = [*comments, "\t".join(COLUMNS)]
    for source, target, languages, where in sorted(rows):
        shape = (lambda text, w=where: joined(text, w)) if path.stem == "Arab" else (lambda text: text)
        similarity = pen.similarity(shape(source), shape(target))
        lines.append("\t".join((encode(source), encode(target), languages, where, f"{similarity:.2f}")))
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return len(rows)


def propose(script: str, fonts: Path, kept: set[frozenset[str]]) -> Iterator[tuple[float, str, str]]:
    """Pairs of one script's alphabet that are not kept yet, the most alike first."""
    font, face, letters = SCRIPTS[script]
    pen = Pen(fonts, font, face)
    alphabet = sorted(set(letters))
    pairs = [pair for pair in combinations(alphabet, 2) if is_dependent(pair[0]) == is_dependent(pair[1])]
    if len(alphabet) > 1000:  # too many to slide: keep those whose unslid drawings correlate
        width = max(pen.draw(c).shape[1] for c in alphabet)
        flat = np.stack([np.pad(p, ((0, 0), (0, width - p.shape[1]))).ravel() for p in map(pen.draw, alphabet)])
        flat /= np.linalg.norm(flat, axis=1, keepdims=True)
        near = np.argwhere(np.triu(flat @ flat.T > 0.75, 1))
        pairs = [(alphabet[i], alphabet[j]) for i, j in near]
    pairs = [pair for pair in pairs if frozenset(pair) not in kept]
    yield from sorted(((pen.similarity(*pair), *pair) for pair in pairs), reverse=True)


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    proposing = commands.add_parser("propose", help="print ranked pairs that a table does not hold yet")
    proposing.add_argument("--script", required=True, choices=sorted(SCRIPTS))
    proposing.add_argument("--table", type=Path, help="the table whose pairs to leave out")
    proposing.add_argument("--top", type=int, default=80)
    measuring = commands.add_parser("measure", help="check tables, fill in their last column, sort them")
    measuring.add_argument("tables", type=Path, nargs="+")
    for command in (proposing, measuring):
        command.add_argument("--fonts", type=Path, required=True, help="a folder with the Noto fonts below it")
    options = parser.parse_args()
    if options.command == "measure":
        for path in options.tables:
            print(f"{path.name}: {measure(path, options.fonts)} rows")
        return
    kept = {frozenset(row[:2]) for row in read(options.table)[1]} if options.table else set()
    for rank, (similarity, one, other) in enumerate(propose(options.script, options.fonts, kept)):
        if rank == options.top:
            break
        print(f"{one}\t{other}\t{similarity:.2f}")


if __name__ == "__main__":
    main()
