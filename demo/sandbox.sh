#!/usr/bin/env bash
# A private Docker engine, registry and MQTT broker in a network namespace of their own: for the demo and the tests.
# Nothing outside DIR and the namespace is used or changed. A second engine on one machine would take the first one's bridge
# away, and would join its containerd: hence the namespaces.
set -euo pipefail

usage() {
  cat <<'EOF'
usage: sandbox.sh start DIR               start engine, registry and broker; their data lives in DIR
       sandbox.sh stop DIR                end them, remove the namespace and DIR
       sandbox.sh exec DIR -- COMMAND…    run a command inside the namespace
       sandbox.sh client-cert DIR NAME    make DIR/pki/NAME.crt and NAME.key for the broker; NAME is the user
       sandbox.sh env DIR                 print where everything is, as NAME=value lines
       sandbox.sh restart-engine DIR SIG  end the engine alone with a signal (TERM, KILL) and start it again

Ports on the namespace's own loopback: REGISTRY_PORT (5000), BROKER_PORT (1883, plain), BROKER_TLS_PORT (8883).
SANDBOX_TIMEOUT (60): seconds to wait for each program.
EOF
}

say() { printf '  %s\n' "$*" >&2; }
die() {
  printf 'sandbox.sh: %s\n' "$*" >&2
  exit 1
}

readonly marker=.gateway-sandbox
readonly made=/run/gwsb-mount-points
registry_port=${REGISTRY_PORT:-5000}
broker_port=${BROKER_PORT:-1883}
broker_tls_port=${BROKER_TLS_PORT:-8883}
timeout=${SANDBOX_TIMEOUT:-60}

# -- names ---------------------------------------------------------------------------------------------------------------

use_dir() {
  [ -n "${1:-}" ] || { usage >&2; exit 2; }
  dir=$(realpath -m -- "$1")
  case $dir in
    *[!A-Za-z0-9/._-]*) die "$dir: use letters, digits, '.', '_' and '-' only" ;;
  esac
  # containerd's socket below it must fit into a socket address: 108 bytes.
  [ "${#dir}" -le 60 ] || die "$dir: too long for the sockets in it, take a path of 60 characters at most"
  name=gwsb-$(printf '%s' "$dir" | sha256sum | cut -c1-10)
  netns=/run/netns/$name
  socket=$dir/docker/docker.sock
}

inside() { nsenter --net="$netns" -- "$@"; }

need() {
  local program
  for program in "$@"; do
    command -v "$program" >/dev/null || die "$program is not installed; apt-get install docker.io docker-registry mosquitto iproute2 util-linux openssl"
  done
}

# -- ending --------------------------------------------------------------------------------------------------------------

namespace_pids() { [ ! -e "$netns" ] || ip netns pids "$name" 2>/dev/null || true; }

cgroups() { find /sys/fs/cgroup -depth -type d -path "*/$name*" 2>/dev/null || true; }

container_pids() {
  local group
  for group in $(cgroups); do
    cat "$group/cgroup.procs" 2>/dev/null || true
  done | sort -un
}

signal_all() {
  local pid
  for pid in $2; do
    kill -s "$1" "$pid" 2>/dev/null || true
  done
}

# Waits until no process is left in the namespace or a container; false if some are after so many tenths of a second.
all_gone() {
  local tenths
  for ((tenths = 0; tenths < $1; tenths++)); do
    [ -n "$(namespace_pids)$(container_pids)" ] || return 0
    sleep 0.1
  done
  return 1
}

# Everything in the namespace is ours: it was made for that. The engine goes first, and stops its containers.
end_processes() {
  local engine tenths
  engine=$(cat "$dir/docker/docker.pid" 2>/dev/null || true)
  if [ -n "$engine" ] && namespace_pids | grep -qx "$engine"; then
    signal_all CONT "$engine"
    signal_all TERM "$engine"
    for ((tenths = 0; tenths < 200; tenths++)); do
      namespace_pids | grep -qx "$engine" || break
      sleep 0.1
    done
  fi
  signal_all TERM "$(namespace_pids)"
  all_gone 30 || true
  for _ in 1 2 3; do
    signal_all KILL "$(container_pids) $(namespace_pids)"
    all_gone 30 && return 0
  done
  die "processes do not end: $(namespace_pids) $(container_pids)"
}

