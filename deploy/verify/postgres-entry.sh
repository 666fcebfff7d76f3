#!/bin/sh
# First start: make the cluster, run what lies in docker-entrypoint-initdb.d on a server that
# only a socket reaches. Then be the server.
set -eu
if [ ! -s "$PGDATA/PG_VERSION" ]; then
    initdb -D "$PGDATA" -U postgres --encoding UTF8 --auth-host scram-sha-256 \
        --pwfile "$POSTGRES_PASSWORD_FILE"
    echo 'host all all all scram-sha-256' >>"$PGDATA/pg_hba.conf"
    echo "listen_addresses = '*'" >>"$PGDATA/postgresql.conf"
    pg_ctl -D "$PGDATA" -o "-c listen_addresses=''" -w start
    for script in /docker-entrypoint-initdb.d/*.sh; do
        sh "$script"
    done
    pg_ctl -D "$PGDATA" -m fast -w stop
fi
exec "$@"
