"""What the registry decides: which number can be right, which day, which place."""
