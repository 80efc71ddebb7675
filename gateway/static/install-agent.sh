#!/bin/sh
# Installs Empire's GPU agent on this host as a systemd service, or brings it up to date:
#   sudo GPU_OPTIMIZER_API_KEY=gopt_... GPU_OPTIMIZER_SERVER_URL=https://empire.example.com sh install-agent.sh
# Any other GPU_OPTIMIZER_ setting that is given (the program's --help lists them) is kept for the service; one that is given empty is
# forgotten, and what was set before and is not given stays.
# Into the file system of an image that is being built, where nothing is started:
#   sudo GPU_OPTIMIZER_API_KEY=... GPU_OPTIMIZER_SERVER_URL=... sh install-agent.sh --root /mnt/image
# And takes it away again:
#   sudo sh install-agent.sh --uninstall
set -eu

name=empire-gpu-agent
optional='GRPC_URL INTERVAL LABELS COST_PER_HOUR SPOOL_MIB METADATA JOB_ENVIRONMENT JOB_ID NVML_LIBRARY'

fail() { printf '%s\n' "$*" >&2; exit 1; }

# Where everything lies, below the root of an image or of this host.
below() {
    root=$1
    folder=$root/opt/$name
    settings=$root/etc/$name.env
    unit=$root/etc/systemd/system/$name.service
    without_ptrace=$unit.d/no-job-environment.conf
}

check_settings() {
    key=${GPU_OPTIMIZER_API_KEY:-}
    server=${GPU_OPTIMIZER_SERVER_URL:-}
    server=${server%/}
    [ -n "$key" ] || fail 'GPU_OPTIMIZER_API_KEY is not set. It is the key of your account, gopt_ and 24 letters or digits.'
    # The whole of it must match: a line break in the key would pass a check line by line.
    if [ "${#key}" -ne 29 ] || ! expr "x$key" : 'xgopt_[A-Za-z0-9]\{24\}$' >/dev/null; then
        fail "GPU_OPTIMIZER_API_KEY is not a key: it must be gopt_ and 24 letters or digits, 29 characters in all; this has ${#key}."
    fi
    [ -n "$server" ] || fail 'GPU_OPTIMIZER_SERVER_URL is not set. It is the address of Empire, for instance https://empire.example.com.'
    case $server in
    *[!A-Za-z0-9.:/_~%-]*) fail "GPU_OPTIMIZER_SERVER_URL must be an address as https://empire.example.com, not '$server'." ;;
    https://?* | http://?*) ;;
    *) fail "GPU_OPTIMIZER_SERVER_URL must begin with https:// or http://, not '$server'." ;;
    esac
    for setting in $optional; do
        eval "value=\${GPU_OPTIMIZER_$setting:-}"
        case $value in *'
'*) fail "GPU_OPTIMIZER_$setting must be one line." ;; esac
    done
}

check_host() {
    [ "$(uname -s)" = Linux ] || fail "The agent runs on Linux, not on $(uname -s)."
    case $(uname -m) in
    x86_64 | amd64) platform=linux-x64 ;;
    aarch64 | arm64) platform=linux-arm64 ;;
    *) fail "There is no agent for the processor $(uname -m)." ;;
    esac
    command -v sha256sum >/dev/null || fail 'sha256sum is not here to check the program with.'
    if [ -n "$root" ]; then
        [ -d "$root" ] || fail "There is no folder $root."
        return
    fi
    [ "$(id -u)" = 0 ] || fail 'Installing a service needs root: run this with sudo.'
    command -v systemctl >/dev/null || fail 'systemd is not here. Run the program by other means; its --help names the settings.'
}

# A server that is still making the program says so by 503 and Retry-After, which curl keeps to.
download() {
    if command -v curl >/dev/null; then curl -fsSL --retry 20 --retry-max-time 300 -o "$2" "$1"
    elif command -v wget >/dev/null; then wget -q -O "$2" "$1"
    else fail 'Neither curl nor wget is here to download the program with.'; fi
}

# Whether a file is what the server says it is.
is_whole() {
    download "$server/static/$name-$platform.sha256" "$1.sha256" || fail "$server/static/$name-$platform.sha256 cannot be downloaded, so the program cannot be checked."
    expected=$(cut -d' ' -f1 "$1.sha256")
    found=$(sha256sum "$1" | cut -d' ' -f1)
    rm -f "$1.sha256"
    [ -n "$expected" ] && [ "$expected" = "$found" ]
}

install_program() {
    mkdir -p "$folder"
    new=$(mktemp "$folder/.new.XXXXXX")
    trap 'rm -f "$new" "$new.sha256"' EXIT
    for try in first last; do # a second time, since the server may have got another program between file and sum
        download "$server/static/$name-$platform" "$new" || fail "$server/static/$name-$platform cannot be downloaded. Does this installation of Empire offer the agent?"
        if is_whole "$new"; then break; fi
        [ "$try" = first ] || fail "The program that was downloaded is not whole: its SHA-256 is $found, not $expected."
    done
    chmod 755 "$new"
    "$new" --version >/dev/null || fail 'The program that was downloaded does not run on this host.'
    mv "$new" "$folder/$name" # also under a running one: that goes on with the old file until it restarts
    trap - EXIT
    download "$server/static/$name.md" "$folder/README.md" || fail "$server/static/$name.md cannot be downloaded."
    chmod 644 "$folder/README.md"
}

