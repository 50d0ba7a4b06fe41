"""The gallery in docs: every attack is in the index and has a section on its family's page."""

from pathlib import Path

import pytest

from robustx.perturb.attacks import Attack, all_attacks

DOCS = Path(__file__).parents[1] / "docs"


@pytest.mark.parametrize("attack", all_attacks(), ids=lambda attack: attack.id)
def test_the_index_leads_to_every_attack_s_section(attack: Attack) -> None:
    family = attack.card.family
    index = (DOCS / "attacks.md").read_text(encoding="utf-8")
    assert (
        f"| [{attack.id}](attacks/{family}.md#{attack.id}) | {attack.card.summary} | {attack.card.validity} |" in index
    )
    page = (DOCS / "attacks" / f"{family}.md").read_text(encoding="utf-8")
    assert f"\n## {attack.id}\n\n{attack.card.summary}.\n" in page


def test_the_index_says_how_many_attacks_there_are() -> None:
    assert f"\n{len(all_attacks())} attacks in " in (DOCS / "attacks.md").read_text(encoding="utf-8")