unmount_leftovers() {
  local at
  awk -v dir="$dir/" 'index($2, dir) == 1 {print $2}' /proc/self/mounts | sort -r | while read -r at; do
    umount -l "$at" 2>/dev/null || true
  done
}

remove_mount_points() {
  local at
  # Removing a folder unmounts what another mount namespace has mounted there: only the last sandbox may.
  if [ ! -e "$made" ] || ip netns list | grep -q '^gwsb-'; then
    return 0
  fi
  while read -r at; do
    rmdir "$at" 2>/dev/null || true
  done <"$made"
  rm -f "$made"
}

clear_away() {
  end_processes
  unmount_leftovers
  local group
  for group in $(cgroups); do
    rmdir "$group" 2>/dev/null || true
  done
  if [ -e "$netns" ]; then
    ip netns delete "$name"
  fi
  rm -f "$dir/docker/docker.pid" "$socket"
  rm -rf "$dir/docker/exec"
}

stop() {
  if [ ! -e "$dir/$marker" ]; then
    [ ! -e "$netns" ] || { end_processes; ip netns delete "$name"; }
    [ ! -e "$dir" ] || die "$dir is not a sandbox's folder; it is left alone"
    return 0
  fi
  say "stopping engine, registry and broker in $dir"
  clear_away
  remove_mount_points
  rm -rf --one-file-system -- "$dir"
  say "all gone"
}

# -- certificates --------------------------------------------------------------------------------------------------------

make_certificate() { # name, extensions
  local pki=$dir/pki
  (
    umask 077
    openssl ecparam -name prime256v1 -genkey -noout -out "$pki/$1.key" 2>/dev/null
    openssl req -new -key "$pki/$1.key" -subj "/CN=$1" -out "$pki/$1.csr"
    openssl x509 -req -in "$pki/$1.csr" -CA "$pki/ca.crt" -CAkey "$pki/ca.key" -CAcreateserial -days 365 -sha256 \
      -extfile <(printf '%s\n' "$2") -out "$pki/$1.crt" 2>/dev/null
  )
  rm -f "$pki/$1.csr"
  chmod 644 "$pki/$1.crt"
}

make_authority() {
  local pki=$dir/pki
  [ ! -e "$pki/localhost.crt" ] || return 0
  mkdir -p "$pki"
  (
    umask 077
    openssl ecparam -name prime256v1 -genkey -noout -out "$pki/ca.key"
    openssl req -x509 -new -key "$pki/ca.key" -subj "/CN=Gateway sandbox" -days 365 -sha256 -out "$pki/ca.crt"
  )
  chmod 644 "$pki/ca.crt"
  make_certificate localhost $'subjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth'
}

client_cert() {
  [[ ${1:-} =~ ^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$ ]] || die "client-cert: NAME is letters, digits, '.', '_' and '-'"
  case $1 in
    ca | localhost) die "client-cert: $1 is taken" ;;
  esac
  [ -e "$dir/pki/ca.key" ] || die "$dir has no certificate authority; start the sandbox first"
  [ -e "$dir/pki/$1.crt" ] || make_certificate "$1" "extendedKeyUsage=clientAuth"
}

# -- starting ------------------------------------------------------------------------------------------------------------

make_namespace() {
  ip netns add "$name"
  inside ip link set lo up
}

# Starts a program inside, detached from the caller's terminal and files. $1: its name, for the log and pid files.
launch() {
  local program=$1
  shift
  # Descriptor 9 is the lock: a program that kept it would keep it locked.
  setsid nsenter --net="$netns" -- "$@" </dev/null >"$dir/$program.log" 2>&1 9>&- &
  echo $! >"$dir/$program.pid"
}

