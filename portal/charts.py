"""Small charts as numbers for SVG attributes: the style policy allows no inline styles."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Bar:
    """One bar in the units of the drawing: 3 wide with a gap of 1, at most 24 high."""

    x: int
    y: float
    height: float
    value: float


@dataclass(frozen=True)
class Bars:
    width: int
    height: int
    bars: tuple[Bar, ...]


def bars(values: Sequence[float], height: int = 24) -> Bars:
    """Return one bar for each value, scaled to the largest; zero keeps a hairline."""
    largest = max(values, default=0) or 1
    drawn = tuple(
        Bar(4 * place, round(height - size, 2), size, value)
        for place, value in enumerate(values)
        for size in (round(max(height * value / largest, 0.5), 2),)
    )
    return Bars(max(4 * len(values) - 1, 1), height, drawn)
