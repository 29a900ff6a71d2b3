"""What the first files of a gateway say: made from answers, with comments, and read back by the reader's own rules."""

from collections.abc import Mapping
from typing import Any, Final

from beacon_gateway.adapters.files.gateway_file import WECHAT
from beacon_gateway.adapters.files.yaml.document import Document
from beacon_gateway.adapters.files.yaml.nodes import MapNode, ScalarNode
from beacon_gateway.adapters.files.yaml.scalars import NAME
from beacon_gateway.adapters.files.yaml.shapes import Shape
from beacon_gateway.adapters.files.yaml.yaml_tree import parse
from beacon_gateway.adapters.files.yaml.yaml_words import scalar
from beacon_gateway.core.files.file_names import FLOORS_FOLDER, PAGES_FILE
from beacon_gateway.core.files.installation import SetupAnswers
from beacon_gateway.core.model.problems import Problem
from beacon_gateway.core.model.settings import Language, Role
from beacon_gateway.core.sentences.messages import say


def name_fault(text: str) -> Problem | None:
    """Tell what is wrong with the name of a gateway or floor."""
    return _fault(NAME, scalar(text))


def appid_fault(text: str) -> Problem | None:
    return _fault(WECHAT, f"appid: {scalar(text)}")


def gateway_text(answers: SetupAnswers) -> bytes:
    """Return gateway.yaml: what was answered, and the defaults as comments."""
    phrase = "setup.file.account" if answers.appid else "setup.file.no-account"
    role = "#  role: writer" if answers.role is Role.WRITER else f"  role: {answers.role.value}"
    account = say(phrase, answers.language, appid=scalar(answers.appid), role=role)
    return say(
        "setup.file.gateway",
        answers.language,
        gateway=scalar(answers.gateway),
        floor=scalar(answers.floor),
        of_messages=answers.language,
        account=account,
    ).encode()


def first_store(floor: str, language: Language) -> Mapping[str, bytes]:
    """Return the files of a store without beacons, by path; a floor's name is a file's name."""
    return {
        PAGES_FILE: say("setup.file.pages", language).encode(),
        f"{FLOORS_FOLDER}/{floor}.yaml": say("setup.file.floor", language, floor=scalar(floor)).encode(),
    }


_STATED: Final = ("gateway", "floor", "language")


def stated_in(content: bytes) -> Mapping[str, str] | None:
    """Return what a gateway.yaml says of what `setup` would ask; None if it cannot be read."""
    document = Document("")
    parse(content, document)
    if not isinstance(document.root, MapNode):
        return None
    top = {key.value: value for key, value in document.root.pairs() if isinstance(key, ScalarNode)}
    found = {name: node.value for name in _STATED if isinstance(node := top.get(name), ScalarNode)}
    if isinstance(account := top.get("wechat"), MapNode):
        for key, value in account.pairs():
            if isinstance(key, ScalarNode) and key.value in {"appid", "role"} and isinstance(value, ScalarNode):
                found[key.value] = value.value
        found.setdefault("role", Role.WRITER.value)
    return found


def completed(content: bytes, added: Mapping[str, str], language: Language, role: Role = Role.WRITER) -> bytes:
    """Return a gateway.yaml with answers put behind what it says already; the role belongs to the appid."""
    if not added:
        return content
    lines = [f"# {say('setup.file.added', language)}"]
    for name, text in added.items():
        line = f"wechat: {{appid: {scalar(text)}, role: {role.value}}}"
        lines.append(line if name == "appid" else f"{name}: {scalar(text)}")
    return content.rstrip(b"\n") + b"\n\n" + "\n".join([*lines, ""]).encode()


def _fault(shape: Shape[Any], text: str) -> Problem | None:
    document = Document("")
    parse(text.encode("utf-8", "replace"), document)
    if document.root is not None:
        shape.read(document.root, document)
    return document.problems[0] if document.problems else None