# Waits for a program to answer; ends with its log if it does not.
await() {
  local program=$1 tenths
  shift
  for ((tenths = 0; tenths < timeout * 10; tenths++)); do
    if "$@" 2>/dev/null; then
      say "$program answers"
      return 0
    fi
    kill -0 "$(cat "$dir/$program.pid")" 2>/dev/null || break
    sleep 0.1
  done
  tail -n 20 "$dir/$program.log" >&2 || true
  die "$program does not answer; its log is $dir/$program.log"
}

listens() { inside bash -c ": </dev/tcp/127.0.0.1/$1"; }

engine_answers() { [ -S "$socket" ] && grep -q "API listen on" "$dir/docker.log"; }

# The engine's own command line.
engine_line() {
  printf '%s\n' dockerd --config-file "$dir/docker/etc/daemon.json" --data-root "$dir/docker/data" --exec-root "$dir/docker/exec" \
    --pidfile "$dir/docker/docker.pid" --host "unix://$socket" --group root \
    --exec-opt native.cgroupdriver=cgroupfs --cgroup-parent "/$name" --shutdown-timeout 5
}

start_engine() {
  local at line
  mkdir -p "$dir/docker/etc" "$dir/docker/data" "$dir/docker/exec"
  echo '{}' >"$dir/docker/etc/daemon.json"
  # A folder to mount on must exist; what was made for that is remembered, and removed with the last sandbox.
  for at in /run/containerd /run/docker /etc/docker; do
    [ -d "$at" ] || { mkdir "$at" && echo "$at" >>"$made"; }
  done
  # In a mount namespace of its own it sees neither the machine's containerd (which it would join) nor its plugins, settings and key,
  # and whatever it mounts goes with its last process. The cgroup driver is set because a parent's name depends on it.
  mapfile -t line < <(engine_line)
  # shellcheck disable=SC2016 # expanded by the inner shell
  launch docker unshare --mount --propagation slave -- sh -c '
    mount -t tmpfs -o mode=711 none /run/containerd && mount -t tmpfs -o mode=711 none /run/docker &&
      mount --bind "$1" /etc/docker && shift && exec "$@"' sh "$dir/docker/etc" "${line[@]}"
}

# The successor joins the engine's mount namespace before the engine goes: it must find what that left, as on a machine.
restart_engine() {
  local engine line
  engine=$(cat "$dir/docker/docker.pid")
  mapfile -t line < <(engine_line)
  # shellcheck disable=SC2016 # expanded by the inner shell
  launch engine-restart nsenter --mount="/proc/$engine/ns/mnt" -- sh -c '
    echo waiting; while [ -e "/proc/$1/exe" ]; do sleep 0.02; done; cd "$2" && shift 2 && exec 2>>../docker.log >&2
    # Its containerd goes with it; nobody may be there to reap it, and then its id would pass for a living one.
    containerd=$(cat exec/containerd/containerd.pid)
    for _ in 1 2 3 4 5 6 7 8 9 10; do [ ! -e "/proc/$containerd/exe" ] || sleep 0.1; done
    [ -e "/proc/$containerd/exe" ] || rm -f exec/containerd/containerd.pid
    rm -f docker.pid && exec "$@"' sh "$engine" "$dir/docker" "${line[@]}"
  await engine-restart grep -q waiting "$dir/engine-restart.log"
  mv "$dir/docker.log" "$dir/docker.log.before"
  touch "$dir/docker.log"
  kill -s "$1" "$engine"
  while [ -e "/proc/$engine/exe" ]; do sleep 0.02; done
  mv "$dir/engine-restart.pid" "$dir/docker.pid"
  await docker engine_answers
}

start_registry() {
  mkdir -p "$dir/registry"
  cat >"$dir/registry/config.yml" <<EOF
version: 0.1
log: {level: warn, accesslog: {disabled: true}}
storage:
  filesystem: {rootdirectory: $dir/registry/data}
  delete: {enabled: true}
http: {addr: "127.0.0.1:$registry_port", secret: sandbox}
EOF
  launch registry docker-registry serve "$dir/registry/config.yml"
}

