"""What the portal keeps: users and how they get in, and the audit."""
