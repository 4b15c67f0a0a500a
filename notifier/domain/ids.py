"""Identifiers that sort by time."""

import os
import threading
import time
from uuid import UUID

_lock = threading.Lock()
_last = 0


def uuid7() -> UUID:
    """Return a UUID version 7 (RFC 9562): ids made later by this process sort later."""
    global _last
    with _lock:
        # 48 bits of milliseconds, 12 of their fraction: strictly rising (RFC 9562, 6.2 method 3).
        stamp = max((time.time_ns() << 12) // 1_000_000, _last + 1)
        _last = stamp
    milliseconds, fraction = stamp >> 12, stamp & 0xFFF
    tail = int.from_bytes(os.urandom(8)) & 0x3FFF_FFFF_FFFF_FFFF
    return UUID(int=milliseconds << 80 | 0x7 << 76 | fraction << 64 | 0b10 << 62 | tail)
