"""What is done with records and the requests about them: load, decide, save, announce."""
