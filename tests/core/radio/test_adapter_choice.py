"""With which adapter the next scan is made."""

import pytest

from beacon_gateway.core.radio.adapters import Adapter, AdapterChoice, ChosenAdapter
from beacon_gateway.core.radio.trouble import RadioCause, RadioTrouble


def adapter(number: int, *, address: str = "", powered: bool = True, central: bool = True) -> Adapter:
    return Adapter(f"/org/bluez/hci{number}", address or f"F0:00:00:00:00:{number:02X}", powered, central)


FIRST, SECOND, THIRD = adapter(0), adapter(1), adapter(10)


def test_without_a_name_the_first_that_has_power_and_can_scan_is_taken() -> None:
    off, unable = adapter(0, powered=False), adapter(1, central=False)
    assert AdapterChoice().choose([off, unable, THIRD]) == THIRD
    assert AdapterChoice().choose([off, unable]) == off
    with pytest.raises(RadioTrouble) as none:
        AdapterChoice().choose([unable])
    assert none.value.cause is RadioCause.ADAPTER_GONE


def test_the_one_that_gateway_yaml_names_is_taken_and_no_other_whatever_happens() -> None:
    choice = AdapterChoice(SECOND.address, ChosenAdapter(FIRST.address))
    assert choice.choose([FIRST, SECOND]) == SECOND
    assert not choice.has_other
    assert choice.move_on() == ""
    choice.received()
    assert choice.remembered is None
    with pytest.raises(RadioTrouble, match="there is: F0:00:00:00:00:00"):
        choice.choose([FIRST])


def test_each_move_takes_the_next_one_that_can_be_used_and_after_the_last_the_first() -> None:
    choice = AdapterChoice()
    adapters = [FIRST, adapter(2, powered=False), adapter(3, central=False), SECOND, THIRD]
    adapters.sort(key=lambda one: int(one.name[3:]))
    taken = [choice.choose(adapters)]
    for _ in range(3):
        choice.move_on()
        taken.append(choice.choose(adapters))
    assert taken == [FIRST, SECOND, THIRD, FIRST]


def test_with_one_adapter_there_is_no_other_and_nothing_to_remember() -> None:
    choice = AdapterChoice()
    choice.choose([FIRST, adapter(1, powered=False), adapter(2, central=False)])
    choice.received()
    assert (choice.has_other, choice.move_on(), choice.remembered) == (False, "", None)


def test_the_one_that_received_is_taken_again_under_whatever_number_it_comes_back() -> None:
    choice = AdapterChoice()
    choice.choose([FIRST, SECOND])
    choice.move_on()
    choice.choose([FIRST, SECOND])
    choice.received()
    assert choice.choose([adapter(0, address=SECOND.address), adapter(1, address=FIRST.address)]).name == "hci0"
    assert choice.choose([FIRST]) == FIRST  # better than none
    assert choice.choose([FIRST, SECOND]) == SECOND


def test_dongles_that_share_an_address_are_told_apart_by_their_number() -> None:
    twins = [adapter(0, address="00:11:22:33:44:55"), adapter(1, address="00:11:22:33:44:55")]
    choice = AdapterChoice()
    choice.choose(twins)
    assert choice.move_on() == "hci1"
    assert choice.choose(twins) == twins[1]


def test_after_a_restart_it_begins_with_the_one_that_received() -> None:
    choice = AdapterChoice(None, ChosenAdapter(SECOND.address, FIRST.address))
    assert choice.choose([FIRST, SECOND]) == SECOND
    choice.received()
    assert choice.remembered == ChosenAdapter(SECOND.address, FIRST.address)


def moved(times: int) -> AdapterChoice:
    choice = AdapterChoice()
    choice.choose([FIRST, SECOND])
    for _ in range(times):
        choice.move_on()
        choice.choose([FIRST, SECOND])
    choice.received()
    return choice


def test_the_other_one_is_at_fault_where_one_move_helped_and_not_where_the_air_was_silent_for_long() -> None:
    assert moved(1).instead_of == FIRST.address
    assert moved(2).instead_of == ""
    assert moved(3).instead_of == ""


def test_a_fault_is_forgotten_with_the_adapter_that_was_taken_out() -> None:
    choice = moved(1)
    choice.choose([SECOND])
    assert choice.instead_of == ""
    choice.received()
    assert choice.remembered == ChosenAdapter(SECOND.address)


def test_an_adapter_that_lost_its_power_is_at_fault_as_well_and_is_taken_again_when_it_has_some() -> None:
    choice = AdapterChoice()
    choice.choose([FIRST, SECOND])
    choice.received()
    assert choice.choose([adapter(0, powered=False), SECOND]) == SECOND
    choice.received()
    assert choice.instead_of == FIRST.address
    assert choice.choose([FIRST, SECOND]) == FIRST
    assert choice.instead_of == ""
