"""The gateway on a whole machine: Debian's kernel, systemd, D-Bus and bluetoothd, a virtual radio. See README.md."""
