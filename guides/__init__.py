"""Procedures explained: the catalogue, search, guides as data, leaflets. Knows no Qt and no other room."""
