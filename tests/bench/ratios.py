"""The ratios that are reported, each of the costs of a few cases, with the target it is held against."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

Case = tuple[str, str, str]
"""A way, a path and a stream."""


@dataclass(frozen=True, slots=True)
class Ratio:
    name: str
    of: Callable[[Mapping[Case, float]], float]
    """Raises KeyError for a case that was not measured."""
    target: str
    form: str

    def text(self, cost: Mapping[Case, float]) -> str:
        return self.form.format(self.of(cost))


def _own(cost: Mapping[Case, float], path: str, stream: str = "store") -> float:
    """Return what a path adds to an empty callback."""
    return cost["direct", path, stream] - cost["direct", "nothing", stream]


def _share(above: Case, below: Case) -> Callable[[Mapping[Case, float]], float]:
    return lambda cost: cost[above] / cost[below]


def _on_top(way: str, path: str) -> Callable[[Mapping[Case, float]], float]:
    return lambda cost: cost[way, path, "store"] / cost[way, "nothing", "store"] - 1


RATIOS = [
    Ratio(
        "own work on a store advertisement / the cheapest loop",
        _share(("direct", "ours", "store"), ("direct", "cheapest", "store")),
        "<= 2",
        "{:.2f}",
    ),
    Ratio(
        "the same, both less the empty callback",
        lambda cost: _own(cost, "ours") / _own(cost, "cheapest"),
        "",
        "{:.2f}",
    ),
    Ratio(
        "a foreign advertisement / a store one",
        lambda cost: _own(cost, "ours", "foreign") / _own(cost, "ours"),
        "<= 0.5",
        "{:.2f}",
    ),
    Ratio("on top of bleak with an empty callback, in process", _on_top("bleak", "ours"), "<= 18 %", "{:.1%}"),
    Ratio("the cheapest loop on top of bleak, in process", _on_top("bleak", "cheapest"), "", "{:.1%}"),
    Ratio("on top of bleak, through the bus, in bursts", _on_top("bus", "ours"), "<= 18 %", "{:.1%}"),
    Ratio("on top of bleak, through the bus, one by one (CPU)", _on_top("paced", "whole"), "<= 18 %", "{:.1%}"),
    Ratio(
        "TheengsGateway's own work / ours",
        _share(("direct", "theengs", "store"), ("direct", "ours", "store")),
        ">= 1,000",
        "{:,.0f}",
    ),
    Ratio(
        "TheengsGateway / ours, whole processes through the bus",
        _share(("bus", "theengs", "store"), ("bus", "ours", "store")),
        "",
        "{:,.0f}",
    ),
    Ratio(
        "a store of 1,000 beacons, read and checked / libyaml's loader",
        _share(("files", "ours", "store"), ("files", "libyaml", "store")),
        "<= 1.5",
        "{:.2f}",
    ),
    Ratio(
        "the same, with every icon read anew",
        _share(("files", "ours anew", "store"), ("files", "libyaml", "store")),
        "",
        "{:.2f}",
    ),
    Ratio(
        "the daemon's imports before its first scan / bleak's own",
        _share(("start", "ours", "imports"), ("start", "bleak", "imports")),
        "<= 2",
        "{:.2f}",
    ),
]
