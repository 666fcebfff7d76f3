#!/bin/sh
# Installs what `make run` and `make test` need from Debian or Ubuntu and this machine lacks:
# python3-venv, the servers the tests start for themselves (rabbitmq-server, postgresql), and the
# browser with Chinese fonts in which the pages are tried (chromium, fonts-noto-cjk).
# Asks nothing, starts no system service, and calls apt-get only when something is missing.
#
#   deploy/install-servers.sh           install what is missing
#   deploy/install-servers.sh --check   only say what is missing (exit 1 if anything is)
#
# A server that BIANQUE_TEST_BROKER_URL or BIANQUE_TEST_DATABASE_URL names is not installed.
set -eu

POLICY=/usr/sbin/policy-rc.d
POLICY_MARK='# Written by install-servers.sh of Bianque; removed when it ends.'
LOCK=/run/bianque-install-servers.lock

say() { printf '%s\n' "install-servers: $*" >&2; }

one_of() {
    for place in "$@"; do
        [ -x "$place" ] && return 0
    done
    return 1
}

has_venv() { python3 -c 'import ensurepip, venv' 2>/dev/null; }
has_broker() { one_of /usr/lib/rabbitmq/bin/rabbitmq-server || command -v rabbitmq-server >/dev/null; }
has_database() { one_of /usr/lib/postgresql/*/bin/initdb || command -v initdb >/dev/null; }

has_browser() { one_of /usr/bin/chromium /usr/bin/chromium-browser /usr/bin/google-chrome; }
has_fonts() { one_of_files /usr/share/fonts/opentype/noto/NotoSansCJK*; }

one_of_files() {
    for place in "$@"; do
        [ -e "$place" ] && return 0
    done
    return 1
}

missing_packages() {
    has_browser || echo chromium
    has_fonts || echo fonts-noto-cjk
    has_venv || echo python3-venv
    [ -n "${BIANQUE_TEST_BROKER_URL:-}" ] || has_broker || echo rabbitmq-server
    [ -n "${BIANQUE_TEST_DATABASE_URL:-}" ] || has_database || echo postgresql
}

refuse() { # refuse <reason> <package>...
    reason=$1
    shift
    say "$reason"
    say "missing packages: $*"
    say "install them by hand: apt-get install --no-install-recommends $*"
    say "or, instead of rabbitmq-server, set BIANQUE_TEST_BROKER_URL (amqp://user:password@host:5672/)"
    say "or, instead of postgresql, set BIANQUE_TEST_DATABASE_URL (postgresql://user:password@host:5432/postgres)"
    exit 1
}

# --- as root ----------------------------------------------------------------------------

# invoke-rc.d and deb-systemd-invoke ask this file before a package may start its service
# (exit status 101: no). One that the machine already has is its owner's word and stays.
forbid_service_starts() {
    if [ -e "$POLICY" ] && ! grep -qxF "$POLICY_MARK" "$POLICY"; then
        return 0
    fi
    trap 'rm -f "$POLICY"' EXIT
    trap 'exit 1' HUP INT TERM
    printf '%s\n' '#!/bin/sh' "$POLICY_MARK" 'exit 101' >"$POLICY"
    chmod 755 "$POLICY"
}

known_to_apt() {
    for package in "$@"; do
        apt-cache show "$package" >/dev/null 2>&1 || return 1
    done
}

apt_install() { # needrestart must not restart other services because of our packages
    DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 apt-get -qq -y \
        -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 \
        --no-install-recommends install "$@" </dev/null 2>&1
}

install_packages() { # what apt-get says is shown only when it failed
    known_to_apt "$@" && output=$(apt_install "$@") && return 0
    say 'refreshing the package lists'
    apt-get -qq -o DPkg::Lock::Timeout=300 update ||
        say 'apt-get update failed; trying with the lists as they are'
    output=$(apt_install "$@") && return 0
    printf '%s\n' "$output" | tail -n 20 >&2
    refuse 'apt-get could not install them' "$@"
}

# A server that was installed for tests must not open its ports at the next boot.
keep_from_boot() { # keep_from_boot <unit>...
    command -v systemctl >/dev/null || return 0
    for unit in "$@"; do
        systemctl --quiet disable "$unit" 2>/dev/null || say "could not disable $unit at boot"
    done
}

install_as_root() { # install_as_root <package>...
    say "installing $*"
    exec 9>"$LOCK" # two runs at once would remove each other's policy file
    flock 9
    units=
    for package in "$@"; do
        case $package in
        postgresql) units="$units postgresql.service" ;;
        rabbitmq-server)
            units="$units rabbitmq-server.service"
            command -v epmd >/dev/null || units="$units epmd.socket epmd.service"
            ;;
        esac
    done
    forbid_service_starts
    install_packages "$@"
    # shellcheck disable=SC2086 # a list of words
    keep_from_boot $units
}

# --- the way through --------------------------------------------------------------------

case ${1:-} in
--as-root) # how this script calls itself, through sudo if it must: sudo passes no environment
    shift
    install_as_root "$@"
    exit 0
    ;;
'' | --check) asked=${1:-} ;;
*)
    say "unknown argument: $1 (none, or --check)"
    exit 2
    ;;
esac

# shellcheck disable=SC2046 # a list of words
set -- $(missing_packages)
[ $# -gt 0 ] || exit 0
[ "$asked" != --check ] || refuse 'something is missing' "$@"
command -v apt-get >/dev/null || refuse 'there is no apt-get here, so nothing can be installed' "$@"

if [ "$(id -u)" -eq 0 ]; then
    sh "$0" --as-root "$@"
elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    sudo -n sh "$0" --as-root "$@"
else
    refuse 'you are not root and sudo asks for a password, so nothing can be installed' "$@"
fi

# shellcheck disable=SC2046 # a list of words
set -- $(missing_packages)
[ $# -eq 0 ] || refuse 'installed, but not found where it is looked for' "$@"
