#!/bin/sh
# Boots a machine with User Mode Linux, a kernel that runs as a program: uml.sh KERNEL BASE MACHINE OPTION…
#   KERNEL   the tree that machine-image.sh made
#   BASE     a folder seen as /base by the kernel: disks that are only read
#   MACHINE  a folder seen as /machine: the machine's own disk; console.log and pid are written there
#   OPTION…  goes to the kernel's command line, and MACHINE, by which a process list tells whose it is
# The agent's serial line is this program's standard input and output. This process becomes the kernel: to kill it is to
# cut the power, and everything it has started ends with it.
set -eu
if [ "${MACHINE_INSIDE:-}" != yes ]; then
  exec env MACHINE_INSIDE=yes unshare --mount --propagation private "$0" "$@"
fi

kernel=$1 base=$2 machine=$3
shift 3
mount --bind "$base" "$kernel/base"
mount --bind "$machine" "$kernel/machine"
mount -t proc proc "$kernel/proc"
mount --rbind /dev "$kernel/dev"
# Its memory; it never holds more than the machine has.
mount -t tmpfs -o mode=1777 tmpfs "$kernel/tmp"
echo $$ >"$machine/pid"
# This machine's loopback is 10.0.2.2 for it. The network ends when nobody holds the other end of the pipe any more.
rm -f "$machine/lan.sock" "$machine/life"
mkfifo "$machine/life"
# shellcheck disable=SC2016 # for the inner shell
setsid sh -c 'slirp4netns --target-type=bess "$1/lan.sock" & read -r _ <"$1/life"; kill -KILL 0' sh "$machine" >"$machine/lan.log" 2>&1 </dev/null &
exec 4>"$machine/life"
exec env - HOME=/machine TMPDIR=/tmp PATH=/usr/bin /usr/sbin/chroot "$kernel" /usr/bin/linux.uml \
  root=/dev/ubda rw con=null con0=null,fd:2 ssl=null systemd.journald.forward_to_console=1 ssl1=fd:0,fd:1 "vec0:transport=bess,dst=/machine/lan.sock,depth=128,gro=1" "$@" "machine=$machine" 2>>"$machine/console.log"
