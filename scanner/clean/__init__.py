"""Pure functions from picture to clean page: arrays in, arrays out; no Qt, no files, no state."""
