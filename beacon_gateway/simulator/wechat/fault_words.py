"""Faults as people type them: `/shakearound/device/bindpage=45009*2`."""

import re

from beacon_gateway.simulator.wechat.faults import FaultQueue, FaultRule, InjectedFault

GRAMMAR = (
    "PATH=FAULT or PATH=FAULT*TIMES, with * in PATH for anything, TIMES a number or `forever`, and FAULT an error code "
    "(45009, -1), http:502, delay:2.5, hang, drop, truncate, "
    "garble (texts with half characters), lose (done, but the answer is lost). PATH?TEXT is only the calls whose body "
    "holds TEXT: one device's, one page's"
)
_TYPED = re.compile(r"(/[^\s?]*)(?:\?([^\s=]+))?=([^=*\s]+)(?:\*(\d{1,6}|forever))?")
_SIMPLE = {
    "hang": InjectedFault.hang,
    "drop": InjectedFault.drop,
    "truncate": InjectedFault.truncate,
    "garble": InjectedFault.garble,
    "lose": InjectedFault.lose_answer,
}


def add_typed(faults: FaultQueue, text: str) -> FaultRule:
    """Let a fault that was typed wait for its calls. Raises ValueError."""
    typed = _TYPED.fullmatch(text.strip())
    if typed is None:
        raise ValueError(GRAMMAR)
    glob, only, word, times = typed.groups()
    return faults.add(glob, _fault(word), times=None if times == "forever" else int(times or 1), only=only or "")


def _fault(word: str) -> InjectedFault:
    kind, _, number = word.partition(":")
    try:
        if not number:
            return _SIMPLE[kind]() if kind in _SIMPLE else InjectedFault.error(int(kind))
        if kind == "http" and 100 <= int(number) <= 599:
            return InjectedFault.http(int(number))
        if kind == "delay" and 0 <= float(number) <= 3600:
            return InjectedFault.delay(float(number))
    except ValueError:
        pass
    raise ValueError(GRAMMAR)
