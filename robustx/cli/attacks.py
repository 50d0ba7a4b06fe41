"""``robustx attacks``: list, show."""

from __future__ import annotations

from typing import Annotated

import typer

from robustx.cli.options import AttackName, Cards, Json, examples, group, language_codes

app = group("Attacks: list and show them.")


@app.command("list", epilog=examples("robustx attacks list --language hi", "robustx attacks list --cards mine --json"))
def show_all(
    language: Annotated[
        str | None, typer.Option(help="Only those that apply to this language.", autocompletion=language_codes)
    ] = None,
    cards: Cards = None,
    as_json: Json = False,
) -> None:
    """Every attack."""
    from rich.table import Table

    from robustx.cli.show import print_json
    from robustx.perturb.attacks import all_attacks
    from robustx.report.terminal import console
    from robustx.text.display import visible
    from robustx.text.languages import language as language_of

    if language is not None:
        language_of(language)
    attacks = [attack for attack in all_attacks(cards) if language is None or attack.applies_to(language)]
    if as_json:
        print_json([attack.card.model_dump() for attack in attacks])
        return
    table = Table("attack", "family", "validity", "severities", "summary", box=None, pad_edge=False)
    for attack in attacks:
        ladder = " ".join(f"{severity:g}" for severity in attack.card.ladder)
        table.add_row(attack.id, attack.card.family, attack.card.validity, ladder, visible(attack.card.summary))
    console().print(table)


@app.command("show", epilog=examples("robustx attacks show keyboard", "robustx attacks show mine/attacks/dots.toml"))
def show(attack: AttackName, cards: Cards = None, as_json: Json = False) -> None:
    """One attack, with an example in every language that it applies to and robustx has sentences of."""
    from robustx import api
    from robustx.cli.show import print_json, say
    from robustx.perturb.attacks import load_attack
    from robustx.report.terminal import console
    from robustx.tasks.sentences import languages_shown, sentences
    from robustx.text.display import isolated

    one = load_attack(attack, cards)
    if as_json:
        print_json(one.card.model_dump())
        return
    out = console()
    for key, value in one.card.model_dump().items():
        if value not in (None, []):
            say(out, f"{key:10} {', '.join(map(str, value)) if isinstance(value, list) else value}")
    for code in languages_shown():
        if one.applies_to(code):
            made = next(api.perturb(sentences(code)[:1], one, code))
            out.print(f"\n{code}  {isolated(made.source)}\n    {isolated(made.text)}")
