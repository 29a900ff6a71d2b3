"""What was met lately is known, and what was not is forgotten."""

from beacon_gateway.adapters.wechat.callback.seen_signatures import SeenSignature, SeenSignatures
from beacon_gateway.core.model.recent import RecentNumbers


def test_nothing_is_forgotten_before_its_time_nor_known_for_more_than_twice_as_long() -> None:
    recent = RecentNumbers(seconds=30, most=1_000)
    for second in range(300):
        recent.put(second, -second, second)
        known = {met for met in range(second + 1) if recent.get(met) == -met}
        assert set(range(max(0, second - 30), second + 1)) <= known
        assert min(known) >= second - 60
    assert recent.dropped == 0


def test_a_pause_forgets_all_but_the_last() -> None:
    recent = RecentNumbers(seconds=30, most=1_000)
    recent.put(1, 1, 0)
    recent.put(2, 2, 100)
    recent.put(3, 3, 200)
    assert [recent.get(number) for number in (1, 2, 3)] == [None, 2, 3]
    assert recent.dropped == 0


def test_there_are_never_more_than_fit_and_what_is_lost_for_it_is_counted() -> None:
    recent = RecentNumbers(seconds=30, most=10)
    for number in range(35):
        recent.put(number, 0, 0)
        assert len(recent) <= 20
    assert recent.dropped == 20
    assert [number for number in range(35) if recent.get(number) == 0] == list(range(20, 35))


def test_a_signature_is_known_with_its_message_only() -> None:
    seen = SeenSignatures(seconds=240)
    assert seen.look("a" * 40, b"one") is SeenSignature.NEVER
    seen.remember("a" * 40, b"one", 0)
    assert seen.look("a" * 40, b"one") is SeenSignature.WITH_THIS
    assert seen.look("a" * 40, b"two") is SeenSignature.WITH_ANOTHER
    assert seen.look("b" * 40, b"one") is SeenSignature.NEVER


def test_too_many_signatures_cost_the_oldest() -> None:
    seen = SeenSignatures(seconds=240, most=10)
    for number in range(25):
        seen.remember(f"{number:040x}"[::-1], b"", 0)
    assert seen.dropped == 10
