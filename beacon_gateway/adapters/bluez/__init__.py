"""The real radio: BlueZ over D-Bus. The only room that knows bleak and dbus-fast.

BlueZ's habits that shape it: without an RSSI in the discovery filter a beacon that stands still is reported once and
never again; a controller may drop repeated reports by itself unless an advertisement monitor is registered; a scan that
dies (bluetoothd restarted, adapter unplugged) dies without a word to bleak; a scanner whose scan died cannot be used
again, and its `stop()` may raise nearly anything.
"""
