"""Pictures as Vega specifications, and Vega itself: a file per picture, drawn alone or in a page (docs/report.md)."""
