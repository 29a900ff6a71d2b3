"""Builds what a guest boots from: a Debian release as it is, its kernel, and the locked wheels in a folder that nothing
of the gateway's own would take; nothing of our source. So it is not built anew when a test or the gateway changes.
"""

import hashlib
import lzma
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.equipment import Missing
from tests.places import PROJECT
from tests.vm.cache import kept

INIT: Final = Path(__file__).parent / "guest" / "init"
GATEWAY_PACKAGES: Final = "opt/wheels"
"""For guests without the Debian package, which brings its own: there the cargo puts our source beside them."""
AIR_PACKAGES: Final = "opt/air"
LOCKS: Final = {"gateway": PROJECT / "requirements.lock", "air": PROJECT / "requirements-vm.lock"}

_PACKAGES: Final = (
    "bluez",
    "busybox-static",
    "dbus",
    "kmod",
    "passwd",
    "python3",
    "rfkill",
    "systemd-sysv",
    "udev",
)
_MODULES: Final = (
    *("hci_vhci", "rfcomm", "bnep", "hidp", "uhid"),
    *("algif_hash", "algif_skcipher", "cmac", "ecb"),  # bluetoothd's cryptography
    *("ecdh_generic", "drbg", "jitterentropy_rng", "sha512_generic"),  # the kernel's own, for pairing
    *("virtio_console", "virtio_rng"),
)
_MODULES_FOR_THE_DISK: Final = ("virtio_pci", "virtio_blk", "ext4")
_DISK_BYTES: Final = 3 << 30
"""Sparse: what is not used is not there."""


@dataclass(frozen=True, slots=True)
class Suite:
    """A Debian release, of those that Raspberry Pi OS is made of."""

    name: str
    python: str


SUITES: Final = {suite.name: suite for suite in (Suite("bookworm", "3.11"), Suite("trixie", "3.13"))}


@dataclass(frozen=True, slots=True)
class Image:
    folder: Path

    @property
    def kernel(self) -> Path:
        return self.folder / "kernel"

    @property
    def initrd(self) -> Path:
        return self.folder / "initrd"

    @property
    def disk(self) -> Path:
        return self.folder / "disk"


def image(suite: Suite) -> Image:
    """Return the suite's image, built now if need be. Raises Missing where Debian or the wheels cannot be had."""
    return Image(kept(suite.name, _fingerprint(suite), lambda work: _build(suite, work)))


def _fingerprint(suite: Suite) -> str:
    content = hashlib.sha256(suite.name.encode())
    for path in (Path(__file__), INIT, *LOCKS.values()):
        content.update(path.read_bytes())
    return content.hexdigest()[:12]


def _build(suite: Suite, work: Path) -> Path:
    root, kernel, boot = work / "root", work / "kernel", work / "boot"
    boot.mkdir()
    _debian(suite, root, work)
    _wheels(LOCKS["gateway"], suite, root / GATEWAY_PACKAGES, work)
    _wheels(LOCKS["air"], suite, root / AIR_PACKAGES, work)
    _chroot(root, "python3", "-m", "compileall", "-q", f"/{GATEWAY_PACKAGES}", f"/{AIR_PACKAGES}", check=False)
    # mmdebstrap leaves its options behind; a package that is installed later comes with its documents, as on a Pi.
    (root / "etc" / "dpkg" / "dpkg.cfg.d" / "99mmdebstrap").unlink(missing_ok=True)

    _run("dpkg-deb", "--extract", next(work.glob("linux-image-*.deb")), kernel)
    shutil.copy(next(kernel.glob("boot/vmlinuz-*")), boot / "kernel")
    _modules(kernel, root)
    _initrd(kernel, root, boot / "initrd", work)
    with (boot / "disk").open("wb") as disk:
        disk.truncate(_DISK_BYTES)
    _run("mke2fs", "-q", "-t", "ext4", "-d", root, boot / "disk")
    return boot


