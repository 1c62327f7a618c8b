"""The embedded browser: the only WebEngine code. Import `browser.Browser` late, after the waiting screen."""
