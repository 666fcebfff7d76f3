"""The census in the database: what is planned, what was visited, how far it has come."""
