#!/bin/sh
# Fetches the browser's libraries anew and puts the files that pages load under
# services/portal/static/vendor/NAME-VERSION/ (axe-core, which only tests load, under
# tests/support/vendor/). Each package must be the one that was looked at: its SHA-512 is
# written here. Needs npm; a bureau never does, the files are part of the program.
set -eu
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

take() {  # NAME VERSION SHA512(base64) TARGET FILE...
    name=$1 version=$2 sum=$3 target=$4
    shift 4
    (cd "$work" && npm pack --silent "$name@$version" >/dev/null)
    pack="$work/$name-$version.tgz"
    found=$(openssl dgst -sha512 -binary "$pack" | base64 -w0)
    if [ "$found" != "$sum" ]; then
        echo "vendor: $name $version is not the package that was looked at: $found" >&2
        exit 1
    fi
    folder="$target/$name-$version"
    rm -rf "$folder"
    mkdir -p "$folder" "$work/$name"
    tar -xzf "$pack" -C "$work/$name" --strip-components=1
    for file in "$@"; do
        cp "$work/$name/$file" "$folder/"
    done
}

pages=services/portal/static/vendor
take bootstrap 5.3.8 \
    HP1SZDqaLDPwsNiqRqi5NcP0SSXciX2s9E+RyqJIIqGo+vJeN5AJVM98CXmW/Wux0nQ5L7jeWUdplCEf0Ee+tg== \
    $pages dist/css/bootstrap.min.css dist/js/bootstrap.bundle.min.js LICENSE
take htmx.org 2.0.11 \
    Thx/WtpeOQqSrqBCw/A1cwGJGg4UrVa3+sW0GmrM3p4gJgO89ecH4qtbnyzDDWFvBTqjnIMCgELTNt636dtamA== \
    $pages dist/htmx.min.js LICENSE
take echarts 6.1.0 \
    q0yaFPggC9FUdsWH4blavRWFmxdrIodbkoKNAjJudAI6CA9gNPxHtV2RcZNEepZVlk4yvBYkOkbk6HIVpIyHZA== \
    $pages dist/echarts.simple.min.js LICENSE NOTICE
take swagger-ui-dist 5.35.0 \
    U06rpMtW9V3XPGOBeamTUSr0Z09jMX4IJuANpE/EZbAhw0G8CgwrzU4YmXkn/h0wCDNsXdGarTNNHC3sU8yVUQ== \
    $pages swagger-ui.css swagger-ui-bundle.js swagger-ui-standalone-preset.js LICENSE NOTICE
take axe-core 4.14.1 \
    FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ== \
    tests/support/vendor axe.min.js LICENSE LICENSE-3RD-PARTY.txt
