"""The bench reads the whole account, with the calls that are promised."""

from tests.bench import wechat
from tests.services.bindings.thousand import FEWEST_CALLS


async def test_a_reading_takes_as_many_calls_as_are_reckoned_with() -> None:
    read = await wechat.measured(round_trip=0.001)
    assert read.calls == FEWEST_CALLS
    assert min(read.again, read.first) > 1
