#!/bin/sh
# A Debian machine with systemd as its first process, in namespaces of its own: no network but loopback, nothing of
# this machine is changed. For tests.
#   systemd-machine.sh start DIR [SUITE]     makes the machine in DIR and boots it (the root is made once per suite)
#   systemd-machine.sh exec DIR -- COMMAND…  runs a command in it
#   systemd-machine.sh reboot DIR            cuts its power and boots it again
#   systemd-machine.sh stop DIR              ends it, by process id, and removes DIR
set -eu

fail() { echo "systemd-machine.sh: $1" >&2; exit 1; }

here=$(cd "$(dirname "$0")" && pwd)
cache=${SYSTEMD_MACHINE_CACHE:-$here/../../out/cache}
packages=systemd-sysv,dbus,ca-certificates,gpgv,gpg,gpg-agent,libmosquitto1,procps,iproute2,kmod,apt

# The root of a suite as a tar archive, made by mmdebstrap once.
base() {
  mkdir -p "$cache"
  tar=$cache/systemd-machine-$1.tar new=$cache/new-$1.tar
  exec 9>"$cache/.systemd-machine.lock"
  flock 9
  if [ ! -s "$tar" ]; then
    mmdebstrap --quiet --format=tar --variant=minbase --include="$packages" \
      --customize-hook='printf gw-machine\\n >"$1/etc/hostname"; rm -f "$1/etc/resolv.conf"; ln -sf /dev/null "$1/etc/systemd/system/console-getty.service"' \
      "$1" "$new" >"$cache/mmdebstrap.log" 2>&1 || fail "mmdebstrap could not make $1: $(tail -n 1 "$cache/mmdebstrap.log")"
    mv "$new" "$tar"
  fi
  exec 9>&-
}

# Where the unified hierarchy is: /sys/fs/cgroup, or /sys/fs/cgroup/unified on a hybrid system.
cgroups() { awk '$3 == "cgroup2" { print $2; exit }' /proc/mounts; }

# The process id of the machine's systemd, as seen from here.
init_of() { cat "$1/init.pid" 2>/dev/null || echo; }

inside() { # inside DIR COMMAND…
  pid=$(init_of "$1")
  [ -n "$pid" ] && [ -d "/proc/$pid" ] || fail "no machine runs in $1"
  shift
  # setsid: no terminal of ours. The environment of a fresh root login.
  exec setsid -w nsenter -t "$pid" -a -- env -i HOME=/root LANG=C.UTF-8 \
    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$@"
}

start() {
  dir=$1 suite=${2:-bookworm}
  [ "$(id -u)" = 0 ] || fail "needs root"
  [ ! -e "$dir/root" ] || fail "$dir is in use; stop it first"
  base "$suite"
  mkdir -p "$dir/root"
  tar -xf "$cache/systemd-machine-$suite.tar" -C "$dir/root"
  power_on "$dir"
}

power_on() {
  dir=$1
  hierarchy=$(cgroups)
  [ -n "$hierarchy" ] || fail "this kernel has no cgroup2 hierarchy mounted"
  group=$hierarchy/gateway-machine-$$
  mkdir "$group"
  echo "$group" >"$dir/cgroup"
  MACHINE_ROOT=$dir/root MACHINE_GROUP=$group setsid "$0" boot >"$dir/console.log" 2>&1 </dev/null &
  echo $! >"$dir/outer.pid"
  wait_until_up "$dir" || { tail -n 5 "$dir/console.log" >&2; power_off "$dir"; fail "systemd did not come up in 60 s"; }
}

wait_until_up() {
  tries=0
  while [ $tries -lt 120 ]; do
    tries=$((tries + 1))
    sleep 0.5
    # The only child of unshare is the machine's first process.
    child=$(cat "/proc/$(cat "$1/outer.pid")/task/$(cat "$1/outer.pid")/children" 2>/dev/null | tr -d ' ')
    [ -n "$child" ] || continue
    echo "$child" >"$1/init.pid"
    case $(state_of "$1") in
      running | degraded) return 0 ;;
      # Up, but for a service that takes its time to become ready, or never will: that may be what is tested.
      starting) [ $tries -lt 30 ] || ! (inside "$1" systemctl --quiet is-active basic.target) || return 0 ;;
    esac
  done
  return 1
}

state_of() { (inside "$1" systemctl is-system-running 2>/dev/null) || true; }

# Runs as the process that becomes unshare: joins the group, then makes the namespaces.
boot() {
  echo $$ >"$MACHINE_GROUP/cgroup.procs"
  exec unshare --mount --uts --ipc --net --pid --cgroup --fork --kill-child --propagation private "$0" pivot
}

# The machine's first process, still in this machine's file system.
pivot() {
  root=$MACHINE_ROOT
  mount --bind "$root" "$root"
  mount -t proc proc "$root/proc"
  mount -t sysfs -o ro sysfs "$root/sys"
  mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
  mount -t tmpfs -o mode=755,size=1m tmpfs "$root/dev"
  for device in null zero full random urandom tty; do
    : >"$root/dev/$device"
    mount --bind "/dev/$device" "$root/dev/$device"
  done
  mkdir "$root/dev/pts" "$root/dev/shm"
  mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts "$root/dev/pts"
  mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
  ln -s pts/ptmx "$root/dev/ptmx"
  ln -s /proc/self/fd "$root/dev/fd"
  ln -s fd/0 "$root/dev/stdin"
  ln -s fd/1 "$root/dev/stdout"
  ln -s fd/2 "$root/dev/stderr"
  mount -t tmpfs -o mode=755 tmpfs "$root/run"
  mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
  hostname gw-machine
  ip link set lo up
  cd "$root"
  mkdir run/old
  pivot_root . run/old
  umount -l /run/old
  rmdir /run/old
  exec env -i container=gateway-machine PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd
}

power_off() {
  dir=$1
  outer=$(cat "$dir/outer.pid" 2>/dev/null || echo)
  pid=$(init_of "$dir")
  # Killing a PID namespace's first process takes everything in it along.
  [ -z "$pid" ] || kill -KILL "$pid" 2>/dev/null || true
  [ -z "$outer" ] || kill -KILL "$outer" 2>/dev/null || true
  group=$(cat "$dir/cgroup" 2>/dev/null || echo)
  if [ -n "$group" ] && [ -d "$group" ]; then
    tries=0
    # Folders of a hierarchy go from the deepest up, and only once their processes are gone.
    while [ -d "$group" ] && [ $tries -lt 50 ]; do
      tries=$((tries + 1))
      find "$group" -depth -type d -exec rmdir {} + 2>/dev/null || sleep 0.2
    done
  fi
  rm -f "$dir/outer.pid" "$dir/init.pid" "$dir/cgroup"
}

stop() {
  power_off "$1"
  rm -rf "$1"
}

case ${1:-} in
  start) shift && start "$@" ;;
  exec)
    dir=${2:?}
    [ "${3:-}" = -- ] || fail "usage: exec DIR -- COMMAND…"
    shift 3
    inside "$dir" "$@"
    ;;
  reboot)
    [ -d "${2:?}/root" ] || fail "no machine is in $2"
    power_off "$2"
    power_on "$2"
    ;;
  stop) stop "${2:?}" ;;
  boot | pivot) "$1" ;;
  *) fail "usage: systemd-machine.sh start DIR [SUITE] | exec DIR -- COMMAND… | reboot DIR | stop DIR" ;;
esac
