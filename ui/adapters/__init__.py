"""Ports of other rooms brought onto the GUI thread."""
