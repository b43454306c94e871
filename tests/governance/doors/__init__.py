"""The addresses of governance, one file a subject; walked with the others (`tests.test_doors`).

A file holds `DOORS`, and `furnish(scene)` when its addresses name rows that the scene lacks: it
gives their keys.
"""

import importlib
import pkgutil
from dataclasses import replace

from tests.doors import Door, Scene

TOPICS = [
    importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)
]

GOVERNANCE_DOORS: dict[str, Door] = {
    name: door for topic in TOPICS for name, door in topic.DOORS.items()
}


def with_governance(scene: Scene) -> Scene:
    """The scene, with one of everything that these addresses name."""
    keys = dict(scene.keys)
    for topic in TOPICS:
        if hasattr(topic, "furnish"):
            keys |= topic.furnish(replace(scene, keys=keys))
    return replace(scene, keys=keys)
