"""Pictures that were uploaded, and the addresses under which a picture host has them."""

import random

from beacon_gateway.simulator.wechat.errors import EmulatedError
from beacon_gateway.simulator.wechat.settings import EmulatorSettings
from beacon_gateway.simulator.wechat.state.images import recognise

# "Uploading image assets" page.
MAX_ICON_SIDE_PX = 200
MAX_LICENSE_BYTES = 2 << 20

PICTURES = "/wechat_shakearound_pic/0/"
MAX_PICTURES_KEPT = 500


class EmulatedMaterials:
    """Accepts icons and licences, and knows afterwards which addresses it issued."""

    def __init__(self, settings: EmulatorSettings, rng: random.Random) -> None:
        self._settings = settings
        self._rng = rng
        self._icons: set[str] = set()
        self._licenses: set[str] = set()
        self._pictures: dict[str, bytes] = {}
        self.home = "http://shp.qpic.cn"
        """Where the addresses of pictures lead; the emulator's own base URL lets them be fetched."""

    def add_icon(self, content: bytes, now: float) -> str:
        """The icon's http address. Raises 9001007, 9001008, 45001, and 9001009 unless square and at most 200x200."""
        side = self._side_of_square(content, self._settings.icon_bytes)
        if side is None or not 0 < side <= MAX_ICON_SIDE_PX:
            raise EmulatedError(9001009)
        url = self._url(now, 120)
        self._icons.add(url)
        self._pictures[url.removeprefix(self.home)] = content
        if len(self._pictures) > MAX_PICTURES_KEPT:
            del self._pictures[next(iter(self._pictures))]
        return url

    def picture(self, path: str) -> bytes | None:
        """What the picture host has under a path: the newest icons, unlike the real one, which keeps all."""
        return self._pictures.get(path)

    def add_license(self, content: bytes, now: float) -> str:
        """The licence's http address. Raises 9001007, 9001008, 45001; any shape will do."""
        self._side_of_square(content, MAX_LICENSE_BYTES)
        url = self._url(now, 0)
        self._licenses.add(url)
        return url

    def accept_icon(self, url: str) -> None:
        """Count an address as issued, as if the icon had been uploaded in the console."""
        self._icons.add(url)

    def forget(self) -> None:
        """Count no address as issued any more: it is not known for how long the real ones are."""
        self._icons.clear()

    def is_icon(self, url: str) -> bool:
        return url in self._icons or (bool(url) and not self._settings.strict_icon_url)

    def is_license(self, url: str) -> bool:
        return url in self._licenses

    def _side_of_square(self, content: bytes, most_bytes: int) -> int | None:
        if not content:
            raise EmulatedError(9001007)
        if len(content) > most_bytes:
            raise EmulatedError(45001)
        image = recognise(content)
        if image is None:
            raise EmulatedError(9001008)
        return image.width if image.width == image.height else None

    def _url(self, now: float, size: int) -> str:
        return f"{self.home}{PICTURES}{int(now)}{self._rng.getrandbits(64):016x}/{size}"
