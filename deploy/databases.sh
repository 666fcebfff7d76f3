#!/bin/sh
# Gives every service a role and a database of its own. PostgreSQL's image runs it when it
# starts for the first time; it can be run again, e.g. after a password was changed:
#   docker compose -p bianque -f deploy/compose.yaml exec postgres sh /docker-entrypoint-initdb.d/10-databases.sh
set -eu

for url_file in /run/secrets/*_database_url; do
    address=$(sed 's|^[^:]*://||' "$url_file") # role:password@host:port/database
    login=${address%%@*}
    psql -q -v ON_ERROR_STOP=1 -U "${POSTGRES_USER:-postgres}" -d postgres \
        -v role="${login%%:*}" -v password="${login#*:}" -v database="${address##*/}" <<'SQL'
SELECT format('CREATE ROLE %I LOGIN', :'role')
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'role') \gexec
ALTER ROLE :"role" PASSWORD :'password';
SELECT format('CREATE DATABASE %I OWNER %I ENCODING ''UTF8''', :'database', :'role')
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database') \gexec
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
SQL
done
