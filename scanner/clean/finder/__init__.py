"""Finds one paper in a picture: outlines from edges and from small nets, and how far each is believed."""
