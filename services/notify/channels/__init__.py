"""Channels: how a message leaves the platform. One interface, one module for each."""
