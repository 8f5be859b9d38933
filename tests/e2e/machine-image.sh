#!/usr/bin/env bash
# Builds a bootable Debian, if it is not there: machine-image.sh [uml|qemu [SUITE]] makes, and prints, a folder DIR in
# out/e2e: DIR/disk.img (ext4), and what boots it: DIR/kernel (User Mode Linux as a program, in a tree of its own), or
# DIR/vmlinuz and DIR/initrd.img. It is kept until this script changes.
# It holds systemd, Docker, and an agent by which the tests run commands without a network. Nothing of ours: the tests
# install that with apt, as a user does.
set -euo pipefail
kind=${1:-uml} suite=${2:-bookworm}
case $kind in uml | qemu) ;; *) echo "MACHINE=$kind: only uml and qemu are known" >&2; exit 64 ;; esac
here=$(cd "$(dirname "$0")" && pwd)
version=$(sha256sum <"$here/machine-image.sh" | cut -c 1-12)
out=$(realpath -m -- "$here/../../out/e2e/$kind-$suite-$version")
size=${MACHINE_DISK:-6G}
echo "$out"
# The disk is put there last.
[ ! -e "$out/disk.img" ] || exit 0

mkdir -p "$out"
work=$(mktemp -d "$out/build.XXXXXX")
trap 'rm -rf -- "$work"' EXIT
root=$work/root

packages=systemd-sysv,systemd-timesyncd,udev,dbus,docker.io,iptables,kmod,ca-certificates,gpgv,libmosquitto1,qemu-guest-agent,iproute2,curl
# The tests look with it; since Debian 13 it is a package of its own.
[ "$suite" = bookworm ] || packages=$packages,docker-cli
[ "$kind" = uml ] || packages=$packages,linux-image-cloud-amd64,apparmor
mmdebstrap --quiet --variant=minbase --include="$packages" "$suite" "$root"

echo gateway >"$root/etc/hostname"
echo "127.0.0.1 localhost gateway" >"$root/etc/hosts"
echo "LABEL=root / ext4 defaults 0 1" >"$root/etc/fstab"
printf '[Match]\nName=e* vec*\n[Network]\nDHCP=yes\n' >"$root/etc/systemd/network/lan.network"
rm -f "$root/etc/resolv.conf"
echo "nameserver 10.0.2.3" >"$root/etc/resolv.conf"
mkdir -p "$root/etc/docker" "$root/var/log/journal"
# No application of the tests needs more of the network than the bridge, and the kernel of User Mode Linux filters nothing.
echo '{"insecure-registries": ["10.0.2.2/32"], "log-opts": {"max-size": "1m"}, "iptables": false, "ip6tables": false}' >"$root/etc/docker/daemon.json"
cat >"$root/etc/systemd/system/agent.service" <<'UNIT'
[Unit]
Description=Runs what the tests ask for
[Service]
ExecStart=/usr/sbin/qemu-ga --method=isa-serial --path=/dev/ttyS1 --statedir=/run
Restart=always
RestartSec=1
[Install]
WantedBy=multi-user.target
UNIT
chroot "$root" systemctl enable --quiet systemd-networkd agent
for unit in apt-daily.timer apt-daily-upgrade.timer e2scrub_all.timer fstrim.timer man-db.timer e2scrub_reap.service; do
  rm -f "$root/etc/systemd/system/"*".target.wants/$unit"
done
rm -rf "$root"/var/cache/apt/archives/*.deb "$root"/usr/share/doc "$root"/usr/share/man

if [ "$kind" = uml ]; then
  # From the suite whose kernel knows the processors of today (their state is larger than older ones save).
  # A mirror that lags behind is good enough.
  mmdebstrap --quiet --variant=extract --include=user-mode-linux --aptopt='Acquire::Check-Valid-Until "false"' \
    forky "$work/kernel" 'deb http://deb.debian.org/debian forky main'
  mkdir -p "$root/lib/modules"
  cp -a "$work"/kernel/usr/lib/uml/modules/. "$root/lib/modules/"
  rm -rf "$work"/kernel/usr/lib/uml "$work"/kernel/usr/share
  ln -s usr/lib usr/lib64 "$work/kernel/"
  mkdir -p "$work/kernel/base" "$work/kernel/machine" "$work/kernel/dev" "$work/kernel/proc" "$work/kernel/tmp"
  rm -rf -- "$out/kernel"
  mv -- "$work/kernel" "$out/"
else
  mv -- "$root"/boot/vmlinuz-* "$out/vmlinuz"
  mv -- "$root"/boot/initrd.img-* "$out/initrd.img"
fi
mkfs.ext4 -q -F -L root -E lazy_itable_init=1 -d "$root" "$work/disk.img" "$size"
if [ "$kind" = uml ]; then
  # Whether this machine lets a kernel run as a program: one whose init ends at once, well, and which panics for that.
  mkdir "$work/boot"
  # In a shell of its own, whose word about the abort goes where the rest does.
  (timeout 120 "$here/uml.sh" "$out/kernel" "$work" "$work/boot" mem=256M seccomp=auto ubd0=/machine/disk.cow,/base/disk.img init=/usr/bin/true panic=1 || true) \
    </dev/null >/dev/null 2>"$work/boot/errors"
  grep -q 'exitcode=0x00000000' "$work/boot/console.log" ||
    { echo "User Mode Linux does not boot on this machine:" >&2; tail -n 20 "$work/boot/errors" "$work/boot/console.log" >&2; exit 1; }
fi
mv -- "$work/disk.img" "$out/"
