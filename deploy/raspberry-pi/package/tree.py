"""Lays out the files of the package as they will lie on the Pi."""

import gzip
import os
import shutil
import stat
from collections.abc import Iterator
from email.parser import HeaderParser
from pathlib import Path
from typing import Final

from versions import debian_version, write_version
from wheels import PYTHONS
from words import changelog, completion, manual

from beacon_gateway.cli import parser

HERE: Final = Path(__file__).parent
HOME: Final = Path("opt/beacon-gateway")
SITE_PACKAGES: Final = HOME / "lib" / "site-packages"
SYSTEMD: Final = HERE.parent / "systemd"

_DOCUMENTS: Final = Path("usr/share/doc/beacon-gateway")
_SYSTEMD: Final = Path("usr/lib/systemd")
_START: Final = """\
#!/opt/beacon-gateway/bin/python -I
# -I: neither the environment nor the folder it is started in changes what is imported.
import sys

from beacon_gateway.__main__ import main

sys.exit(main())
"""
_COPYRIGHT: Final = """\
Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: beacon-gateway
Comment:
 The libraries in /opt/beacon-gateway/lib/site-packages have licences of their own,
 which lie there in each one's .dist-info folder:
{libraries}

Files: *
Copyright: {holder}
License: Expat
{text}
"""


def lay_out(root: Path, project: Path, version: str, epoch: int) -> None:
    """Put everything but the libraries, which are there already, into root."""
    _environment(root)
    _project(root, project, version)
    _systemd(root)
    _words(root, version, epoch)
    _documents(root, project)
    _words_of_debian(root, version, epoch)


def units_at_boot() -> list[str]:
    """Return the units that say when they are started, and are enabled therefore."""
    units = [path for path in SYSTEMD.iterdir() if path.is_file()]
    return sorted(path.name for path in units if "\n[Install]\n" in path.read_text(encoding="utf-8"))


def settle(root: Path, epoch: int) -> None:
    """Set the same time for all files, and modes that depend on nothing here."""
    for path in (root, *root.rglob("*")):
        if not path.is_symlink():
            executable = path.is_dir() or path.stat().st_mode & stat.S_IXUSR
            path.chmod(0o755 if executable and path.suffix != ".so" else 0o644)
        os.utime(path, (epoch, epoch), follow_symlinks=False)


def _environment(root: Path) -> None:
    """Make a virtual environment for whichever of the Pythons is there: all of them see the same site-packages."""
    home = root / HOME
    for python in PYTHONS:
        _link(home / "lib" / f"python{python}" / "site-packages", "../site-packages")
    _link(home / "bin" / "python", "/usr/bin/python3")
    _write(home / "pyvenv.cfg", "home = /usr/bin\ninclude-system-site-packages = false\n")
    _write(home / "bin" / "beacon-gateway", _START, executable=True)
    for program in ("keep-package", "share-store"):
        _copy(HERE / program, home / "libexec" / program)
    _link(root / "usr" / "bin" / "beacon-gateway", "/opt/beacon-gateway/bin/beacon-gateway")


def _project(root: Path, project: Path, version: str) -> None:
    packages = root / SITE_PACKAGES
    shutil.copytree(
        project / "beacon_gateway", packages / "beacon_gateway", ignore=shutil.ignore_patterns("__pycache__")
    )
    write_version(packages, version)
    for path in (packages / "beacon_gateway").rglob("*.py"):
        compile(path.read_bytes(), path, "exec")  # a package that cannot be imported must not be built
    about = f"Metadata-Version: 2.4\nName: beacon-gateway\nVersion: {version}\nLicense-Expression: MIT\n"
    _write(packages / f"beacon_gateway-{version}.dist-info" / "METADATA", about)


def _systemd(root: Path) -> None:
    """Units and drop-ins as they are; what is meant to be copied by hand, to the examples."""
    for path in SYSTEMD.rglob("*"):
        place = path.relative_to(SYSTEMD)
        if path.suffix == ".example":
            _copy(path, root / _DOCUMENTS / "examples" / place)
        elif path.is_file():
            _copy(path, root / _SYSTEMD / ("" if place.parts[0] == "journald.conf.d" else "system") / place)
    for kind in ("sysusers", "tmpfiles"):
        _copy(HERE / f"beacon-gateway.{kind}", root / "usr" / "lib" / f"{kind}.d" / "beacon-gateway.conf")


def _words(root: Path, version: str, epoch: int) -> None:
    share = root / "usr" / "share"
    _write(share / "bash-completion" / "completions" / "beacon-gateway", completion(parser(), "bash"))
    _write(share / "zsh" / "vendor-completions" / "_beacon-gateway", completion(parser(), "zsh"))
    _write_compressed(share / "man" / "man1" / "beacon-gateway.1.gz", manual(parser(), version, epoch))


def _documents(root: Path, project: Path) -> None:
    documents = root / _DOCUMENTS
    for guide in HERE.parent.glob("README*.md"):
        _copy(guide, documents / guide.name)
    for folder in (project / "config", HERE.parent / "ansible"):
        shutil.copytree(folder, documents / "examples" / folder.name)
    _write_compressed(documents / "CHANGELOG.md.gz", (project / "CHANGELOG.md").read_text(encoding="utf-8"))
    _write(documents / "copyright", _copyright(root, project))


def _words_of_debian(root: Path, version: str, epoch: int) -> None:
    _write_compressed(root / _DOCUMENTS / "changelog.gz", changelog(debian_version(version), epoch))
    _copy(HERE / "lintian-overrides", root / "usr" / "share" / "lintian" / "overrides" / "beacon-gateway")


def _copyright(root: Path, project: Path) -> str:
    licence = (project / "LICENSE").read_text(encoding="utf-8").splitlines()
    holder = next(line for line in licence if line.startswith("Copyright"))
    text = "\n".join(f" {line}" if line else " ." for line in licence[licence.index(holder) + 2 :])
    return _COPYRIGHT.format(
        libraries="\n".join(f" {line}" for line in _libraries(root / SITE_PACKAGES)),
        holder=holder.removeprefix("Copyright (c) "),
        text=text,
    )


def _libraries(packages: Path) -> Iterator[str]:
    for metadata in sorted(packages.glob("*.dist-info/METADATA")):
        about = HeaderParser().parsestr(metadata.read_text(encoding="utf-8"))
        classified = [
            value.rpartition(" :: ")[2] for value in about.get_all("Classifier", []) if value.startswith("License ::")
        ]
        licence = about["License-Expression"] or ", ".join(classified) or about["License"]
        yield f"{about['Name']} {about['Version']}: {licence}"


def _write(path: Path, content: str, *, executable: bool = False) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    path.chmod(0o755 if executable else 0o644)


def _write_compressed(path: Path, content: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(content.encode(), mtime=0))


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(source, target)


def _link(path: Path, target: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(target)
