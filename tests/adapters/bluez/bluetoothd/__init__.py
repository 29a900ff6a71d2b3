"""Real bleak on a real D-Bus daemon, with a fake bluetoothd behind it."""
