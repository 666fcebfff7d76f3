#!/bin/sh
# Makes a virtual environment with everything that requirements/dev.txt pins, and the program
# itself. Usage: install-python.sh FOLDER. PYTHON names another interpreter (3.11 or newer).
set -eu

folder=$1
python=${PYTHON:-python3}

if ! command -v "$python" >/dev/null; then
    echo "Python 3.11 or newer is needed: install python3, or set PYTHON." >&2
    exit 1
fi
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "Python 3.11 or newer is needed; $python is $("$python" --version). Set PYTHON." >&2
    exit 1
fi
if [ ! -x "$folder/bin/pip" ]; then
    if ! "$python" -c 'import ensurepip' 2>/dev/null; then
        # Debian and Ubuntu keep it in a package of its own.
        sh "$(dirname "$0")/install-servers.sh" python3-venv
    fi
    "$python" -m venv "$folder"
fi
echo "Installing into $folder ..." >&2
"$folder/bin/pip" install --quiet --disable-pip-version-check --require-hashes \
    -r requirements/dev.txt
"$folder/bin/pip" install --quiet --disable-pip-version-check --no-deps \
    --no-build-isolation --editable .
