"""The search box: an index of names that follows every change, and what is asked of it."""
