"""The radio's path: real bleak on a real D-Bus with a fake bluetoothd, through to the hit log."""
