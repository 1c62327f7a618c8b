"""Which papers lie in a picture: of a camera, on a scanner's glass, one, or several beside each other."""
