# The groups of tests: what each runs, how it is run, counted and ended. Read by tests/run.

# Quiet, uncoloured and never asking: what is printed goes through a pipe and into a log.
export CARGO_TERM_COLOR=never NO_COLOR=1 PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
BOLD= PLAIN=
if [ -t 1 ] && [ "${TERM:-dumb}" != dumb ]; then BOLD=$'\e[1m' PLAIN=$'\e[0m'; fi

RESULTS=()        # of the summary
SKIPPED=()      # names of groups that did not run, or not all of them
PASSED=0 FAILED=0
GROUP_PID= TEE_PID= WATCH_PID=

# why_skipped GROUP: prints a reason when the group has nothing to run.
why_skipped() {
    local entry=
    case $1 in
    sqlite | postgres) [ -n "$(rust_test_targets)" ] || echo "there are no Rust tests in tests/" ;;
    sandbox) entry=tests/sandbox/drive.py ;;
    scan) entry=tests/scan/run.py ;;
    browser-*) entry=tests/browser/run.mjs ;;
    crash-*) entry=tests/crash/run.py ;;
    cluster-*) entry=tests/cluster/run.py ;;
    esac
    if [ -n "$entry" ] && [ ! -e "$entry" ]; then echo "$entry does not exist"; fi
}

rust_test_targets() {
    ls tests/*.rs tests/*/main.rs 2>/dev/null || true
}

# What a group runs. In a subshell of its own, in the project's root.
group() {
    local engine=${1##*-}
    case $1 in
    fmt) cargo fmt --all --check -- --color never ;;
    lint) cargo clippy --locked --all-targets -- -D warnings ;;
    supply) "$TEST_PYTHON" tests/supply/run.py ;;
    unit)
        export TEST_DATABASE=sqlite
        both "cargo test --locked --no-fail-fast --lib --bins" "cargo test --locked --no-fail-fast --doc"
        ;;
    sqlite) TEST_DATABASE=sqlite cargo test --locked --no-fail-fast --test it ;;
    postgres) TEST_DATABASE=postgres cargo test --locked --no-fail-fast --lib --test it ;;
    sim) cargo test --locked --no-fail-fast --test sim ;;
    fuzz) cargo test --locked --no-fail-fast --test fuzz ;;
    tools) "$TEST_PYTHON" tests/tools/test_smtp_sink.py ;;
    sandbox) with_binary "$TEST_PYTHON" tests/sandbox/drive.py ;;
    scan) with_binary "$TOOLS/scan/bin/python" tests/scan/run.py ;;
    browser-*) with_binary node tests/browser/run.mjs --engine "$engine" ;;
    crash-*) TEST_DATABASE=$engine with_binary "$TEST_PYTHON" tests/crash/run.py --engine "$engine" ;;
    cluster-*) TEST_DATABASE=$engine with_binary "$TEST_PYTHON" tests/cluster/run.py --engine "$engine" ;;
    esac
}

# Runs both, and fails when one of them did.
both() {
    local status=0
    $1 || status=$?
    $2 || status=$?
    return "$status"
}

# The program itself, built when it is not, is handed over as --binary.
with_binary() {
    local folder
    cargo build --locked --quiet --bin drempel || return 1
    folder=$(cargo metadata --locked --no-deps --format-version 1 |
        "$TEST_PYTHON" -c 'import json, sys; print(json.load(sys.stdin)["target_directory"])')
    "$@" --binary "$folder/debug/drempel"
}

# run_group NAME: prints what it prints, ends it when it takes too long, and books the result.
run_group() {
    local name=$1 began=$SECONDS status=0 reason log=$SCRATCH/$1.log
    printf '\n%s== %s ==%s\n' "$BOLD" "$name" "$PLAIN"
    reason=$(why_skipped "$name")
    if [ -n "$reason" ]; then
        echo "skipped: $reason"
        SKIPPED+=("$name")
        RESULTS+=("$(printf '%-18s skipped: %s' "$name" "$reason")")
        return 0
    fi
    mkdir -p -m 1777 "$SCRATCH/tmp" # what programs forget in their temporary folder goes with it
    mkfifo "$SCRATCH/pipe"
    tee "$log" <"$SCRATCH/pipe" &
    TEE_PID=$!
    set -m # a process group of its own, to be ended as a whole
    (export DREMPEL_TEST_RUN=$RUN_MARK/$name TMPDIR=$SCRATCH/tmp && group "$name") </dev/null >"$SCRATCH/pipe" 2>&1 &
    GROUP_PID=$!
    (sleep "${TEST_LIMIT_SECONDS:-2700}" && : >"$SCRATCH/late" && kill -TERM -- "-$GROUP_PID") \
        </dev/null >/dev/null 2>&1 &
    WATCH_PID=$!
    set +m
    wait "$GROUP_PID" || status=$?
    stop_group
    stop_leftovers "$RUN_MARK/$name" "$name"
    wait "$TEE_PID" 2>/dev/null || true
    rm -f "$SCRATCH/pipe"
    [ ! -e "$SCRATCH/late" ] || status=late
    rm -f "$SCRATCH/late"
    book "$name" "$status" "$((SECONDS - began))" "$log"
}

