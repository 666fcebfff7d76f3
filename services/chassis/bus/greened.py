"""Import this first in a process that hears over RabbitMQ: nameko's workers are greenlets.

Everything that waits (sockets, locks, sleeps, psycopg) must then let the others go on.
"""

import os

# psycopg's C loop would stop the whole process during a query; this one is patched below.
os.environ["PSYCOPG_WAIT_FUNC"] = "wait_selector"
# eventlet's resolver remembers a failed look-up for ever; the system's does not.
os.environ["EVENTLET_NO_GREENDNS"] = "yes"

import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # that eventlet is retiring is known: docs/decisions/0003
    import eventlet

eventlet.monkey_patch()
