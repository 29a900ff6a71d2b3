"""The rules of ARCHITECTURE.md about who may import whom, read from the source."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.places import PROJECT

PACKAGE = PROJECT / "beacon_gateway"

MAY_IMPORT = {
    "core": {"core"},
    "services": {"services", "core"},
    "adapters": {"adapters", "core"},
    "simulator": {"simulator", "core"},
    "presentation": {"presentation", "core"},
    "log": {"core", "left_out"},
    "left_out": set(),
    "output": {"core"},
    "wiring": {"wiring", "services", "adapters", "core"},
    "demo": {"demo", "wiring", "services", "adapters", "simulator", "core", "presentation"},
    "commands": {
        "commands",
        "demo",
        "wiring",
        "services",
        "adapters",
        "simulator",
        "core",
        "presentation",
        "log",
        "output",
    },
    "cli": {"commands", "output", "left_out"},
    "__main__": {"cli", "output"},
}
LIBRARY_OF = {
    "aiohttp": {
        "adapters/connections.py",
        "adapters/listener.py",
        "adapters/web",
        "adapters/wechat",
        "simulator/wechat",
    },
    "bleak": {"adapters/bluez"},
    "cryptography": {"simulator/wechat"},
    "dbus_fast": {"adapters/bluez"},
    "jinja2": {"adapters/web"},
    "rich": {"demo/view.py", "commands/shared/canvas.py", "commands/radio/scan_view.py"},
    "structlog": {"services", "adapters", "simulator", "log.py"},
    "wechatpy": {"adapters/wechat"},
    "yaml": {"adapters/files/yaml/yaml_tree.py"},
}
AROUND_THE_STREAMS = {
    "input": {"output.py"},
    "getpass.getpass": {"output.py"},
    "os.write": {"output.py", "log.py", "adapters"},
    "os.fdopen": {"adapters"},
    "sys.__stdout__": set[str](),
    "sys.__stderr__": set[str](),
    "sys.stdout.buffer": set[str](),
    "sys.stderr.buffer": set[str](),
    "sys.stdout.detach": set[str](),
    "sys.stdout.reconfigure": set[str](),
    "Console": {"commands/shared/canvas.py", "demo/view.py", "commands/radio/scan_view.py"},
    "Styled": {"core/text/terminal_text.py", "output.py", "presentation/terminal.py", "commands/shared/canvas.py"},
}
"""Names by which something could reach a terminal past `output`, and the only places that may use them."""
STARTERS = {"subprocess.run", "subprocess.Popen", "asyncio.create_subprocess_exec"}
IMPURE = {"asyncio", "logging", "socket", "sqlite3", "time", "random", "os", "threading", "subprocess"}


def sources() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            module = node.module or ""
            # `from beacon_gateway import log` names a room; `from beacon_gateway import __version__` does not.
            yield from (f"{module}.{alias.name}" if module == "beacon_gateway" else module for alias in node.names)


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_each_room_imports_only_what_the_picture_shows(path: Path) -> None:
    if path.parent == PACKAGE and path.name == "__init__.py":
        return
    own = {name.split(".")[1] for name in imports(path) if name.startswith("beacon_gateway.")} - {"__version__"}
    # Pages show what commands print: the same values, put into words in the same way.
    is_page = path.is_relative_to(PACKAGE / "adapters" / "web")
    assert own <= MAY_IMPORT[room_of(path)] | ({"presentation"} if is_page else set())


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_each_library_is_known_in_one_place(path: Path) -> None:
    here = path.relative_to(PACKAGE).as_posix()
    for name in {name.split(".")[0] for name in imports(path)}:
        if name == "beacon_gateway" or name in sys.stdlib_module_names:
            continue
        assert any(here == place or here.startswith(f"{place}/") for place in LIBRARY_OF[name]), f"{here}: {name}"


def names_used(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.Attribute):
            yield ast.unparse(node)


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_nothing_reaches_a_terminal_past_the_standard_streams(path: Path) -> None:
    here = path.relative_to(PACKAGE).as_posix()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for name in AROUND_THE_STREAMS.keys() & set(names_used(tree)):
        places = AROUND_THE_STREAMS[name]
        assert any(here == place or here.startswith(f"{place}/") for place in places), f"{here}: {name}"
    literals = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    if here != "presentation/terminal.py":
        assert not any("\x1b" in text for text in literals), f"{here}: an escape code"
    assert "/dev/tty" not in literals


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_what_another_program_says_is_read_and_never_passed_on_as_it_is(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in STARTERS:
            given = {keyword.arg for keyword in node.keywords}
            assert given >= {"stdout", "stderr"} or "capture_output" in given, f"{path}:{node.lineno}"


@pytest.mark.parametrize("path", sorted((PACKAGE / "core").rglob("*.py")), ids=lambda path: path.name)
def test_core_knows_no_clock_no_chance_and_no_outside(path: Path) -> None:
    assert not IMPURE & {name.split(".")[0] for name in imports(path)}


def test_core_reads_no_file_but_the_catalogues_that_are_a_part_of_the_program() -> None:
    readers = {"gettext", "importlib", "io", "shutil", "tempfile", "glob"}
    reading = {path.stem for path in (PACKAGE / "core").rglob("*.py") if readers & set(imports(path))}
    opening = {
        path.stem
        for path in (PACKAGE / "core").rglob("*.py")
        if re.search(r"\bopen\(|\.(read|write)_(text|bytes)\(|\.iterdir\(", path.read_text(encoding="utf-8"))
    }
    assert reading | opening == {"catalogue"}


def test_every_room_stands_in_the_picture() -> None:
    rooms = {room_of(path) for path in sources()} - {"__init__"}
    picture = (PACKAGE.parent / "ARCHITECTURE.md").read_text(encoding="utf-8")
    assert rooms == set(MAY_IMPORT)
    assert all(room in picture for room in rooms)


MAX_MODULES_IN_A_FOLDER = 16


def folders() -> list[Path]:
    return sorted({path.parent for path in sources()})


@pytest.mark.parametrize("folder", folders(), ids=lambda folder: str(folder.relative_to(PACKAGE)))
def test_no_folder_keeps_more_modules_than_are_read_at_a_glance(folder: Path) -> None:
    modules = [path for path in folder.glob("*.py") if path.name != "__init__.py"]
    assert len(modules) <= MAX_MODULES_IN_A_FOLDER


def subject_arrows(layer: str) -> dict[str, set[str]]:
    """Return which folder of a layer imports which others of it."""
    arrows: dict[str, set[str]] = {}
    for path in (PACKAGE / layer).rglob("*.py"):
        here = path.relative_to(PACKAGE / layer).parts[0].removesuffix(".py")
        for name in imports(path):
            if name.startswith(f"beacon_gateway.{layer}."):
                arrows.setdefault(here, set()).add(name.split(".")[2])
        arrows.setdefault(here, set()).discard(here)
    return arrows


@pytest.mark.parametrize("layer", ["core", "services", "adapters", "commands"])
def test_the_subjects_of_a_layer_import_each_other_in_one_direction(layer: str) -> None:
    arrows = subject_arrows(layer)
    while free := {subject for subject, to in arrows.items() if not to & arrows.keys()}:
        arrows = {subject: to for subject, to in arrows.items() if subject not in free}
    assert not arrows, f"a circle among {sorted(arrows)}"


def test_the_name_of_a_public_class_says_which_one_it_is() -> None:
    where: dict[str, list[str]] = {}
    for path in sources():
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                where.setdefault(node.name, []).append(path.relative_to(PACKAGE).as_posix())
    assert {name: places for name, places in where.items() if len(places) > 1} == {}


UNSAYING = {
    *(
        "AGAIN",
        "BEFORE",
        "BIGGEST",
        "ENOUGH",
        "FEW",
        "FEWEST",
        "GOOD_FOR",
        "LARGEST",
        "LATEST",
        "LITTLE",
        "LONG",
        "LONGEST",
    ),
    *("LOOK_AGAIN", "MOST", "NOW", "PATIENCE", "SAME", "SHORTEST", "SOON", "STEP", "TOO_LITTLE", "TOO_OLD", "WITHIN"),
}
"""Bare names that say neither of what they are a quantity, nor in which unit."""
NOT_YET = ("adapters/bundle/", "adapters/recording/")


def numbers(path: Path) -> Iterator[tuple[str, float]]:
    """Yield the module's constants that are numbers, by their names."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        match node:
            case ast.AnnAssign(target=ast.Name(id=name), value=value) if value:
                pass
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                pass
            case _:
                continue
        if not name.startswith("_") and {type(part) for part in ast.walk(value)} <= ARITHMETIC:
            yield name, eval(ast.unparse(value), {})  # noqa: S307 - numbers and operators of our own source


ARITHMETIC = {
    *(ast.Constant, ast.BinOp, ast.UnaryOp, ast.USub, ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow, ast.LShift),
}


def test_the_name_of_a_constant_says_which_quantity_it_is() -> None:
    values: dict[str, set[float]] = {}
    for path in sources():
        if not path.relative_to(PACKAGE).as_posix().startswith(NOT_YET):
            for name, value in numbers(path):
                if isinstance(value, int | float):
                    values.setdefault(name, set()).add(value)
    assert not UNSAYING & values.keys()
    assert {name: found for name, found in values.items() if len(found) > 1} == {}