# Ends the running group with everything in its process group: asks first, insists after ten seconds.
stop_group() {
    local waited=0
    if [ -n "$WATCH_PID" ]; then kill -KILL -- "-$WATCH_PID" 2>/dev/null && wait "$WATCH_PID" 2>/dev/null || true; fi
    WATCH_PID=
    [ -n "$GROUP_PID" ] || return 0
    if kill -TERM -- "-$GROUP_PID" 2>/dev/null; then
        while kill -0 -- "-$GROUP_PID" 2>/dev/null && [ "$waited" -lt 100 ]; do
            sleep 0.1
            waited=$((waited + 1))
        done
        kill -KILL -- "-$GROUP_PID" 2>/dev/null || true
    fi
    wait "$GROUP_PID" 2>/dev/null || true
    GROUP_PID=
}

# stop_leftovers MARK WHO: ends what left its process group but still carries the mark of this run, and says so.
stop_leftovers() {
    local file pid found=() attempt
    for attempt in 1 2 3; do # a process may start another one while it is being looked for
        found=()
        for file in $(grep -lzs "^DREMPEL_TEST_RUN=$1" /proc/[0-9]*/environ 2>/dev/null); do
            pid=${file#/proc/}
            found+=("${pid%/environ}")
        done
        [ ${#found[@]} -gt 0 ] || return 0
        if [ "$attempt" = 2 ]; then
            echo "left running by $2, ended now:$(for pid in "${found[@]}"; do printf ' %s (%s)' "$(cat "/proc/$pid/comm" 2>/dev/null)" "$pid"; done)"
        fi
        [ "$attempt" = 1 ] || kill -KILL "${found[@]}" 2>/dev/null || true
        sleep 1 # a browser's helpers are often just on their way out
    done
}

# book NAME STATUS SECONDS LOG: counts the cases from the runner's own summary lines.
book() {
    local name=$1 status=$2 seconds=$3 log=$4 passed failed skipped note=
    read -r passed failed skipped < <(awk '
        /^test result:/ { cargo = 1; p += $4; f += $6; s += $8 }
        !cargo && /^[0-9]+ passed, [0-9]+ failed/ { p = $1; f = $3; s = ($6 ~ /^skipped/) ? $5 : 0 }
        END { print p + 0, f + 0, s + 0 }' "$log")
    if [ "$name" = fmt ] || [ "$name" = lint ]; then
        passed=1 failed=0 skipped=0
        if [ "$status" != 0 ]; then passed=0 failed=1; fi
    elif [ "$status" != 0 ] && [ "$failed" = 0 ]; then
        failed=1
        note="ended with status $status"
        [ "$status" != late ] || note="took longer than ${TEST_LIMIT_SECONDS:-2700} s and was ended"
    elif [ "$status" = 0 ] && [ "$((passed + failed))" = 0 ]; then
        note="no test ran"
    fi
    if [ "$skipped" != 0 ]; then note="${note:+$note, }$skipped skipped"; fi
    if [ "$skipped" != 0 ] || [ "$note" = "no test ran" ]; then SKIPPED+=("$name"); fi
    PASSED=$((PASSED + passed))
    FAILED=$((FAILED + failed))
    RESULTS+=("$(printf '%-18s %5d passed %5d failed %6d s%s' "$name" "$passed" "$failed" "$seconds" "${note:+   $note}")")
    echo "$name: $passed passed, $failed failed, $seconds s${note:+ ($note)}"
}

summary() {
    printf '\n%s== summary ==%s\n' "$BOLD" "$PLAIN"
    printf '%s\n' "${RESULTS[@]}"
    if [ -n "$LEFT_OUT" ]; then echo "left out on request: the $LEFT_OUT tests"; fi
    if [ ${#SKIPPED[@]} -gt 0 ]; then echo "skipped, all or in part: ${SKIPPED[*]}"; fi
    echo "total $SECONDS s"
    echo "$PASSED passed, $FAILED failed"
    [ "$FAILED" = 0 ] || exit 1
    [ ${#SKIPPED[@]} = 0 ] || [ "${ALLOW_SKIP:-0}" = 1 ] || exit 1
    exit 0
}
