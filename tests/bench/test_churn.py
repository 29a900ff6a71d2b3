"""The bench of strangers sees what is kept, and that the gateway counts them all as strangers."""

from tests.bench import churn


async def test_a_callback_that_keeps_every_address_is_seen_to_grow() -> None:
    assert await churn.measured(20_000, "keeps all") > 20_000 * 100


async def test_the_gateway_is_measured_too() -> None:
    assert await churn.measured(1_000) < 8e6
