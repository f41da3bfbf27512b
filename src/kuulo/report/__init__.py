"""Show a grouping: as a page for people and as files for machines."""
