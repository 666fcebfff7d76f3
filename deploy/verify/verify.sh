#!/bin/sh
# Runs what deploy/ describes, for real: engine, images, platform, a small demonstration city,
# crashes, a restored database, an emptied broker; then takes everything away again. Prints
# what happened with seconds; exit code 1 at the first thing that is not so.
#   verify.sh [FOLDER]     as root, on Debian 12; FOLDER keeps wheels and base image for the next run
# Images come from the public registry if it can be reached; else the base is made with
# debootstrap, and Debian's own servers stand in for the other two.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
source=$(cd "$here/../.." && pwd)
folder=${1:-$(mktemp -d)}
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
site=$folder/site
project=bianque-verify
began=$(date +%s)
PATH=/usr/bin:$PATH # Debian's client builds without a plugin
export DOCKER_BUILDKIT=1 COMPOSE_PROJECT_NAME=$project PROFILE=baoji-2013

say() { printf '%4d s  %s\n' $(($(date +%s) - began)) "$*"; }
fail() {
    say "NOT SO: $*" >&2
    exit 1
}

# --- what it stands on ---------------------------------------------------------------------

packages() {
    missing=
    for package in docker.io iptables debootstrap python3; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' ||
            missing="$missing $package"
    done
    docker compose version >/dev/null 2>&1 || command -v docker-compose >/dev/null ||
        missing="$missing docker-compose"
    [ -z "$missing" ] && return
    say "installing$missing"
    apt-get -qq update
    # shellcheck disable=SC2086 # a list of words
    apt-get -qq -o DPkg::Lock::Timeout=300 install -y --no-install-recommends $missing >/dev/null
    hash -r # another client may have been found before Debian's was there
}

compose() {
    if docker compose version >/dev/null 2>&1; then
        (cd "$site" && docker compose "$@")
    else
        (cd "$site" && docker-compose "$@")
    fi
}

had() { # had IMAGE: from the public registry, if it can be reached
    docker image inspect "$1" >/dev/null 2>&1 || timeout 60 docker pull -q "$1" >/dev/null 2>&1
}

images() {
    if ! had debian:bookworm-slim; then
        if [ ! -s "$folder/base.tar" ]; then
            mirror=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null |
                sed -n 's/^URIs: *\([^ ]*\).*/\1/p; s/^deb .*\(http[^ ]*\).*/\1/p' | head -n 1)
            debootstrap --variant=minbase bookworm "$folder/base" "$mirror" >"$folder/base.log"
            tar -C "$folder/base" --exclude='./var/cache/apt/archives/*.deb' \
                --exclude='./var/lib/apt/lists/*' -cf "$folder/base.tar" .
            rm -rf "$folder/base"
        fi
        docker import --change 'ENV LANG=C.UTF-8' "$folder/base.tar" debian:bookworm-slim >/dev/null
        say "base image made with debootstrap"
    fi
    for name in rabbitmq:3-management postgres:15-bookworm; do
        had "$name" && continue
        docker build -q -f "$here/${name%%:*}.Containerfile" -t "$name" "$here" >/dev/null
        say "$name: Debian's own server stands in"
    done
    set -- -f "$source/deploy/Containerfile" -t bianque:0.1.0 "$source"
    bundle=/etc/ssl/certs/ca-certificates.crt
    [ ! -s "$bundle" ] || set -- --secret "id=ca,src=$bundle" "$@"
    docker build --progress plain "$@" >"$folder/build.log" 2>&1 || {
        tail -n 30 "$folder/build.log" >&2
        fail "the image cannot be built"
    }
    say "image built: $(docker image inspect -f '{{.Size}}' bianque:0.1.0 | sed 's/......$//') MB"
}

# --- asking --------------------------------------------------------------------------------

container() { compose ps -q "$1"; }
healthy() { docker exec "$(container "$1")" healthy >/dev/null 2>&1; }
sql() { compose exec -T postgres psql -U postgres -d "$1" -AtXc "$2" </dev/null; }
bianque() { compose exec -T registry bianque "$@"; }

