"""Drivers behind the one port `kioskcore.ports.ScanBackend`."""
