"""What a table says (once), and how each format draws it (one file per format)."""
