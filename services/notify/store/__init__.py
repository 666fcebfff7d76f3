"""The notify database: rows in, model objects out. Cut by subject."""
