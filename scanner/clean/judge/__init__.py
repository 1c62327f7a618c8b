"""What is to be said of a picture: blurred, cut off, too dark, shining, not found."""
