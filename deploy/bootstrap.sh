#!/usr/bin/env bash
# Brings a Debian machine that has git, make and Python 3.11 or later to what a make target needs.
#
#   deploy/bootstrap.sh run              .venv with the packages the service runs on, and the registry command
#   deploy/bootstrap.sh test             the same, and the packages that lint and test it
#   deploy/bootstrap.sh postgres         PostgreSQL's programs; no cluster is created or started
#   deploy/bootstrap.sh softhsm          SoftHSM, the PKCS#11 token that the suite makes its keys in
#   deploy/bootstrap.sh nginx            nginx, the proxy that the suite asks through; no service is started
#   deploy/bootstrap.sh strace           strace, by which calls of the notary to the file system fail in the suite
#   deploy/bootstrap.sh clients          Node.js, curl, and the GraphQL clients that the suite runs
#   deploy/bootstrap.sh sandbox          Node.js, and GraphiQL built into var/tools/sandbox
#   deploy/bootstrap.sh browser          Chromium, and what drives it for the suite
#   deploy/bootstrap.sh identity         Node.js, and the OpenID provider that officers log in at in the suite
#   deploy/bootstrap.sh passkeys         var/tools/passkeys with a passkey in software, which the suite logs in with
#   deploy/bootstrap.sh outsider         Go, and var/tools/outsider with what checks our log with code that is not ours
#   deploy/bootstrap.sh sbom             var/tools/sbom with what writes the bill of materials
#   deploy/bootstrap.sh codegen          var/tools/codegen with what writes a typed Python client from our schema
#   deploy/bootstrap.sh peers            var/tools/peers with the engines that the benchmark measures beside ours
#   deploy/bootstrap.sh lock             the tools that write the lock files
#
# Several needs may be given at once. Each is met once: a stamp keeps the hash of what it was made from and is
# written last, so a change is noticed, and what was interrupted is done again. PYTHON= names another interpreter.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export LC_ALL=C.UTF-8

readonly VENV=.venv CLIENTS=tests/clients CODEGEN=var/tools/codegen PEERS=var/tools/peers PASSKEYS=var/tools/passkeys
readonly SBOM=var/tools/sbom VERIFIER=tests/outsider/verifier OUTSIDER=var/tools/outsider
readonly GOPATH=/usr/share/gocode SUMDB=/usr/share/gocode/src/golang.org/x/mod/sumdb
readonly IDENTITY=tests/identity BROWSER=tests/browser SANDBOX=deploy/sandbox BUNDLE=var/tools/sandbox
readonly UV=var/tools/uv UV_VERSION=0.13.9
readonly LOG=var/log/bootstrap.log
readonly SUPPORTED='import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))'
readonly PIP=(-m pip --quiet --disable-pip-version-check --no-input)

# ---------------------------------------------------------------------------------------------------- what is shown

fail() {
    printf '\n' >&2
    printf '%s\n' "$@" >&2
    exit 1
}

TICKER=
stop_ticker() {
    if [[ -n $TICKER ]]; then
        kill "$TICKER" 2>/dev/null || true
        wait "$TICKER" 2>/dev/null || true
        TICKER=
    fi
}
trap stop_ticker EXIT

tenths() {  # seconds since the moment $1, which is in microseconds
    local spent=$((${EPOCHREALTIME/[.,]/} - $1))
    printf '%d.%d' $((spent / 1000000)) $((spent / 100000 % 10))
}

