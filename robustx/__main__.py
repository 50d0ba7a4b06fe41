"""``python -m robustx``: what ``accelerate launch -m robustx train ...`` runs in every process."""

from __future__ import annotations

from robustx.cli.main import run

run()