make_account() {
    id "$name" >/dev/null 2>&1 && return
    useradd --system --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin "$name"
    # Where the devices of the GPUs belong to a group.
    for group in video render; do
        if getent group "$group" >/dev/null; then usermod -a -G "$group" "$name"; fi
    done
}

# An image gets its account when it first boots.
describe_account() {
    mkdir -p "$root/usr/lib/sysusers.d"
    printf 'u %s - "Empire GPU agent"\nm %s video\nm %s render\n' "$name" "$name" "$name" >"$root/usr/lib/sysusers.d/$name.conf"
}

# Whether a line of the settings is said anew by what this script was given.
is_given() {
    case $1 in GPU_OPTIMIZER_API_KEY | GPU_OPTIMIZER_SERVER_URL) return 0 ;; esac
    for setting in $optional; do
        if [ "$1" = "GPU_OPTIMIZER_$setting" ]; then
            eval "[ -n \"\${GPU_OPTIMIZER_$setting+given}\" ]"
            return
        fi
    done
    return 1
}

write_settings() {
    mkdir -p "$root/etc"
    old=$(umask)
    umask 077
    {
        printf 'GPU_OPTIMIZER_API_KEY=%s\nGPU_OPTIMIZER_SERVER_URL=%s\n' "$key" "$server"
        for setting in $optional; do
            eval "value=\${GPU_OPTIMIZER_$setting:-}"
            [ -z "$value" ] || printf 'GPU_OPTIMIZER_%s=%s\n' "$setting" "$value"
        done
        if [ -f "$settings" ]; then
            while IFS= read -r line || [ -n "$line" ]; do
                is_given "${line%%=*}" || printf '%s\n' "$line"
            done <"$settings"
        fi
    } >"$settings.new"
    mv "$settings.new" "$settings"
    umask "$old"
}

write_unit() {
    mkdir -p "${unit%/*}"
    download "$server/static/$name.service" "$unit" || fail "$server/static/$name.service cannot be downloaded."
    chmod 644 "$unit"
    if grep -qiE '^GPU_OPTIMIZER_JOB_ENVIRONMENT=(off|false|0|no)$' "$settings"; then
        mkdir -p "${without_ptrace%/*}"
        printf '# GPU_OPTIMIZER_JOB_ENVIRONMENT=off: what would read the environment of other processes is not needed.\n[Service]\nAmbientCapabilities=\nCapabilityBoundingSet=\n' >"$without_ptrace"
        chmod 644 "$without_ptrace"
    else
        rm -f "$without_ptrace"
    fi
}

start_service() {
    systemctl daemon-reload
    systemctl enable --quiet "$name"
    systemctl restart "$name"
}

# With all settings of the service, those of an earlier installation included.
check_installation() (
    while IFS= read -r line || [ -n "$line" ]; do
        case $line in GPU_OPTIMIZER_*=*) export "$line" ;; esac # no shell reads the value
    done <"$settings"
    spool=$(mktemp -d)
    trap 'rm -rf "$spool"' EXIT
    "$folder/$name" --check --spool "$spool"
)

uninstall() {
    [ "$(id -u)" = 0 ] || fail 'Removing a service needs root: run this with sudo.'
    systemctl disable --quiet --now "$name" 2>/dev/null || true
    rm -f "$unit" "$settings" "$without_ptrace"
    rmdir "$unit.d" 2>/dev/null || true # unless somebody keeps settings of their own there
    rm -rf "$folder" "/var/lib/$name"
    systemctl daemon-reload
    if id "$name" >/dev/null 2>&1; then userdel "$name"; fi
    echo "$name is removed; samples that had not been sent are gone with it."
}

below ''
case ${1:-} in
--uninstall) uninstall; exit 0 ;;
--root)
    [ -n "${2:-}" ] || fail '--root needs the folder of the image.'
    below "${2%/}"
    ;;
'') ;;
*) fail "There is no option $1; see the first lines of this script." ;;
esac

check_settings
check_host
install_program
write_settings
write_unit
if [ -n "$root" ]; then
    describe_account
    mkdir -p "$root/etc/systemd/system/multi-user.target.wants"
    ln -sf "/etc/systemd/system/$name.service" "$root/etc/systemd/system/multi-user.target.wants/$name.service"
    echo "$name is in $root and starts with it."
    exit 0
fi
make_account
start_service
echo "$name runs. Its log: journalctl -u $name -f"
check_installation || echo 'Not everything is well yet; the lines above say what. The service goes on trying.' >&2
