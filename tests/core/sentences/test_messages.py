"""Every verdict and every beacon event can be said, in Chinese and English."""

import re

import pytest

from beacon_gateway.core.health.beacon_event import BeaconEvent, BeaconEventKind
from beacon_gateway.core.health.diagnosis import Verdict
from beacon_gateway.core.health.receiver_level import ReceiverChange
from beacon_gateway.core.log.event import Event, EventKind
from beacon_gateway.core.log.timeline import ClockSegment
from beacon_gateway.core.model.settings import Language
from beacon_gateway.core.sentences.catalogue import languages
from beacon_gateway.core.sentences.messages import say, tell
from beacon_gateway.presentation.events import sentence as said
from tests.core.air import KEY

ENGLISH = re.compile(r"[A-Za-z']{2,} [A-Za-z']{2,}")
CHINESE = re.compile("[\u4e00-\u9fff]")
DETAILS = {
    BeaconEventKind.ABSENT: {"minutes": "5"},
    BeaconEventKind.BACK: {"minutes": "5", "rssi": "-70"},
    BeaconEventKind.MOVED: {"before": "-60", "after": "-75"},
    BeaconEventKind.STRAYED: {"floor": "F5"},
    BeaconEventKind.CLONED: {"sign": "powers"},
    BeaconEventKind.UNREGISTERED: {"rssi": "-70"},
}


def in_both(zh: str, en: str) -> None:
    """Assert that these are two sentences of what and what to do, each in its own language."""
    assert not ENGLISH.search(zh.replace(str(KEY), "")), zh
    assert not CHINESE.search(en.replace("北扶梯口", "")), en
    for sentence, stops in ((zh, "。？"), (en, ".?")):
        assert sentence[-1] in stops
        assert len(sentence) < 200


@pytest.mark.parametrize("verdict", Verdict)
def test_every_verdict_can_be_said(verdict: Verdict) -> None:
    in_both(say(f"verdict.{verdict}", Language.CHINESE), say(f"verdict.{verdict}", Language.ENGLISH))


def test_a_change_of_the_receiver_is_said_with_how_many_beacons_and_by_how_much() -> None:
    details = ReceiverChange(0.0, [-14.2, -12.0, -10.6], 4).details
    assert details == {"beacons": "3", "known": "4", "step": "-12", "lowest": "-14", "highest": "-11"}
    for language in languages():
        event = Event(EventKind.LEVEL, 0.0, ClockSegment("b", 0.0, 0.0, known=True), "f6-east", details=details)
        sentence = said(event, language)
        assert all(figure in sentence for figure in ("3", "4", "-14", "-11"))


@pytest.mark.parametrize("kind", BeaconEventKind)
def test_every_event_can_be_said_with_whom_it_is_about(kind: BeaconEventKind) -> None:
    event = BeaconEvent(kind, KEY, 0.0, DETAILS[kind])
    zh, en = tell(event, "北扶梯口", Language.CHINESE), tell(event, "北扶梯口", Language.ENGLISH)
    in_both(zh, en)
    whom = str(KEY) if kind is BeaconEventKind.UNREGISTERED else "北扶梯口"
    assert whom in zh
    assert whom in en
