"""What bluetoothd knows of one transmitter, and what it says when it hears it again."""

from dataclasses import dataclass, field

from dbus_fast import Variant

Properties = dict[str, Variant]


@dataclass(frozen=True, slots=True)
class Report:
    """One advertisement as the controller reports it.

    `manufacturer_data` is company id -> what follows it, `service_data` is service UUID -> what follows it.
    """

    address: str
    manufacturer_data: dict[int, bytes]
    rssi: int = -60
    name: str | None = None
    service_data: dict[str, bytes] = field(default_factory=dict)

    def contains(self, offset: int, ad_type: int, content: bytes) -> bool:
        """Whether an advertisement monitor's pattern matches."""
        match ad_type:
            case 0xFF:
                fields = [company.to_bytes(2, "little") + data for company, data in self.manufacturer_data.items()]
            case 0x09 if self.name is not None:
                fields = [self.name.encode()]
            case _:
                fields = []
        return any(field[offset:].startswith(content) for field in fields)


@dataclass(slots=True)
class FakeDevice:
    address: str
    adapter_path: str
    name: str | None = None
    rssi: int | None = None
    manufacturer_data: dict[int, bytes] = field(default_factory=dict)
    service_data: dict[str, bytes] = field(default_factory=dict)

    @property
    def path(self) -> str:
        return f"{self.adapter_path}/dev_{self.address.replace(':', '_')}"

    def hear(self, report: Report, *, rssi_step: int, repeats_data: bool) -> Properties:
        """Take in a report and return the properties to signal; none of them: no signal.

        bluetoothd's rules (src/device.c): an RSSI is news if it moved by `rssi_step` dB or there was none; data is news
        if it changed; an RSSI of 0 is none. With `repeats_data` data is always news, and replaces what other companies'
        data were known; a report without any leaves what was known.
        """
        news: Properties = {}
        if report.rssi and (self.rssi is None or abs(report.rssi - self.rssi) >= rssi_step):
            self.rssi = report.rssi
            news["RSSI"] = Variant("n", report.rssi)
        if report.manufacturer_data:
            data = {**({} if repeats_data else self.manufacturer_data), **report.manufacturer_data}
            if repeats_data or data != self.manufacturer_data:
                self.manufacturer_data = data
                news["ManufacturerData"] = _manufacturer_data(data)
        if report.service_data:
            service_data = {**({} if repeats_data else self.service_data), **report.service_data}
            if repeats_data or service_data != self.service_data:
                self.service_data = service_data
                news["ServiceData"] = _service_data(service_data)
        if report.name not in (None, self.name):
            self.name = report.name
            news |= {"Name": Variant("s", report.name), "Alias": Variant("s", report.name)}
        return news

    def properties(self) -> Properties:
        properties = {
            "Address": Variant("s", self.address),
            "AddressType": Variant("s", "random"),
            "Adapter": Variant("o", self.adapter_path),
            "Alias": Variant("s", self.name or self.address.replace(":", "-")),
            "Paired": Variant("b", False),
            "Trusted": Variant("b", False),
            "Blocked": Variant("b", False),
            "Connected": Variant("b", False),
            "ServicesResolved": Variant("b", False),
            "UUIDs": Variant("as", []),
        }
        if self.name is not None:
            properties["Name"] = Variant("s", self.name)
        if self.rssi is not None:
            properties["RSSI"] = Variant("n", self.rssi)
        if self.manufacturer_data:
            properties["ManufacturerData"] = _manufacturer_data(self.manufacturer_data)
        if self.service_data:
            properties["ServiceData"] = _service_data(self.service_data)
        return properties


def _manufacturer_data(data: dict[int, bytes]) -> Variant:
    return Variant("a{qv}", {company: Variant("ay", content) for company, content in data.items()})


def _service_data(data: dict[str, bytes]) -> Variant:
    return Variant("a{sv}", {uuid: Variant("ay", content) for uuid, content in data.items()})
