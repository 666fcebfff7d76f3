#!/bin/sh
# Makes the secrets of one installation, once: deploy/secrets, or the folder named. What is
# there stays as it is; a database or a broker that exists knows its password already.
set -eu
umask 077

folder=${1:-$(dirname "$0")/secrets}
mkdir -p "$folder"
chmod 700 "$folder" # keeps others on this machine away

random() { # 48 hexadecimal digits: nothing in them needs quoting in a URL
    od -An -N24 -tx1 /dev/urandom | tr -d ' \n'
}

write() { # write NAME VALUE
    [ -s "$folder/$1" ] && return
    printf '%s\n' "$2" >"$folder/$1.new"
    chmod 444 "$folder/$1.new" # containers read it as users of their own
    mv "$folder/$1.new" "$folder/$1"
    echo "made $1"
}

write postgres_password "$(random)"
write api_token "$(random)"
write personal_keys "k1:$(random)"
for service in registry inspection credit notify portal; do
    write "${service}_database_url" \
        "postgresql+psycopg://$service:$(random)@postgres:5432/$service"
done

write broker_url "amqp://bianque:$(random)@rabbitmq:5672/bianque"
password=$(sed 's|.*//bianque:||; s|@.*||' "$folder/broker_url")
write rabbitmq_login "default_user = bianque
default_pass = $password
default_vhost = bianque"
