"""Papers in, clean PDFs out: a child process with the drivers, the clean-up and the sheet. Knows no Qt."""
