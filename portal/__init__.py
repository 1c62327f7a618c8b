"""The embedded public-service portal: which sites, what may load, the browser, the practice portal."""