step() {  # step SENTENCE COMMAND...: one line with the seconds it took; what the command prints goes to the log
    local sentence=$1 begun=${EPOCHREALTIME/[.,]/} from
    shift
    from=$(wc -l <"$LOG")
    printf '%-64s' "$sentence"
    if [[ -t 1 ]]; then
        # The command stays in the foreground, so that Ctrl-C reaches it; only the clock beside it runs apart.
        while sleep 1; do printf '\r%-64s%6.0f s' "$sentence" "$(tenths "$begun")"; done &
        TICKER=$!
    fi
    printf '== %s\n' "$sentence" >>"$LOG"
    # Descriptor 9 is the lock: a service that a package starts would keep it for as long as it lives.
    if "$@" >>"$LOG" 2>&1 </dev/null 9>&-; then
        stop_ticker
        if [[ -t 1 ]]; then printf '\r%-64s' "$sentence"; fi
        printf '%6s s\n' "$(tenths "$begun")"
    else
        stop_ticker
        printf '%6s s, failed\n' "$(tenths "$begun")"
        tail -n +$((from + 2)) "$LOG" | tail -n 25 >&2
        fail "The step \"$sentence\" failed; its last lines stand above, all of them in $LOG."
    fi
}

# -------------------------------------------------------------------------------------------------- stamps and hashes

hash_of() {  # of the files named, of the place (scripts in a .venv name their interpreter by path) and of this script
    { pwd && cat deploy/bootstrap.sh "$@"; } | sha256sum | cut -d' ' -f1
}

is_done() {  # is_done STAMP FILE...
    local stamp=$1
    shift
    [[ -f $stamp && $(<"$stamp") == "$(hash_of "$@")" ]]
}

mark_done() {
    local stamp=$1
    shift
    hash_of "$@" >"$stamp"
}

# ------------------------------------------------------------------------------------------------- Debian's packages

MISSING=()

