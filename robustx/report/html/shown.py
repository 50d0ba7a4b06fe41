"""Text of unknown origin as HTML: escaped, isolated, and with every unseen or control character named."""

from __future__ import annotations

from markupsafe import Markup, escape

from robustx.text.display import name_of, visible


def chips(text: str, leave: str = "") -> Markup:
    """Escaped text in which each unseen character is a small box with its name; those in ``leave`` stay as they are."""
    made: list[Markup] = []
    plain: list[str] = []
    for character in text:
        if visible(character) == character or character in leave:
            plain.append(character)
            continue
        made += [escape("".join(plain)), chip(character)]
        plain = []
    made.append(escape("".join(plain)))
    return Markup("").join(made)


def isolated(text: object) -> Markup:
    """A name of unknown origin that cannot reorder, hide or break what stands around it."""
    return Markup("<bdi>{}</bdi>").format(visible(str(text)))


def chip(character: str) -> Markup:
    """One character as a small box with its short name or code point, and its full name on hovering."""
    seen = visible(character).strip("<>")
    shown = seen if seen != character else f"U+{ord(character):04X}"
    return Markup('<bdi class="unseen" dir="ltr" title="{}">{}</bdi>').format(name_of(character), shown)
