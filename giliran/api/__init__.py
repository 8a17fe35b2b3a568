"""Public JSON under /api/v1/: what the pages can do, for kiosks, players and other systems."""
