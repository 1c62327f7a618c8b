"""Page clean-up: pure functions, array in, array out."""
