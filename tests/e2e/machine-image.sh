#!/usr/bin/env bash
# Builds a bootable Debian for qemu: machine-image.sh SUITE DIR makes DIR/disk.img (ext4), DIR/vmlinuz and DIR/initrd.img.
# It holds systemd, Docker, and an agent by which the tests run commands without a network. Nothing of ours: the tests
# install that with apt, as a user does.
set -euo pipefail
suite=${1:?usage: machine-image.sh SUITE DIR}
out=$(realpath -m -- "${2:?usage: machine-image.sh SUITE DIR}")
size=${MACHINE_DISK:-6G}

mkdir -p "$out"
work=$(mktemp -d "$out/build.XXXXXX")
cleanup() { rm -rf -- "$work"; }
trap cleanup EXIT

packages=systemd-sysv,systemd-timesyncd,udev,dbus,linux-image-cloud-amd64,docker.io,iptables,ca-certificates,gpgv,libmosquitto1,qemu-guest-agent,iproute2,curl
mmdebstrap --quiet --variant=minbase --include="$packages" \
  --customize-hook='echo gateway >"$1/etc/hostname"; printf "127.0.0.1 localhost gateway\n" >"$1/etc/hosts"' \
  --customize-hook='printf "[Match]\nName=e*\n[Network]\nDHCP=yes\n" >"$1/etc/systemd/network/lan.network"; chroot "$1" systemctl enable --quiet systemd-networkd' \
  --customize-hook='rm -f "$1/etc/resolv.conf"; echo "nameserver 10.0.2.3" >"$1/etc/resolv.conf"' \
  --customize-hook='mkdir -p "$1/etc/docker"; echo "{\"insecure-registries\": [\"10.0.2.2/32\"], \"log-opts\": {\"max-size\": \"1m\"}}" >"$1/etc/docker/daemon.json"' \
  --customize-hook='mkdir -p "$1/var/log/journal"; echo "/dev/vda / ext4 defaults 0 1" >"$1/etc/fstab"' \
  --customize-hook='for u in apt-daily.timer apt-daily-upgrade.timer e2scrub_all.timer fstrim.timer man-db.timer; do rm -f "$1/etc/systemd/system/timers.target.wants/$u"; done' \
  --customize-hook='rm -rf "$1"/var/cache/apt/archives/*.deb "$1"/usr/share/doc "$1"/usr/share/man' \
  "$suite" "$work/root"
cp -- "$work"/root/boot/vmlinuz-* "$work/vmlinuz"
cp -- "$work"/root/boot/initrd.img-* "$work/initrd.img"
rm -f -- "$work"/root/boot/vmlinuz-* "$work"/root/boot/initrd.img-*
mkfs.ext4 -q -F -L root -E lazy_itable_init=1 -d "$work/root" "$work/disk.img" "$size"
mv -- "$work/vmlinuz" "$work/initrd.img" "$work/disk.img" "$out/"
