"""``python -m robustx.cli``: what ``accelerate launch -m robustx.cli train ...`` runs in every process."""

from __future__ import annotations

from robustx.cli.main import run

run()
