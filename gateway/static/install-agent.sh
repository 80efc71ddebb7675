#!/bin/sh
# Installs Empire's GPU agent on this host as a systemd service:
#   sudo GPU_OPTIMIZER_API_KEY=gopt_... GPU_OPTIMIZER_SERVER_URL=https://empire.example.com sh install-agent.sh
# and takes it away again:
#   sudo sh install-agent.sh --uninstall
set -eu

name=empire-gpu-agent
folder=/opt/$name
settings=/etc/$name.env
unit=/etc/systemd/system/$name.service

fail() { printf '%s\n' "$*" >&2; exit 1; }

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
}

check_host() {
    [ "$(uname -s)" = Linux ] || fail "The agent runs on Linux, not on $(uname -s)."
    case $(uname -m) in
    x86_64 | amd64) platform=linux-x64 ;;
    aarch64 | arm64) platform=linux-arm64 ;;
    *) fail "There is no agent for the processor $(uname -m)." ;;
    esac
    [ "$(id -u)" = 0 ] || fail 'Installing a service needs root: run this with sudo.'
    command -v systemctl >/dev/null || fail 'systemd is not here. Run the program by other means; its --help names the settings.'
}

download() {
    if command -v curl >/dev/null; then curl -fsSL --retry 3 -o "$2" "$1"
    elif command -v wget >/dev/null; then wget -q -O "$2" "$1"
    else fail 'Neither curl nor wget is here to download the program with.'; fi
}

install_program() {
    mkdir -p "$folder"
    new=$(mktemp "$folder/.new.XXXXXX")
    trap 'rm -f "$new"' EXIT
    download "$server/static/$name-$platform" "$new" || fail "$server/static/$name-$platform cannot be downloaded. Does this installation of Empire offer the agent?"
    chmod 755 "$new"
    "$new" --version >/dev/null || fail 'The program that was downloaded does not run on this host.'
    mv "$new" "$folder/$name" # also under a running one: that goes on with the old file until it restarts
    trap - EXIT
}

make_account() {
    id "$name" >/dev/null 2>&1 && return
    useradd --system --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin "$name"
    # Where the devices of the GPUs belong to a group.
    for group in video render; do
        if getent group "$group" >/dev/null; then usermod -a -G "$group" "$name"; fi
    done
}

write_settings() {
    old=$(umask)
    umask 077
    {
        printf 'GPU_OPTIMIZER_API_KEY=%s\nGPU_OPTIMIZER_SERVER_URL=%s\n' "$key" "$server"
        [ -z "${GPU_OPTIMIZER_GRPC_URL:-}" ] || printf 'GPU_OPTIMIZER_GRPC_URL=%s\n' "$GPU_OPTIMIZER_GRPC_URL"
        [ -z "${GPU_OPTIMIZER_INTERVAL:-}" ] || printf 'GPU_OPTIMIZER_INTERVAL=%s\n' "$GPU_OPTIMIZER_INTERVAL"
        [ -z "${GPU_OPTIMIZER_LABELS:-}" ] || printf 'GPU_OPTIMIZER_LABELS=%s\n' "$GPU_OPTIMIZER_LABELS"
    } >"$settings"
    umask "$old"
}

start_service() {
    download "$server/static/$name.service" "$unit" || fail "$server/static/$name.service cannot be downloaded."
    chmod 644 "$unit"
    systemctl daemon-reload
    systemctl enable --quiet "$name"
    systemctl restart "$name"
}

uninstall() {
    [ "$(id -u)" = 0 ] || fail 'Removing a service needs root: run this with sudo.'
    systemctl disable --quiet --now "$name" 2>/dev/null || true
    rm -f "$unit" "$settings"
    rm -rf "$folder" "/var/lib/$name"
    systemctl daemon-reload
    if id "$name" >/dev/null 2>&1; then userdel "$name"; fi
    echo "$name is removed; samples that had not been sent are gone with it."
}

case ${1:-} in
--uninstall) uninstall; exit 0 ;;
'') ;;
*) fail "There is no option $1; see the first lines of this script." ;;
esac

check_settings
check_host
install_program
make_account
write_settings
start_service
echo "$name runs. Its log: journalctl -u $name -f"
GPU_OPTIMIZER_API_KEY=$key GPU_OPTIMIZER_SERVER_URL=$server "$folder/$name" --check --spool "$(mktemp -d)" || echo 'Not everything is well yet; the lines above say what. The service goes on trying.' >&2
