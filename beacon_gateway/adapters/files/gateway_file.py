"""gateway.yaml as `Settings`."""

import os
from pathlib import Path
from typing import Any, Final

from beacon_gateway.adapters.files.reading import read
from beacon_gateway.adapters.files.yaml.decibels import RECEIVER_OFFSET
from beacon_gateway.adapters.files.yaml.document import Document
from beacon_gateway.adapters.files.yaml.scalars import (
    ADDRESS,
    API_BASE,
    DURATION,
    HOST_NAME,
    LISTEN,
    LISTEN_OR_OFF,
    NAME,
    TIMEZONE,
    URL_PATH,
    Choice,
    Fraction,
    Integer,
    OnOff,
    Text,
    TextPattern,
)
from beacon_gateway.adapters.files.yaml.shapes import Fields, ListOf, Record
from beacon_gateway.core.model.brake import Brake
from beacon_gateway.core.model.problems import Problem, Severity, SourcePosition, in_reading_order
from beacon_gateway.core.model.settings import (
    ApplyPolicy,
    ClockTrust,
    DriftPolicy,
    EventSettings,
    HitSettings,
    RadioSettings,
    Role,
    ScanMode,
    Settings,
    WebSettings,
    WeChatSettings,
)
from beacon_gateway.core.sentences.catalogue import languages

STATE_FOLDER: Final = Path("/var/lib/beacon-gateway")
RUNTIME_FOLDER: Final = Path("/run/beacon-gateway")
MAX_HOST_NAMES: Final = 20
"""By which browsers may reach the pages."""


def _words(enum: Any) -> Choice[Any]:  # noqa: ANN401 - an enum class
    return Choice({member.value: member for member in enum})


def _given(fields: Fields, *names: str) -> dict[str, Any]:
    """Return what was written; what was not keeps the default that the values' own class declares."""
    return {name: fields[name] for name in names if name in fields}


def _radio(fields: Fields, _: Document) -> RadioSettings:
    address = fields.get("adapter", "AUTO")
    return RadioSettings(adapter=None if address == "AUTO" else address, **_given(fields, "mode", "offset"))


def _web(fields: Fields, _: Document) -> WebSettings:
    address = fields.get("listen", WebSettings().listen)
    names = tuple(stated.value for stated in fields.get("names", ()))
    return WebSettings(None if address == "off" else address, names)


RADIO: Final = Record({"adapter": ADDRESS, "mode": _words(ScanMode), "offset": RECEIVER_OFFSET}, _radio)
BRAKE: Final = Record(
    {"beacons": Integer(0, 10_000), "share": Fraction()}, lambda fields, _: Brake(**_given(fields, "beacons", "share"))
)
EVENTS: Final = Record(
    {"basis": Text(), "listen": LISTEN, "path": URL_PATH, "retain": DURATION},
    lambda fields, _: EventSettings(**_given(fields, "basis", "listen", "path", "retain")),
    required=("basis",),
    about="Where WeChat tells of shakes. Token and AES key never stand in this file.",
)
WECHAT: Final = Record(
    {
        "appid": TextPattern(r"wx[0-9a-f]{16}", str, "value.appid"),
        "api_base": API_BASE,
        "role": _words(Role),
        "apply": _words(ApplyPolicy),
        "drift": _words(DriftPolicy),
        "drift_every": DURATION,
        "brake": BRAKE,
        "events": EVENTS,
    },
    lambda fields, _: (
        WeChatSettings(
            **_given(fields, "appid", "api_base", "role", "apply", "drift", "drift_every", "brake", "events")
        )
        if "appid" in fields
        else WeChatSettings(appid="", role=Role.OFF)
    ),
    about="Without an appid only hits are logged. The secret never stands in this file.",
)
HITS: Final = Record(
    {"retain": DURATION, "commit_every": DURATION, "zones": OnOff()},
    lambda fields, _: HitSettings(**_given(fields, "retain", "commit_every", "zones")),
)
WEB: Final = Record(
    {"listen": LISTEN_OR_OFF, "names": ListOf(HOST_NAME, most=MAX_HOST_NAMES, whole=True)},
    _web,
    about="Pages for people, /healthz and /metrics for monitors. Beyond this machine only with accounts.",
)
GATEWAY_FILE: Final = Record(
    {
        "gateway": NAME,
        "floor": NAME,
        "timezone": TIMEZONE,
        "language": Choice({language: language for language in languages()}),
        "clock": _words(ClockTrust),
        "store": Text(),
        "state": Text(),
        "runtime": Text(),
        "radio": RADIO,
        "wechat": WECHAT,
        "hits": HITS,
        "web": WEB,
    },
    lambda fields, _: fields,
    required=("gateway", "floor"),
    about="This Raspberry Pi.",
)


def read_settings(path: Path) -> tuple[Settings | None, SourcePosition, list[Problem]]:
    """Read gateway.yaml: the settings unless something is wrong, and where `floor` stands."""
    document = read(path, path.name)
    fields = GATEWAY_FILE.read(document.root, document) if document.root else None
    if fields is None:
        return None, SourcePosition(path.name), in_reading_order(document.problems)
    wechat = fields.get("wechat")
    settings = Settings(
        gateway=fields["gateway"],
        floor=fields["floor"],
        store=path.parent / fields.get("store", "store"),
        state=path.parent / fields.get("state", STATE_FOLDER),
        runtime=path.parent / fields.get("runtime", RUNTIME_FOLDER),
        wechat=wechat if wechat and wechat.role is not Role.OFF else None,
        **_given(fields, "timezone", "language", "clock", "radio", "hits", "web"),
    )
    _judge_folders(settings, fields, document)
    return settings, fields.stated("floor").place, in_reading_order(document.problems)


def _judge_folders(settings: Settings, fields: Fields, document: Document) -> None:
    """Report folders of the daemon's own that are not apart.

    What the runtime folder holds must end with a boot, as the day's key for people does; the state folder is on the
    card. What is written into the store's folder looks like an edit of people's. Warnings only: with such a file a
    gateway works.
    """
    folders = {
        name: Path(os.path.abspath(folder))  # noqa: PTH100 - without following links: it may hang
        for name, folder in (("store", settings.store), ("state", settings.state), ("runtime", settings.runtime))
    }
    if folders["runtime"] == folders["state"]:
        _warn(document, _stated_at(fields, "runtime", "state"), "folder.runtime-is-state", found=str(folders["state"]))
    for name in ("state", "runtime"):
        if folders[name].is_relative_to(folders["store"]):
            at = _stated_at(fields, name, "store")
            _warn(document, at, "folder.inside-store", found=str(folders[name]), key=name)


def _stated_at(fields: Fields, *names: str) -> SourcePosition:
    """Return where the first of these keys that was written stands."""
    at: SourcePosition = next(fields.stated(name).place for name in (*names, "gateway") if name in fields)
    return at


def _warn(document: Document, at: SourcePosition, code: str, **details: str) -> None:
    document.problems.append(Problem(at, code, details, Severity.WARNING))
