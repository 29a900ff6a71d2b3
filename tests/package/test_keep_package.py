"""The package that an upgrade replaces is rebuilt from what dpkg knows of it, here with a database of dpkg's own."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from tree import HERE

pytestmark = pytest.mark.skipif(not shutil.which("dpkg-deb"), reason="dpkg rebuilds the package, and is not here")

STATUS = """\
Package: beacon-gateway
Status: install ok installed
Priority: optional
Section: net
Installed-Size: {kilobytes}
Maintainer: nobody <root@localhost>
Architecture: all
Version: 0.1.0
Depends: python3
Description: one line
 and more

"""


@dataclass(frozen=True, slots=True)
class Installed:
    """A package that dpkg believes to be installed; its files are below `files`, wherever that is."""

    files: Path
    database: Path
    cache: Path

    def keep(self) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [HERE / "keep-package", self.cache / "replaced.deb"],
            env={**os.environ, "DPKG_ADMINDIR": str(self.database)},
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture
def installed(tmp_path: Path) -> Installed:
    return install(tmp_path, kilobytes=10)


def install(tmp_path: Path, kilobytes: int) -> Installed:
    files, info = tmp_path / "files", tmp_path / "database" / "info"
    for folder in (files / "bin", info, tmp_path / "database" / "updates"):
        folder.mkdir(parents=True)
    (files / "bin" / "start here").write_text("#!/bin/sh\n", encoding="utf-8")
    (files / "bin" / "start here").chmod(0o755)
    (files / "link").symlink_to("bin")
    known = [files, files / "bin", files / "bin" / "start here", files / "link", files / "left-out-by-dpkg.txt"]
    (info / "format").write_text("1\n", encoding="utf-8")
    (info / "beacon-gateway.list").write_text("".join(f"{path}\n" for path in ["/.", *known]), encoding="utf-8")
    (info / "beacon-gateway.postinst").write_text("#!/bin/sh\nexit 0\n", encoding="utf-8")
    (info / "beacon-gateway.postinst").chmod(0o755)
    (info / "beacon-gateway.triggers").write_text("interest-noawait /usr/bin/python3\n", encoding="utf-8")
    (tmp_path / "database" / "status").write_text(STATUS.format(kilobytes=kilobytes), encoding="utf-8")
    return Installed(files, tmp_path / "database", tmp_path / "cache")


def test_files_links_and_scripts_are_as_they_are_installed(installed: Installed, tmp_path: Path) -> None:
    assert installed.keep().returncode == 0
    unpacked = tmp_path / "unpacked"
    subprocess.run(["dpkg-deb", "--raw-extract", installed.cache / "replaced.deb", unpacked], check=True)
    again = unpacked / installed.files.relative_to("/")
    assert (again / "bin" / "start here").read_text(encoding="utf-8") == "#!/bin/sh\n"
    assert os.access(again / "bin" / "start here", os.X_OK)
    assert (again / "link").readlink() == Path("bin")
    assert sorted(path.name for path in (unpacked / "DEBIAN").iterdir()) == ["control", "postinst", "triggers"]


def test_dpkg_is_told_what_it_was_told_before(installed: Installed) -> None:
    installed.keep()
    told = subprocess.run(
        ["dpkg-deb", "--field", installed.cache / "replaced.deb"], stdout=subprocess.PIPE, text=True, check=True
    ).stdout
    without = [line for line in STATUS.format(kilobytes=10).splitlines() if not line.startswith("Status:")]
    assert sorted(told.split("\n")) == sorted(without)


def test_nothing_but_the_package_stays_behind(installed: Installed) -> None:
    (installed.cache / "rebuilding" / "DEBIAN").mkdir(parents=True)  # a power cut left it
    assert installed.keep().returncode == 0
    assert [path.name for path in installed.cache.iterdir()] == ["replaced.deb"]
    assert (installed.files / "bin" / "start here").stat().st_nlink == 1


def test_a_card_that_is_nearly_full_is_left_alone_with_a_word(tmp_path: Path) -> None:
    installed = install(tmp_path, kilobytes=10**12)
    done = installed.keep()
    assert done.returncode == 1
    assert "kB are needed to keep the installed version" in done.stderr
    assert list(installed.cache.iterdir()) == []


def test_a_package_that_cannot_be_rebuilt_leaves_what_was_kept(installed: Installed) -> None:
    installed.cache.mkdir()
    (installed.cache / "replaced.deb").write_text("kept", encoding="utf-8")
    (installed.database / "info" / "beacon-gateway.postinst").chmod(0o644)  # dpkg-deb refuses such a script
    done = installed.keep()
    assert done.returncode != 0
    assert [path.name for path in installed.cache.iterdir()] == ["replaced.deb"]
    assert (installed.cache / "replaced.deb").read_text(encoding="utf-8") == "kept"