install_missing_packages() {
    if ((${#MISSING[@]} == 0)); then return; fi
    local names="${MISSING[*]}" as_root=()
    command -v apt-get >/dev/null || fail "This needs what Debian calls $names, and there is no apt-get here: install it and run make again."
    if ((EUID != 0)); then
        sudo -n true 2>/dev/null || fail \
            "This needs Debian's packages $names, and installing them needs root. Run" \
            "    sudo apt-get install --no-install-recommends $names" \
            "and then make again."
        as_root=(sudo -n)
    fi
    local apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y
        -o DPkg::Lock::Timeout=120 -o Acquire::Retries=3)
    step "reading Debian's package lists" "${apt[@]}" update
    without_services without_cluster step "installing $names" "${apt[@]}" install --no-install-recommends "${MISSING[@]}"
}

without_services() {
    # Debian starts nginx as it installs it, on port 80. The suite starts its own, on loopback; so none is started here.
    local policy=/usr/sbin/policy-rc.d
    if [[ " ${MISSING[*]} " != *" nginx "* || -e $policy ]]; then
        "$@"
        return
    fi
    printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
    "${as_root[@]}" chmod 755 "$policy"
    local status=0
    "$@" || status=$?
    "${as_root[@]}" rm -f "$policy"
    return "$status"
}

without_cluster() {
    # Debian's postgresql creates a cluster and starts it on port 5432. Nothing here uses that one, so it is not
    # created; the file goes away again, because what the machine's owner installs later is not ours to decide.
    if [[ " ${MISSING[*]} " != *" postgresql "* ]]; then
        "$@"
        return
    fi
    local folder=/etc/postgresql-common/createcluster.d
    local switch=$folder/registry-bootstrap.conf
    "${as_root[@]}" mkdir -p "$folder"
    echo 'create_main_cluster = false' | "${as_root[@]}" tee "$switch" >/dev/null
    # shellcheck disable=SC2064  # the names are wanted as they are now
    trap "stop_ticker; ${as_root[*]} rm -f $switch" EXIT
    "$@"
    "${as_root[@]}" rm -f "$switch"
    trap stop_ticker EXIT
}

# ------------------------------------------------------------------------------------------------------------ Python

INTERPRETER=

find_interpreter() {  # the newest that is supported; among those, one that can make an environment as it stands
    local name candidates=(python3.13 python3.12 python3.11 python3) supported=()
    if [[ -n ${PYTHON:-} ]]; then
        "$PYTHON" -c '' 2>/dev/null || fail "PYTHON=$PYTHON does not run."
        "$PYTHON" -c "$SUPPORTED" || fail "PYTHON=$PYTHON is $("$PYTHON" --version); Python 3.11, 3.12 or 3.13 is needed."
        candidates=("$PYTHON")
    fi
    for name in "${candidates[@]}"; do
        if "$name" -c "$SUPPORTED" 2>/dev/null; then supported+=("$name"); fi
    done
    if ((${#supported[@]} == 0)); then
        fail "Python 3.11, 3.12 or 3.13 is needed; found $(python3 --version 2>/dev/null || echo none)." \
            "If it stands outside the PATH, name it: make PYTHON=/path/to/python3.11"
    fi
    for name in "${supported[@]}"; do
        if "$name" -c 'import ensurepip, venv' 2>/dev/null; then
            INTERPRETER=$name
            return
        fi
    done
    INTERPRETER=${supported[0]}
    # Debian keeps ensurepip in a package of its own; any other Python without it was built that way.
    local where version
    where=$("$INTERPRETER" -c 'import sys; print(sys.executable)')
    version=$("$INTERPRETER" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    [[ $where == /usr/bin/* ]] || fail "$where has no ensurepip, so it cannot make an environment. Name another: make PYTHON=…"
    MISSING+=("python$version-venv")
}

identity() { "$1" -c 'import sys; print(sys.version_info[:2], sys.base_prefix)' 2>/dev/null; }

has_environment() {  # one that still runs, on the interpreter that was asked for
    "$VENV/bin/python" -c "$SUPPORTED" 2>/dev/null || return 1
    [[ -z ${PYTHON:-} || $(identity "$PYTHON") == "$(identity "$VENV/bin/python")" ]]
}

look_for_python() {
    if ! has_environment; then find_interpreter; fi
}

make_environment() {
    if ! has_environment; then
        step "making $VENV with $("$INTERPRETER" --version)" "$INTERPRETER" -m venv --clear "$VENV"
    fi
}

# Wheels only: a source distribution would be built with tools that no lock file names.
install_locked() {  # install_locked NAME: requirements/NAME.txt, and the project itself
    local stamp=$VENV/$1.stamp lock=requirements/$1.txt
    if is_done "$stamp" "$lock" pyproject.toml; then return; fi
    step "installing the $(grep -c '^[a-z]' "$lock") packages of $lock" \
        "$VENV/bin/python" "${PIP[@]}" install --require-hashes --only-binary :all: --requirement "$lock"
    # "compat" is one line in site-packages that names this folder, so that tests and bench are found as well. The
    # backend is the locked setuptools of the environment; nothing is fetched.
    step "installing the project" "$VENV/bin/python" "${PIP[@]}" install \
        --no-index --no-deps --no-build-isolation --config-settings editable_mode=compat --editable .
    mark_done "$stamp" "$lock" pyproject.toml
    # make lock holds each lock to the versions of the one before it, so whoever has the larger has the smaller.
    if [[ $1 == bench ]]; then mark_done "$VENV/test.stamp" requirements/test.txt pyproject.toml; fi
    if [[ $1 != run ]]; then mark_done "$VENV/run.stamp" requirements/run.txt pyproject.toml; fi
}

# -------------------------------------------------------------------------------- PostgreSQL, SoftHSM, Go and Node.js

has_postgres() {  # 15 or later; the same folders as tests/servers.py searches
    local program version
    for program in /usr/lib/postgresql/*/bin/initdb; do
        version=${program#/usr/lib/postgresql/}
        version=${version%%/*}
        if [[ -x $program && $version -ge 15 ]]; then return 0; fi
    done
    return 1
}

look_for_postgres() {
    if ! has_postgres; then MISSING+=(postgresql); fi
}

has_softhsm() {  # its program and its library, in the same folders as tests/registry/core/test_pkcs11_keys.py searches
    local library
    command -v softhsm2-util >/dev/null || return 1
    for library in /usr/lib/softhsm/libsofthsm2.so /usr/lib/*/softhsm/libsofthsm2.so; do
        if [[ -e $library ]]; then return 0; fi
    done
    return 1
}

look_for_softhsm() {
    if ! has_softhsm; then MISSING+=(softhsm2); fi
}

look_for_strace() {
    if ! command -v strace >/dev/null; then MISSING+=(strace); fi
}

has_nginx() {  # the same places as tests/proxies.py searches
    [[ -x /usr/sbin/nginx ]] || command -v nginx >/dev/null
}

look_for_nginx() {
    if ! has_nginx; then MISSING+=(nginx); fi
}

look_for_go() {  # its compiler, and where Debian keeps the sources of its checksum database
    command -v go >/dev/null || MISSING+=(golang-go)
    [[ -e $SUMDB/tlog/tlog.go && -e $SUMDB/note/note.go ]] || MISSING+=(golang-golang-x-mod-dev)
}

look_for_node() {
    local version
    if version=$(node --version 2>/dev/null); then
        version=${version#v}
        ((${version%%.*} >= 18)) || fail "node is $version; 18 or later is needed."
    else
        MISSING+=(nodejs)
    fi
    command -v npm >/dev/null || MISSING+=(npm)
}

look_for_browser() {
    command -v chromium >/dev/null || MISSING+=(chromium)
}

look_for_curl() {
    command -v curl >/dev/null || MISSING+=(curl)
}

install_modules() {  # install_modules FOLDER: what its package-lock.json names; no package runs anything
    local lock=$1/package-lock.json stamp=$1/node_modules/.stamp
    if is_done "$stamp" "$lock"; then return; fi
    step "installing the packages of $1" npm ci --prefix "$1" --ignore-scripts --no-audit --no-fund
    mark_done "$stamp" "$lock"
}

build_sandbox() {
    local stamp=$BUNDLE/.stamp sources=("$SANDBOX/package-lock.json" "$SANDBOX/build.mjs" "$SANDBOX"/page/*)
    if is_done "$stamp" "${sources[@]}"; then return; fi
    install_modules "$SANDBOX"
    step "building GraphiQL into $BUNDLE" node "$SANDBOX/build.mjs" "$BUNDLE"
    mark_done "$stamp" "${sources[@]}"
}

build_verifier() {  # from Debian's sources alone; anew when Debian mends them. GOCACHE: nothing outside this folder is written
    local stamp=$OUTSIDER/.stamp sources=("$VERIFIER"/*.go "$SUMDB"/tlog/*.go "$SUMDB"/note/*.go)
    if is_done "$stamp" "${sources[@]}"; then return; fi
    mkdir -p "$OUTSIDER"
    step "building $OUTSIDER/verifier with $(go env GOVERSION)" env GOENV=off GOFLAGS= GO111MODULE=off GOPROXY=off CGO_ENABLED=0 \
        "GOPATH=$GOPATH" "GOCACHE=$PWD/$OUTSIDER/cache" go build -buildvcs=false -o "$OUTSIDER/verifier" "./$VERIFIER"
    mark_done "$stamp" "${sources[@]}"
}

install_apart() {  # install_apart FOLDER NAME: requirements/NAME.txt in an environment of its own, as it wants other versions
    local stamp=$1/.stamp lock=requirements/$2.txt python=$VENV/bin/python
    if is_done "$stamp" "$lock"; then return; fi
    if [[ -n $INTERPRETER ]]; then python=$INTERPRETER; fi
    step "making $1" "$python" -m venv --clear "$1"
    step "installing the $(grep -c '^[a-z]' "$lock") packages of $lock" "$1/bin/python" "${PIP[@]}" install \
        --require-hashes --only-binary :all: --requirement "$lock"
    mark_done "$stamp" "$lock"
}

# ------------------------------------------------------------------------------------------------ engines to compare

look_for_peers() {  # what compiles PyICU, which has no wheels
    local python=$VENV/bin/python headers
    if is_done "$PEERS/.stamp" requirements/peers.txt; then return; fi
    look_for_python
    if [[ -n $INTERPRETER ]]; then python=$INTERPRETER; fi
    headers=$("$python" -c 'import sysconfig; print(sysconfig.get_path("include"))')
    if [[ ! -e $headers/Python.h ]]; then
        MISSING+=("python$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')-dev")
    fi
    command -v g++ >/dev/null || MISSING+=(g++)
    command -v pkg-config >/dev/null || MISSING+=(pkg-config)
    if ! pkg-config --exists icu-i18n 2>/dev/null; then MISSING+=(libicu-dev); fi
}

install_peers() {  # wheels only, but for PyICU, which the locked setuptools builds
    local stamp=$PEERS/.stamp lock=requirements/peers.txt python=$VENV/bin/python
    if is_done "$stamp" "$lock"; then return; fi
    if [[ -n $INTERPRETER ]]; then python=$INTERPRETER; fi
    step "making $PEERS" "$python" -m venv --clear "$PEERS"
    sed -n '/^setuptools==/,/[^\\]$/p' "$lock" >"$PEERS/setuptools.txt"
    step "installing what builds PyICU" "$PEERS/bin/python" "${PIP[@]}" install \
        --require-hashes --only-binary :all: --requirement "$PEERS/setuptools.txt"
    step "installing the $(grep -c '^[a-z]' "$lock") packages of $lock" "$PEERS/bin/python" "${PIP[@]}" install \
        --require-hashes --only-binary :all: --no-binary pyicu --no-build-isolation --requirement "$lock"
    mark_done "$stamp" "$lock"
}

install_lock_tools() {
    if [[ $("$UV/bin/uv" --version 2>/dev/null) == "uv $UV_VERSION"* ]]; then return; fi
    local python=$VENV/bin/python
    if [[ -n $INTERPRETER ]]; then python=$INTERPRETER; fi
    step "making $UV" "$python" -m venv --clear "$UV"
    step "installing uv $UV_VERSION" "$UV/bin/python" "${PIP[@]}" install --only-binary :all: "uv==$UV_VERSION"
}

# -------------------------------------------------------------------------------------------------------------- main

mkdir -p "$(dirname "$LOG")"
exec 9>var/bootstrap.lock  # two makes at once would install into the same environment
flock 9

# 1. What is missing from Debian, asked for all needs together so that apt runs once.
for need in "$@"; do
    case $need in
        run | test | bench | codegen | passkeys | sbom) look_for_python ;;
        postgres) look_for_postgres ;;
        softhsm) look_for_softhsm ;;
        nginx) look_for_nginx ;;
        strace) look_for_strace ;;
        outsider) look_for_go ;;
        clients)
            look_for_node
            look_for_curl
            ;;
        sandbox | identity) look_for_node ;;
        browser)
            look_for_node
            look_for_browser
            ;;
        peers) look_for_peers ;;
        lock)
            look_for_python
            look_for_node
            ;;
        *) fail "unknown need: $need (run, test, bench, postgres, softhsm, nginx, strace, clients, sandbox, browser, identity, passkeys, outsider, sbom, codegen, peers, lock)" ;;
    esac
done
: >"$LOG"
install_missing_packages

# 2. What is installed into the project's own folder.
for need in "$@"; do
    case $need in
        run | test | bench)
            make_environment
            install_locked "$need"
            ;;
        clients) install_modules "$CLIENTS" ;;
        sandbox) build_sandbox ;;
        browser) install_modules "$BROWSER" ;;
        identity) install_modules "$IDENTITY" ;;
        passkeys) install_apart "$PASSKEYS" passkeys ;;
        outsider) build_verifier ;;
        sbom) install_apart "$SBOM" sbom ;;
        codegen) install_apart "$CODEGEN" codegen ;;
        peers) install_peers ;;
        lock) install_lock_tools ;;
    esac
done
