"""The shape of a page: its lines, lean, turn and bend, and the way from a picture to the flat page."""
