"""What every room may know: the visit, errors, ports, settings, words. Standard library and pydantic only."""
