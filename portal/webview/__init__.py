"""The only WebEngine code of the program."""
