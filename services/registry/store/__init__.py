"""The registry's tables, and what is written to and asked of them."""