def _debian(suite: Suite, root: Path, work: Path) -> None:
    """Unpack the release, and its kernel's package beside it: installing that would only make an initrd of its own."""
    keep_kernel = (
        'chroot "$1" apt-get -qq install --download-only --no-install-recommends linux-image-amd64'
        f' && mv "$1"/var/cache/apt/archives/linux-image-[0-9]*.deb {work}'
    )
    _fetch(
        "mmdebstrap",
        "--quiet",
        "--mode=root",
        "--variant=minbase",
        f"--include={','.join(_PACKAGES)}",
        *(f"--dpkgopt=path-exclude=/usr/share/{what}/*" for what in ("doc", "man", "locale")),
        f"--customize-hook={keep_kernel}",
        suite.name,
        root,
        f"deb http://deb.debian.org/debian {suite.name} main",
        f"deb http://deb.debian.org/debian {suite.name}-updates main",
        f"deb http://deb.debian.org/debian-security {suite.name}-security main",
    )


def _wheels(lock: Path, suite: Suite, target: Path, work: Path) -> None:
    # pip judges markers by the Python that it runs on. The locks are for CPython on Linux alone: what their markers
    # leave out is superfluous at worst.
    unmarked = work / lock.name
    unmarked.write_text(re.sub(r" ; [^\\]*", " ", lock.read_text(encoding="utf-8")), encoding="utf-8")
    _fetch(
        *(
            sys.executable,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--root-user-action=ignore",
        ),
        *("--target", target, "--no-compile", "--no-deps", "--only-binary=:all:", "--require-hashes"),
        *("--python-version", suite.python, "--implementation", "cp"),
        *(f"--platform=manylinux{tag}_x86_64" for tag in ("_2_34", "_2_28", "_2_17", "2014")),
        *("--requirement", unmarked),
    )


def _modules(kernel: Path, root: Path) -> None:
    """Take over the modules that a guest needs, of the three thousand that there are."""
    release = _release(kernel)
    # Before Debian 13 the package keeps them in /lib; to depmod and modprobe that is the only place there is.
    if not (kernel / "lib").exists():
        (kernel / "lib").symlink_to("usr/lib")
    _run("depmod", "--basedir", kernel, release)
    modules = (kernel / "lib" / "modules" / release).resolve()
    target = root / "usr" / "lib" / "modules" / release
    wanted = [module.relative_to(modules) for module in _needed(kernel, (*_MODULES, *_MODULES_FOR_THE_DISK))]
    for path in (*wanted, *(file.relative_to(modules) for file in modules.glob("modules.[bo]*"))):
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(modules / path, target / path)
    _run("depmod", "--basedir", root, release)


def _needed(kernel: Path, names: tuple[str, ...]) -> list[Path]:
    """Return the files of these modules and of all that they need, in the order in which they can be loaded."""
    shown = _run("modprobe", "--dirname", kernel, "--set-version", _release(kernel), "--show-depends", "--all", *names)
    files = [Path(line.split()[1]) for line in shown.splitlines() if line.startswith("insmod ")]
    return [file.resolve() for file in dict.fromkeys(files)]


def _release(kernel: Path) -> str:
    return next(kernel.glob("boot/vmlinuz-*")).name.removeprefix("vmlinuz-")


def _initrd(kernel: Path, root: Path, target: Path, work: Path) -> None:
    """Make the little system that mounts the disk: Debian's kernel has its drivers as modules."""
    folder = work / "initrd"
    for name in ("bin", "dev", "modules", "root"):
        (folder / name).mkdir(parents=True)
    shutil.copy(root / "bin" / "busybox", folder / "bin" / "busybox")
    shutil.copy(INIT, folder / "init")
    (folder / "init").chmod(0o755)
    for number, module in enumerate(_needed(kernel, _MODULES_FOR_THE_DISK)):
        content = module.read_bytes()
        plain = lzma.decompress(content) if module.suffix == ".xz" else content
        (folder / "modules" / f"{number:02}-{module.name.removesuffix('.xz')}").write_bytes(plain)
    names = "\n".join(str(path.relative_to(folder)) for path in sorted(folder.rglob("*")))
    with target.open("wb") as file:
        subprocess.run(
            ["cpio", "--quiet", "-o", "-H", "newc"], cwd=folder, input=names.encode(), stdout=file, check=True
        )


def _chroot(root: Path, *command: str, check: bool = True) -> None:
    subprocess.run(["chroot", root, *command], check=check, env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"})


def _fetch(*command: str | Path) -> None:
    """Run a command that needs the network. Raises Missing, with its last words, where it fails."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Missing(f"`{command[0]}` failed, probably for want of a network: {done.stderr[-2000:]}")


def _run(*command: str | Path) -> str:
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
