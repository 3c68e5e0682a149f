"""The page that `report` writes: one document of data, one style sheet, and the scripts that draw and follow it."""