wait_until() { # wait_until SECONDS WHAT COMMAND...
    deadline=$(($(date +%s) + $1)) waited_for=$2
    shift 2
    until "$@"; do
        [ "$(date +%s)" -lt "$deadline" ] || fail "$waited_for"
        sleep 0.5
    done
    say "$waited_for"
}

all_healthy() {
    for service in registry inspection credit notify; do
        healthy "$service" || return 1
    done
}

held_to_the_least() { # no root, no capability, nothing to write on
    for each in registry inspection credit notify rabbitmq postgres; do
        docker exec "$(container "$each")" sh -c 'test "$(id -u)" -ne 0 &&
            grep -q "CapEff:.0*$" /proc/self/status && ! touch /x 2>/dev/null' ||
            fail "$each may do more than it should"
    done
    say "no container runs as root, has a capability or can write on its root"
}

# The list of queues is the list of who hears what: evt-<announcer>-<event>--<hearer>.<method>.
unheard() { # what was announced and a hearer has neither handled nor parked
    grep -v '^#' "$source/docs/events/queues.txt" | while read -r queue; do
        name=${queue#evt-}
        announcer=${name%%-*} event=${name#*-} heard_by=${queue##*--}
        [ "$announcer" != source ] || continue # rows from outside: in nobody's outbox
        sql "$announcer" "SELECT id FROM outbox WHERE type = '$announcer.${event%%--*}'" |
            sort >"$folder/said"
        sql "${heard_by%%.*}" "SELECT message_id FROM inbox WHERE heard_by = '$heard_by'
            UNION SELECT message_id FROM parked WHERE heard_by = '$heard_by'" |
            sort >"$folder/heard"
        short=$(comm -23 "$folder/said" "$folder/heard" | wc -l)
        [ "$short" -eq 0 ] || echo "$heard_by $short"
    done
}
nothing_unheard() { [ -z "$(unheard)" ]; }

counts() { # red warnings, bad information, messages: one of each for every red warning
    red=$(sql inspection "SELECT count(*) FROM outbox WHERE type = 'inspection.warning_turned_red.v1'")
    bad=$(sql credit "SELECT count(*) FROM outbox WHERE type = 'credit.bad_information_published.v1'")
    [ "$red" -gt 0 ] || fail "no red warning at all"
    [ "$red" = "$bad" ] || fail "$red red warnings, but $bad bad informations"
    told=$(sql notify "SELECT count(*) FROM message")
    say "$red red warnings = $bad bad informations; $told messages"
}

crash() { # crash SERVICE: kill -9 the container's first process; the engine starts it again
    kill -9 "$(docker inspect -f '{{.State.Pid}}' "$(container "$1")")"
    say "kill -9 $1"
}

roll() { # roll SERVICE: a new container in the place of the old one
    compose up -d --no-build --no-deps --force-recreate "$1" >"$folder/up.log" 2>&1 ||
        fail "compose up $1"
    wait_until 120 "$1 rolled" healthy "$1"
}

crash_part() { # crash_part SERVICE ROLE: one of its processes; the supervisor starts it again
    pid=$(docker top "$(container "$1")" -eo pid,args | awk -v part="$1 $2" \
        'index($0, "services.command.part " part) {print $1}')
    kill -9 "$pid"
    say "kill -9 $1:$2"
}

# --- the way through -----------------------------------------------------------------------

cleanup() {
    status=$?
    trap - EXIT INT TERM
    [ -z "${DOCKER_HOST:-}" ] || [ ! -d "$site" ] || {
        [ "$status" -eq 0 ] || compose logs --no-color >"$folder/containers.log" 2>&1 || true
        compose --profile workers --profile command down -v --remove-orphans >/dev/null 2>&1 || true
    }
    sh "$here/engine.sh" down "$folder/engine" || true
    unset DOCKER_HOST
    left=$(left_behind)
    say "engine stopped; left behind: ${left:-nothing}"
    [ "$status" -eq 0 ] || say "logs: $folder"
    exit "$status"
}

left_behind() {
    ! grep -q " $folder/" /proc/mounts || printf 'mounts '
    ! ip link show docker0 >/dev/null 2>&1 || printf 'docker0 '
    [ ! -d "$folder/engine" ] || printf '%s' "$folder/engine"
}

[ "$(id -u)" -eq 0 ] || fail "root is needed to start an engine"
packages
host=$(sh "$here/engine.sh" up "$folder/engine")
trap cleanup EXIT
trap 'exit 130' INT TERM
export DOCKER_HOST="$host"
say "engine $(docker version -f '{{.Server.Version}}') up"
images

rm -rf "$site"
mkdir "$site"
(cd "$source/deploy" && cp -R compose.yaml rabbitmq.conf databases.sh make-secrets.sh policy "$site")
sh "$site/make-secrets.sh" >/dev/null
compose config -q
say "the compose file holds"
compose up -d --no-build >"$folder/up.log" 2>&1 || {
    tail -n 20 "$folder/up.log" >&2
    fail "compose up"
}
say "compose up returned"
wait_until 180 "all services ready: they hear the bus and reach their databases" all_healthy
held_to_the_least

bianque demo --factor 0.02 >"$folder/demo.log" 2>&1 || fail "the demonstration city: $folder/demo.log"
say "city loaded: $(grep objects: "$folder/demo.log")"
wait_until 60 "every hearer heard every event" nothing_unheard
counts
bianque status >"$folder/status.log" || fail "bianque status: $folder/status.log"

compose exec -T postgres pg_dump -U postgres -Fc credit >"$folder/credit.dump"
say "backup of credit taken"

bianque demo --factor 0.03 --seed 7 >"$folder/demo2.log" 2>&1 &
importing=$!
wait_until 60 "the second city is coming in" grep -q writing "$folder/demo2.log"
crash_part inspection events
crash rabbitmq
crash credit
crash_part notify events
wait "$importing" || fail "the second city: $folder/demo2.log"
say "second city loaded meanwhile: $(grep objects: "$folder/demo2.log")"
wait_until 180 "all services ready again" all_healthy
wait_until 120 "every hearer heard every event" nothing_unheard
counts

crash postgres
wait_until 180 "all services ready again" all_healthy
bianque evaluate >"$folder/evaluate.log" || fail "bianque evaluate: $folder/evaluate.log"
say "evaluated after the crash of the database"

sh "$here/engine.sh" restart "$folder/engine" >/dev/null
say "engine stopped and started, as when the machine starts anew"
wait_until 180 "all services ready again" all_healthy

compose stop credit >/dev/null 2>&1
bianque status >"$folder/status.log" || fail "bianque status while a service is away: $folder/status.log"
compose exec -T postgres pg_restore -U postgres --clean --if-exists -d credit <"$folder/credit.dump"
say "credit restored from the backup; unheard: $(unheard | tr '\n' ' ')"
compose start credit >/dev/null 2>&1
wait_until 300 "announcers sent the rest again" nothing_unheard
counts

compose stop rabbitmq registry inspection credit notify >/dev/null 2>&1
compose rm -f rabbitmq >/dev/null 2>&1
docker volume rm "${project}_rabbitmq" >/dev/null
compose up -d --no-build >"$folder/up.log" 2>&1 || fail "compose up"
wait_until 180 "all services ready with an empty broker" all_healthy
wait_until 300 "every hearer heard every event" nothing_unheard
compose run --rm -T bianque demo --factor 0.04 --seed 8 >"$folder/demo3.log" 2>&1 </dev/null &
importing=$!
wait_until 60 "the third city is coming in" grep -q writing "$folder/demo3.log"
roll notify
roll credit
wait "$importing" || fail "the third city: $folder/demo3.log"
roll inspection
roll registry
wait_until 120 "a third city went through the new broker" nothing_unheard
counts
bianque status --json | tee "$folder/status.json" | python3 "$source/deploy/alarms.py" ||
    fail "the alarms above"
say "no alarms"

compose stop >/dev/null 2>&1
say "stopped; last exit codes: $(docker ps -aq | xargs docker inspect -f '{{.Name}}={{.State.ExitCode}}' | sed "s|/$project.||" | tr '\n' ' ')"
