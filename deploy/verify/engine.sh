#!/bin/sh
# A Docker engine of its own, with its state in a folder: engine.sh up|restart|down FOLDER. For
# root on a Debian machine that may lack systemd. `down` leaves the machine as `up` found it.
set -eu

usage() {
    echo "engine.sh up|restart|down FOLDER" >&2
    exit 2
}
[ $# -eq 2 ] || usage
mkdir -p "$2"
folder=$(cd "$2" && pwd)
host=unix://$folder/docker.sock

up() {
    if ip link show docker0 >/dev/null 2>&1; then
        echo "engine.sh: another engine is or was at work here (docker0 exists): use that one" >&2
        exit 1
    fi
    # What the engine changes on the machine is written down first.
    iptables-save >"$folder/iptables.before"
    sysctl -e net.ipv4.ip_forward net.bridge.bridge-nf-call-iptables \
        net.bridge.bridge-nf-call-ip6tables 2>/dev/null >"$folder/sysctl.before" || true
    start
}

start() {
    route=$(ip -o route show default | sed -n 's/.* dev \([^ ]*\).*/\1/p' | head -n 1)
    mtu=$(cat "/sys/class/net/${route:-lo}/mtu")
    [ "$mtu" -le 1500 ] || mtu=1500
    setsid dockerd --host "$host" --data-root "$folder/data" --exec-root "$folder/exec" \
        --pidfile "$folder/engine.pid" --mtu "$mtu" >>"$folder/engine.log" 2>&1 </dev/null &
    deadline=$(($(date +%s) + 60))
    until docker --host "$host" info >/dev/null 2>&1; do
        if [ "$(date +%s)" -ge "$deadline" ]; then
            echo "the engine did not come up:" >&2
            tail -n 20 "$folder/engine.log" >&2
            exit 1
        fi
        sleep 0.2
    done
    echo "$host"
}

stop() {
    [ -s "$folder/engine.pid" ] || return 0
    pid=$(cat "$folder/engine.pid")
    kill "$pid" 2>/dev/null || true
    while kill -0 "$pid" 2>/dev/null; do sleep 0.2; done
}

down() {
    stop
    awk -v under="$folder/" 'index($2, under) == 1 {print $2}' /proc/mounts | sort -r |
        while read -r mounted; do umount "$mounted"; done
    ip link delete docker0 2>/dev/null || true
    for table in nat filter; do # a table that was empty is not in what was saved
        grep -q "^\*$table" "$folder/iptables.before" && continue
        iptables -t "$table" -F
        iptables -t "$table" -X
    done
    grep -q '^\*filter' "$folder/iptables.before" || iptables -P FORWARD ACCEPT
    iptables-restore <"$folder/iptables.before"
    sysctl -q -e -p "$folder/sysctl.before" >/dev/null || true
    rm -rf "$folder"
}

case $1 in
up) up ;;
restart) # as when the machine starts anew
    stop
    start
    ;;
down) down ;;
*) usage ;;
esac
