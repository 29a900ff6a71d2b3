"""Every ratio is made of cases that are measured."""

import sys

from tests.bench.__main__ import cases
from tests.bench.ratios import RATIOS

PACED = {("paced", path, "store"): 1.0 for path in ("nothing", "whole")}


def test_every_ratio_can_be_made_of_what_is_measured() -> None:
    cost = {case: float(number) for number, case in enumerate(cases(sys.executable), 1)} | PACED
    assert all(ratio.text(cost) for ratio in RATIOS)


def test_without_its_environment_only_the_peers_ratios_are_left_out() -> None:
    cost = {case: float(number) for number, case in enumerate(cases(None), 1)} | PACED
    left_out = []
    for ratio in RATIOS:
        try:
            ratio.of(cost)
        except KeyError:
            left_out.append(ratio.name)
    assert left_out
    assert all("TheengsGateway" in name for name in left_out)
