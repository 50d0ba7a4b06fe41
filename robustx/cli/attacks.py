"""``robustx attacks``: list, show."""

from __future__ import annotations

from typing import Annotated

import typer

app = typer.Typer(help="Attacks: list and show them.", no_args_is_help=True)


@app.command("list")
def show_all(
    language: Annotated[str | None, typer.Option(help="Only those that apply to this language.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
) -> None:
    """Every attack."""
    from rich.table import Table

    from robustx.cli.show import print_json
    from robustx.perturb.attacks import all_attacks
    from robustx.report.terminal import console
    from robustx.text.languages import language as language_of

    if language is not None:
        language_of(language)
    attacks = [attack for attack in all_attacks() if language is None or attack.applies_to(language)]
    if as_json:
        print_json([attack.card.model_dump() for attack in attacks])
        return
    table = Table("attack", "family", "validity", "severities", "summary", box=None, pad_edge=False)
    for attack in attacks:
        ladder = " ".join(f"{severity:g}" for severity in attack.card.ladder)
        table.add_row(attack.id, attack.card.family, attack.card.validity, ladder, attack.card.summary)
    console().print(table)


@app.command("show")
def show(attack: str, as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False) -> None:
    """One attack, with an example in every language that it applies to and robustx has sentences of."""
    from robustx import api
    from robustx.cli.show import print_json
    from robustx.perturb.attacks import load_attack
    from robustx.report.terminal import console
    from robustx.tasks.sentences import languages_shown, sentences
    from robustx.text.display import isolated

    one = load_attack(attack)
    if as_json:
        print_json(one.card.model_dump())
        return
    out = console()
    for key, value in one.card.model_dump().items():
        if value not in (None, []):
            out.print(f"{key:10} {', '.join(map(str, value)) if isinstance(value, list) else value}")
    for code in languages_shown():
        if one.applies_to(code):
            made = next(api.perturb(sentences(code)[:1], one, code))
            out.print(f"\n{code}  {isolated(made.source)}\n    {isolated(made.text)}")
