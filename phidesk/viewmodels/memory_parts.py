"""What a memory is filled with, from what the engine and the machine say."""

import msgspec


class MemoryParts(msgspec.Struct, frozen=True):
    """Bytes; together they are what is in use.

    kv_reserved: of the KV pool, without kv_used. workspace: whatever else the engine holds,
    graphs and libraries included.
    """

    weights: int
    kv_used: int
    kv_reserved: int
    workspace: int
    others: int


def parts_of(weights: int, kv: int, kv_share: float, *, used: int, ours: int) -> MemoryParts:
    """Split the bytes in use; kv: the whole pool, kv_share: how much of it holds something.

    ours: of `used`, held by the engine. Where the driver names no processes it is 0: then all
    that the engine is known to hold is taken. A part of the pool that was never touched is in
    no memory yet, and is not counted.
    """
    ours = min(used, ours or weights + kv)
    weights = min(weights, ours)
    kv = min(kv, ours - weights)
    kv_used = min(kv, round(kv * min(1.0, max(0.0, kv_share))))
    return MemoryParts(
        weights=weights,
        kv_used=kv_used,
        kv_reserved=kv - kv_used,
        workspace=ours - weights - kv,
        others=used - ours,
    )
