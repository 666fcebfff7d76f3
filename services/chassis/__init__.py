"""THE MECHANICS: what every service stands on.

Settings, clock, database, envelope, outbox and relay, inbox and hearing, parked
messages, dated policy, working days, logs, health, metrics, the internal API.
Nothing in here knows a business word: a line that mentions an enterprise or a
warning belongs in a service.
"""
