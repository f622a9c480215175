# A private PostgreSQL for one run of the tests. Read by tests/run, after setup.sh.
#
# It lives in target/test-tools/pg-XXXXXX, listens on a free port of loopback only, trusts whoever connects there,
# and keeps its promises (fsync on), because crash tests rely on them. Root may not run PostgreSQL: then its
# package's user does, or else nobody.

PG_FOLDER=
PG_SOCKETS=

as_postgres() {
    if [ "$(id -u)" != 0 ]; then
        "$@"
    elif command -v runuser >/dev/null; then
        runuser -u "$PG_USER" -- "$@"
    else
        su -s /bin/sh "$PG_USER" -c 'exec "$@"' -- sh "$@"
    fi
}

free_port() {
    "$TEST_PYTHON" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# A folder PostgreSQL's user can reach: inside the clone, or beside it in the temporary folder when the clone is private.
postgres_folder() {
    local folder
    for folder in "$TOOLS" "${TMPDIR:-/tmp}" /var/tmp; do
        folder=$(mktemp -d "$folder/pg-XXXXXX")
        [ "$(id -u)" != 0 ] || chown "$PG_USER" "$folder"
        if (cd / && as_postgres test -w "$folder"); then
            # a name inside the clone in any case, so that a later run can find it
            [ -e "$TOOLS/${folder##*/}" ] || ln -s "$folder" "$TOOLS/${folder##*/}"
            printf '%s\n' "$folder"
            return 0
        fi
        rm -rf "$folder"
    done
    return 1
}

start_postgres() {
    local port attempt
    PG_USER=nobody
    if id postgres >/dev/null 2>&1; then PG_USER=postgres; fi
    exec 9>"$TOOLS/setup.lock"
    flock 9 # so that no other run takes the folder for an abandoned one before it has its name on it
    clear_abandoned_postgres
    PG_FOLDER=$(postgres_folder) || quit "the user $PG_USER can write to no temporary folder, PostgreSQL cannot be started."
    echo $$ >"$PG_FOLDER/runner"
    exec 9>&- # a cluster that inherited the lock would hold it as long as it lives
    PG_SOCKETS=$(mktemp -d /tmp/dpg-XXXXXX) # a socket's path may have 107 characters at most
    echo "$PG_SOCKETS" >"$PG_FOLDER/sockets"
    [ "$(id -u)" != 0 ] || chown "$PG_USER" "$PG_SOCKETS"
    (cd / && as_postgres "$TEST_POSTGRES_BIN/initdb" -D "$PG_FOLDER/data" -U postgres -A trust -E UTF8 --locale=C) \
        </dev/null >"$PG_FOLDER/initdb.log" 2>&1 || quit "initdb failed, see $PG_FOLDER/initdb.log."
    for attempt in 1 2 3; do # another program may take the port between asking and using it
        port=$(free_port)
        as_postgres tee "$PG_FOLDER/data/postgresql.auto.conf" >/dev/null <<EOF
listen_addresses = '127.0.0.1'
port = $port
unix_socket_directories = '$PG_SOCKETS'
max_connections = 200
fsync = on
synchronous_commit = on
full_page_writes = on
timezone = 'UTC'
log_timezone = 'UTC'
EOF
        if (cd / && as_postgres "$TEST_POSTGRES_BIN/pg_ctl" -D "$PG_FOLDER/data" -l "$PG_FOLDER/log" -w -t 60 start) \
            </dev/null >"$PG_FOLDER/start.log" 2>&1; then
            export TEST_POSTGRES_URL=postgres://postgres@127.0.0.1:$port/postgres
            return 0
        fi
    done
    tail -n 20 "$PG_FOLDER/log" >&2 || true
    quit "PostgreSQL did not start, see above."
}

stop_postgres() {
    if [ -n "$PG_FOLDER" ]; then
        stop_cluster "$PG_FOLDER"
        rm -rf "$PG_FOLDER" "$PG_SOCKETS" "$TOOLS/${PG_FOLDER##*/}"
        PG_FOLDER=
    fi
}

# stop_cluster FOLDER: by the process id that the cluster itself wrote down.
stop_cluster() {
    local pid waited=0
    pid=$(head -n 1 "$1/data/postmaster.pid" 2>/dev/null || true)
    [ -n "$pid" ] || return 0
    grep -qaF "$1/data" "/proc/$pid/cmdline" 2>/dev/null || return 0 # the number belongs to another program by now
    kill -INT "$pid" 2>/dev/null || return 0 # a fast shutdown
    while kill -0 "$pid" 2>/dev/null; do
        sleep 0.1
        waited=$((waited + 1))
        [ "$waited" != 150 ] || kill -QUIT "$pid" 2>/dev/null || true
        [ "$waited" -lt 200 ] || return 0
    done
}

# A run that was killed outright leaves its cluster behind; the next one ends it.
clear_abandoned_postgres() {
    local folder runner
    for folder in "$TOOLS"/pg-*; do
        [ -e "$folder" ] || [ -L "$folder" ] || continue
        runner=$(cat "$folder/runner" 2>/dev/null || true)
        if [ -z "$runner" ] || ! grep -qaF tests/run "/proc/$runner/cmdline" 2>/dev/null; then
            stop_cluster "$(readlink -f "$folder")"
            rm -rf "$(cat "$folder/sockets" 2>/dev/null || true)" "$(readlink -f "$folder")" "$folder"
        fi
    done
}
