"""The command `bianque`, and the ways to run the platform: one process, or many on a bus.

The only place that knows all services. It decides nothing about enterprises.
"""
