"""How fast the viewer's pages are at 100,000 versions."""
