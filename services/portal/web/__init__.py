"""What every page stands on: the one who asks, the services asked, language, refusals."""