start_broker() {
  mkdir -p "$dir/broker"
  # The identity is the client certificate's common name: the gateway's id. The user "operator" publishes.
  cat >"$dir/broker/acl" <<'EOF'
user operator
topic readwrite #
pattern read gateway/%u/desired
pattern read gateway/%u/command
pattern readwrite gateway/%u/status
pattern readwrite gateway/%u/presence
pattern write gateway/%u/reply/#
pattern write gateway/%u/log/#
pattern read group/+/desired
pattern read group/+/command
EOF
  chmod 600 "$dir/broker/acl"
  cat >"$dir/broker/mosquitto.conf" <<EOF
user root
per_listener_settings true
log_dest stderr
log_timestamp_format %Y-%m-%dT%H:%M:%S
persistence true
persistence_location $dir/broker/
listener $broker_port 127.0.0.1
allow_anonymous true
listener $broker_tls_port 127.0.0.1
allow_anonymous false
cafile $dir/pki/ca.crt
certfile $dir/pki/localhost.crt
keyfile $dir/pki/localhost.key
require_certificate true
use_identity_as_username true
acl_file $dir/broker/acl
EOF
  launch broker mosquitto -c "$dir/broker/mosquitto.conf"
}

all_answer() {
  [ -e "$netns" ] && namespace_pids | grep -qxF -f <(cat "$dir"/docker/docker.pid 2>/dev/null) && engine_answers &&
    listens "$registry_port" && listens "$broker_port" && listens "$broker_tls_port"
}

print_env() {
  [ -e "$dir/sandbox.env" ] || die "$dir holds no sandbox"
  cat "$dir/sandbox.env"
}

start() {
  need dockerd docker-registry mosquitto ip nsenter unshare openssl flock
  [ "$(id -u)" = 0 ] || die "takes root: namespaces and an engine"
  if [ -d "$dir" ] && [ ! -e "$dir/$marker" ] && [ -n "$(ls -A "$dir")" ]; then
    die "$dir is not empty and not a sandbox's; take another folder"
  fi
  mkdir -p "$dir"
  chmod 700 "$dir"
  touch "$dir/$marker"
  exec 9>"$dir/$marker"
  flock -w "$timeout" 9 || die "somebody else is starting or stopping $dir"
  if all_answer 2>/dev/null; then
    say "already running in $dir"
    return 0
  fi
  clear_away
  say "starting engine, registry and broker in $dir"
  make_namespace
  make_authority
  start_registry
  start_broker
  start_engine
  await registry listens "$registry_port"
  await broker listens "$broker_port"
  await broker listens "$broker_tls_port"
  await docker engine_answers
  cat >"$dir/sandbox.env" <<EOF
NAMESPACE=$name
DOCKER_SOCKET=$socket
REGISTRY=127.0.0.1:$registry_port
BROKER_PORT=$broker_port
BROKER_TLS_PORT=$broker_tls_port
PKI=$dir/pki
EOF
}

command=${1:-}
case $command in
  restart-engine)
    [ $# -eq 3 ] || { usage >&2; exit 2; }
    use_dir "$2"
    restart_engine "$3"
    ;;
  start | stop | env)
    [ $# -eq 2 ] || { usage >&2; exit 2; }
    use_dir "$2"
    case $command in
      start) start ;;
      stop) stop ;;
      env) print_env ;;
    esac
    ;;
  client-cert)
    [ $# -eq 3 ] || { usage >&2; exit 2; }
    use_dir "$2"
    client_cert "$3"
    ;;
  exec)
    if [ $# -lt 4 ] || [ "$3" != -- ]; then
      usage >&2
      exit 2
    fi
    use_dir "$2"
    [ -e "$netns" ] || die "no sandbox runs in $dir"
    shift 3
    exec nsenter --net="$netns" -- "$@"
    ;;
  help | -h | --help) usage ;;
  *)
    usage >&2
    exit 2
    ;;
esac
