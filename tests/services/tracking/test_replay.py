"""A recording through the watch, in the recording's own time."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from beacon_gateway.core.log.logged import LoggedHit
from beacon_gateway.core.model.advertisement import RecordedAdvertisement
from beacon_gateway.core.tracking.hit import ExitReason, HitKind
from beacon_gateway.services.tracking.replay import RecordedClock, Replay
from tests.patience import HANG_S
from tests.services.tracking.hit_logs import FakeHitLog
from tests.services.tracking.shop import HEADPHONES, SHOES, WATCHES, advertisement, watch_over

STARTED = datetime(2025, 5, 1, 2, 0, tzinfo=UTC)


def air(*, shoes_until: int, seconds: int) -> list[RecordedAdvertisement]:
    """Return what is heard where watches are heard to the end, and shoes for a while."""
    heard = []
    for second in range(seconds):
        heard.append(RecordedAdvertisement(second, advertisement(WATCHES), -67))
        if second < shoes_until:
            heard.append(RecordedAdvertisement(second + 0.5, advertisement(SHOES), -67))
    return heard


async def replay(
    recording: list[RecordedAdvertisement] | Iterator[RecordedAdvertisement], until: float = 0.0
) -> list[LoggedHit]:
    clock, hit_log = RecordedClock(STARTED, 700.0), FakeHitLog()
    watch = watch_over(SHOES, WATCHES, clock=clock, hit_log=hit_log)
    player = Replay(watch, clock)
    try:
        await player.play(recording)
    finally:
        await player.pass_time(until)
        await watch.journal.flush()
    return hit_log.hits


async def test_arrivals_and_departures_have_the_recordings_times() -> None:
    hits = await replay(air(shoes_until=11, seconds=120))
    assert [(hit.beacon, hit.hit.kind, hit.hit.reason) for hit in hits] == [
        ("watches", HitKind.ENTER, None),
        ("shoes", HitKind.ENTER, None),
        ("shoes", HitKind.EXIT, ExitReason.TIMEOUT),
    ]
    assert [hit.hit.when for hit in hits] == [700.0, 700.5, 710.5]
    assert [hit.at - STARTED for hit in hits] == [timedelta(seconds=seconds) for seconds in (0, 0.5, 10.5)]


async def test_a_recording_gives_the_same_hits_each_time() -> None:
    recording = air(shoes_until=40, seconds=300)
    assert await replay(recording) == await replay(recording)


async def test_a_recording_that_ends_takes_nobody_with_it() -> None:
    hits = await replay(air(shoes_until=20, seconds=20))
    assert [hit.hit.kind for hit in hits] == [HitKind.ENTER, HitKind.ENTER]


async def test_a_radio_that_was_silent_in_the_recording_takes_nobody_with_it() -> None:
    recording = air(shoes_until=20, seconds=20)
    again = [RecordedAdvertisement(heard.after + 3600, heard.manufacturer_data, heard.rssi) for heard in recording]
    hits = await replay(recording + again, until=7200)
    assert [hit.hit.kind for hit in hits] == [HitKind.ENTER, HitKind.ENTER]


async def test_the_silence_at_the_end_of_a_recording_counts() -> None:
    recording = air(shoes_until=20, seconds=20)
    recording += [RecordedAdvertisement(20 + second, HEADPHONES, -50) for second in range(29)]
    assert len(await replay(recording)) == 2
    hits = await replay(recording, until=55)  # deaf only from the 68th second on
    assert [hit.hit.kind for hit in hits[2:]] == [HitKind.EXIT, HitKind.EXIT]


async def test_what_came_before_a_damage_is_logged() -> None:
    def damaged() -> Iterator[RecordedAdvertisement]:
        yield from air(shoes_until=20, seconds=20)
        raise LookupError

    clock, hit_log = RecordedClock(STARTED, 0.0), FakeHitLog()
    watch = watch_over(SHOES, WATCHES, clock=clock, hit_log=hit_log)
    with pytest.raises(LookupError):
        await Replay(watch, clock).play(damaged())
    assert [hit.beacon for hit in hit_log.hits] == ["watches", "shoes"]


async def test_a_long_replay_can_be_interrupted() -> None:
    forever = (RecordedAdvertisement(second, HEADPHONES, -50) for second in range(10**9))
    playing = asyncio.create_task(replay(forever))
    await asyncio.sleep(0)
    playing.cancel()
    await asyncio.wait({playing}, timeout=HANG_S)
    assert playing.cancelled()
