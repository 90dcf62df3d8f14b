"""Which GPUs CUDA lets a program use, as CUDA_VISIBLE_DEVICES says, in CUDA's order."""

from collections.abc import Sequence

NAME = "CUDA_VISIBLE_DEVICES"


def visible(setting: str | None, uuids: Sequence[str]) -> list[int]:
    """Return the places of the GPUs that a setting names by number or (shortened) UUID.

    uuids: of all GPUs, as the driver counts them. As in CUDA, the first name that is none ends
    the list. All of them without a setting, and for parts of a GPU (MIG), which have no place.
    """
    every = list(range(len(uuids)))
    if setting is None or "MIG-" in setting:
        return every
    found: list[int] = []
    for name in setting.split(","):
        place = _place(name.strip(), uuids)
        if place is None or place in found:
            break
        found.append(place)
    return found


def _place(name: str, uuids: Sequence[str]) -> int | None:
    if name.isdecimal():
        return int(name) if int(name) < len(uuids) else None
    named = [place for place, uuid in enumerate(uuids) if name and uuid.startswith(name)]
    return named[0] if len(named) == 1 else None
