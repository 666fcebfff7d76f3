#!/bin/sh
# Follows one chain of events through all databases: what caused a message, what it caused, and
# who has handled each. In deploy/, beside compose.yaml:  sh chain.sh MESSAGE_ID
# The id is in the log (message_id), in `bianque parked show`, in every envelope.
set -eu

case ${1:-} in
'' | *[!0-9a-f-]*)
    echo "chain.sh MESSAGE_ID (hexadecimal digits and -)" >&2
    exit 2
    ;;
esac

if docker compose version >/dev/null 2>&1; then compose='docker compose'; else compose=docker-compose; fi

$compose exec -T postgres sh -eus "$1" <<'INSIDE'
each() { # each SQL: from every service's database, one line a row
    for service in registry inspection credit notify; do
        psql -U postgres -d "$service" -AtqX -F ' ' -c "$1" </dev/null
    done
}

show() { # show ID INDENT
    each "SELECT '$2' || to_char(written_at, 'YYYY-MM-DD HH24:MI:SS'), type, id,
            message::json->>'subject',
            CASE WHEN sent_at IS NULL THEN 'NOT SENT YET' ELSE 'sent' END
          FROM outbox WHERE id = '$1'"
    each "SELECT '$2    handled by', heard_by, to_char(handled_at, 'HH24:MI:SS')
          FROM inbox WHERE message_id = '$1'"
    each "SELECT '$2    PARKED by', heard_by, id, reason FROM parked WHERE message_id = '$1'"
    for caused in $(each "SELECT id FROM outbox
            WHERE message::json->>'causedby' = '$1' ORDER BY position"); do
        (show "$caused" "$2  ")
    done
}

first=$1
while parent=$(each "SELECT message::json->>'causedby' FROM outbox WHERE id = '$first'") &&
    [ -n "$parent" ]; do
    first=$parent
done
told=$(show "$first" '')
echo "${told:-no database knows $1}"
INSIDE
