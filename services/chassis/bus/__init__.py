"""RabbitMQ. The only place that knows nameko, kombu and eventlet.

A service class is plain Python; `container` makes a nameko service of it, `ear` hears
for it, `carrier` speaks for it. Leaving eventlet one day means writing these anew.
"""
