"""A sender that was set up wrongly is told from a beacon that is in no file, and what to burn instead is known."""

from uuid import UUID

import pytest

from beacon_gateway.core.model.ibeacon import APPLE_COMPANY_ID, BeaconKey, Frame
from beacon_gateway.core.model.settings import Language
from beacon_gateway.core.sentences.messages import say_look_alike, tell
from beacon_gateway.core.tracking.look_alikes import LookAlike, LookAlikeMistake, LookAlikes
from beacon_gateway.core.tracking.survey import Survey
from tests.core.air import KEY, STORE, declared
from tests.core.post import Post, Sender

REVERSED = UUID(bytes=STORE.bytes[::-1])
AS_A_GUID = UUID(bytes=STORE.bytes_le)
NORDIC, SWAPPED_APPLE = 0x0059, 0x4C00
BYTES, ORDER, OF_UUID = LookAlikeMistake.BYTES, LookAlikeMistake.ORDER, LookAlikeMistake.UUID


@pytest.mark.parametrize(
    ("key", "mistakes"),
    [
        (BeaconKey(STORE, 0x1627, 0x0100), (BYTES,)),
        (BeaconKey(STORE, 1, 10006), (ORDER,)),
        (BeaconKey(STORE, 0x0100, 0x1627), (BYTES, ORDER)),
        (BeaconKey(REVERSED, 10006, 1), (OF_UUID,)),
        (BeaconKey(AS_A_GUID, 10006, 1), (OF_UUID,)),
        (BeaconKey(REVERSED, 0x1627, 0x0100), (OF_UUID, BYTES)),
    ],
)
def test_what_a_declared_beacon_was_burned_as_is_known(key: BeaconKey, mistakes: tuple[LookAlikeMistake, ...]) -> None:
    assert LookAlikes([KEY]).of(key) == LookAlike(mistakes, KEY)


def test_a_reversed_uuid_is_known_whatever_the_numbers() -> None:
    assert LookAlikes([KEY]).of(BeaconKey(REVERSED, 7, 8)) == LookAlike((OF_UUID,), BeaconKey(STORE, 7, 8))


@pytest.mark.parametrize(
    "key",
    [
        BeaconKey(STORE, 10006, 2),
        BeaconKey(STORE, 10006, 256),  # minor 1 with its bytes swapped, or simply the 256th
        BeaconKey(STORE, 5671, 1),
        BeaconKey(UUID(int=1), 10006, 1),
    ],
)
def test_a_beacon_that_may_be_as_it_should_is_none(key: BeaconKey) -> None:
    assert LookAlikes([KEY]).of(key) is None


def test_two_uuids_of_the_store_that_mirror_each_other_are_both_right() -> None:
    both = LookAlikes([KEY, BeaconKey(REVERSED, 10006, 1)])
    assert both.of(BeaconKey(REVERSED, 10006, 2)) is None


# In the air


@pytest.mark.parametrize(
    ("company", "payload", "mistake"),
    [
        (SWAPPED_APPLE, Frame(KEY, -59).payload(), LookAlikeMistake.COMPANY),
        (NORDIC, Frame(KEY, -59).payload(), LookAlikeMistake.COMPANY),
        (0x0118, b"\xbe\xac" + Frame(KEY, -59).payload()[2:] + b"\x00", LookAlikeMistake.FORMAT),
        (APPLE_COMPANY_ID, b"\xbe\xac" + Frame(KEY, -59).payload()[2:] + b"\x00", LookAlikeMistake.FORMAT),
    ],
)
def test_a_survey_knows_the_body_of_a_beacon_in_another_frame(
    company: int, payload: bytes, mistake: LookAlikeMistake
) -> None:
    survey = Survey([KEY], 0.0)
    survey.hear({company: payload}, -60, 1.0)
    survey.hear({company: payload}, -60, 2.0)
    overview = survey.overview(3.0)
    assert not overview.declared
    [found] = overview.unknown
    assert (found.key, found.adverts, found.look_alike) == (KEY, 2, LookAlike((mistake,), KEY, company))
    assert (overview.other_adverts, overview.other_ibeacons) == (0, 0)


def test_a_disguised_one_never_counts_as_the_real_one() -> None:
    survey = Survey([KEY], 0.0)
    survey.hear({NORDIC: Frame(KEY, -59).payload()}, -40, 1.0)
    survey.hear({APPLE_COMPANY_ID: Frame(KEY, -59).payload()}, -80, 1.0)
    overview = survey.overview(2.0)
    assert [(found.rssi, found.look_alike) for found in overview.declared] == [(-80, None)]
    assert [found.rssi for found in overview.unknown] == [-40]


@pytest.mark.parametrize(
    "data", [{NORDIC: Frame(BeaconKey(UUID(int=1), 1, 1), -59).payload()}, {NORDIC: b"\x02\x15"}, {NORDIC: b""}]
)
def test_what_others_send_in_other_frames_is_only_counted(data: dict[int, bytes]) -> None:
    survey = Survey([KEY], 0.0)
    survey.hear(data, -60, 1.0)
    assert (survey.overview(2.0).unknown, survey.overview(2.0).other_adverts) == ([], 1)


# Told


@pytest.mark.parametrize("key", [BeaconKey(STORE, 0x1627, 0x0100), BeaconKey(REVERSED, 10006, 1)])
def test_the_gateway_tells_how_to_burn_it_and_not_to_write_it_down(key: BeaconKey) -> None:
    it = Post(declared(KEY))
    it.listen(60, Sender(key))
    [event] = it.events
    assert event.key == key
    zh, en = tell(event, "", Language.CHINESE), tell(event, "", Language.ENGLISH)
    assert f"请重新烧录：{KEY}" in zh
    assert f"reprogram it: {KEY}" in en
    assert "add it to a floor file" not in en


def test_one_that_is_looked_like_no_more_after_an_edit_is_told_of_as_any_other() -> None:
    swapped = BeaconKey(STORE, 0x1627, 0x0100)
    it = Post(declared(KEY))
    it.listen(1, Sender(swapped))
    it.use(declared(BeaconKey(STORE, 10006, 7)))
    it.listen(60, Sender(swapped))
    assert "meant" not in it.events[0].details


@pytest.mark.parametrize("mistake", LookAlikeMistake)
def test_every_mistake_can_be_said(mistake: LookAlikeMistake) -> None:
    found = LookAlike((mistake, OF_UUID), KEY, SWAPPED_APPLE)
    said = say_look_alike(found, Language.ENGLISH, "North"), say_look_alike(found, Language.CHINESE)
    assert all(str(KEY) in text for text in said)
    assert ("0x4C00" in said[0]) is (mistake is LookAlikeMistake.COMPANY)
