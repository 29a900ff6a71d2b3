"""Who must wait after wrong passwords, for how long, and who must not."""

from beacon_gateway.core.access.throttle import (
    FAILURES_WINDOW_S,
    FOR_ADDRESS,
    FOR_NAME,
    MAX_ADDRESSES,
    MAX_KNOWN_ADDRESSES,
    Throttle,
)

HERE, THERE = "10.0.0.7", "10.0.0.8"


def fail(throttle: Throttle, name: str, address: str, now: float, times: int) -> float:
    """Fail so often, each time after the wait; return the time then."""
    for _ in range(times):
        if wait := throttle.attempt(name, address, now):
            now += wait
            assert throttle.attempt(name, address, now) == 0.0
    return now


def test_waits_double_up_to_a_quarter_of_an_hour() -> None:
    throttle, now, waits = Throttle(), 0.0, list[float]()
    fail(throttle, "anna", HERE, now, 4)
    for _ in range(14):
        assert throttle.attempt("anna", HERE, now) == 0.0
        waits.append(throttle.attempt("anna", HERE, now))
        now += waits[-1]
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900, 900]


def test_the_fifth_mistake_is_the_first_that_costs() -> None:
    throttle = Throttle()
    assert [throttle.attempt("anna", HERE, 0.0) for _ in range(6)] == [0.0, 0.0, 0.0, 0.0, 0.0, 1.0]
    assert throttle.attempt("anna", HERE, 0.9) > 0
    assert throttle.attempt("anna", HERE, 1.0) == 0.0
    assert throttle.attempt("anna", HERE, 1.0) == 2.0


def test_what_is_refused_for_now_counts_for_nothing() -> None:
    throttle = Throttle()
    fail(throttle, "anna", HERE, 0.0, 5)
    for _ in range(100):
        assert throttle.attempt("anna", HERE, 0.5) == 0.5


def test_after_a_quarter_of_an_hour_all_is_forgotten() -> None:
    throttle = Throttle()
    now = fail(throttle, "anna", HERE, 0.0, 8) + FAILURES_WINDOW_S + 60
    assert [throttle.attempt("anna", HERE, now) for _ in range(5)] == [0.0] * 5


def test_the_right_password_ends_the_wait_of_that_name_there() -> None:
    throttle = Throttle()
    now = fail(throttle, "anna", HERE, 0.0, 6)
    throttle.succeeded("anna", HERE)
    assert [throttle.attempt("anna", HERE, now) for _ in range(5)] == [0.0] * 5


def test_one_who_forgot_keeps_out_nobody_else() -> None:
    throttle = Throttle()
    now = fail(throttle, "anna", HERE, 0.0, 9)
    assert throttle.attempt("bob", HERE, now) == 0.0
    assert throttle.attempt("anna", THERE, now) == 0.0


def test_an_address_that_tries_many_names_is_stopped_and_its_own_account_does_not_help() -> None:
    throttle, now, guesses = Throttle(), 0.0, 0
    while now < 86_400:
        if wait := throttle.attempt(f"name{guesses}", HERE, now):
            now += wait
            continue
        guesses += 1
        if throttle.attempt("mallory", HERE, now) == 0.0:
            throttle.succeeded("mallory", HERE)
    assert guesses < FOR_ADDRESS.free + 86_400 / FOR_ADDRESS.longest + 20


def test_many_addresses_that_try_one_name_are_slowed_and_its_owner_comes_in_where_they_did_before() -> None:
    throttle, now, guesses = Throttle(), 0.0, 0
    assert throttle.attempt("anna", HERE, now) == 0.0
    throttle.succeeded("anna", HERE)
    while now < 3_600:
        if wait := throttle.attempt("anna", f"10.1.{guesses // 250}.{guesses % 250}", now):
            assert throttle.attempt("anna", HERE, now) == 0.0
            throttle.succeeded("anna", HERE)
            now += min(wait, 1.0)
            continue
        guesses += 1
    assert throttle.kept <= 3 * MAX_ADDRESSES + MAX_KNOWN_ADDRESSES


def test_nobody_can_keep_an_owner_out_for_longer_than_a_minute() -> None:
    throttle, now = Throttle(), 0.0
    for number in range(500):
        now += throttle.attempt("anna", f"10.2.{number // 250}.{number % 250}", now)
    assert 0 <= throttle.attempt("anna", HERE, now) <= FOR_NAME.longest


def test_memory_is_bounded_whatever_is_tried() -> None:
    throttle = Throttle()
    for number in range(5 * MAX_ADDRESSES):
        throttle.attempt(f"name{number}", f"address{number}", number)
        if number % 2:
            throttle.succeeded(f"name{number}", f"address{number}")
    assert throttle.kept <= 3 * MAX_ADDRESSES + MAX_KNOWN_ADDRESSES
