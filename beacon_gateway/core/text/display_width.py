"""How wide a text is, as WeChat counts and as terminals show it."""


def display_width(text: str) -> int:
    """Count as WeChat's limits do: an ASCII character is 1 wide, every other 2."""
    return sum(1 if ord(character) < 128 else 2 for character in text)  # noqa: PLR2004 - the end of ASCII
