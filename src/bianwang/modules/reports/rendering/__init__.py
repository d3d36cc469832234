"""One document tree as a Word file, a PDF and a web page."""
