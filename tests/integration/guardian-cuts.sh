#!/bin/sh
# The guardian of upgrades, killed at each thing it does in turn and then started anew, as at boot: however often, the
# upgrade ends committed or rolled back, by itself. In namespaces of its own, on a machine made of files: dpkg,
# systemctl and the host controller are played, the rest is real.
#   guardian-cuts.sh GUARDIAN   prints one line for each story, exits with 1 at the first that ends wrong
set -eu

if [ "${1:-}" != inside ]; then
  exec unshare --mount --pid --fork --mount-proc --kill-child "$0" inside "$(realpath "${1:?usage: guardian-cuts.sh GUARDIAN}")"
fi
guardian=$2

mount --make-rprivate /
for folder in /usr/local/sbin /var/lib /var/cache/apt/archives /etc/apt/preferences.d /run /usr/libexec; do
  mkdir -p "$folder"
  # Small enough to be filled.
  mount -t tmpfs -o size=4m tmpfs "$folder"
done
world=/run/world
state=/var/lib/gateway/host-controller/self-update
mkdir -p "$world" /usr/libexec/gateway-host-controller /run/systemd/system /var/lib/dpkg/info
printf '#!/bin/sh\n[ "$(cat /run/world/version)" = 1 ] || [ "$(cat /run/world/story)" != unset ]\n' >/usr/libexec/gateway-host-controller/configured
# Nobody waits here: the same loops, a few times round.
sed 's/^ready=.*/ready=6/; s/^probation=.*/probation=6/' "$guardian" >/usr/libexec/gateway-host-controller/guardian
chmod +x /usr/libexec/gateway-host-controller/*

# Whatever changes something counts as two moments: the power may go before it has done anything, or just after.
cat >"$world/moment" <<'END'
moment() {
  count=$(($(cat /run/world/count) + 1))
  echo "$count" >/run/world/count
  [ "$count" != "$(cat /run/world/cut)" ] || kill -KILL -- "-$(cat /run/world/victim)"
}
# Whoever has waited for dpkg's lock has it now, and upgrades to version 3.
another() {
  [ "$(cat /run/world/story)" = "$1" ] && [ ! -e /run/world/another ] || return 0
  echo come >/run/world/another
  /usr/libexec/gateway-host-controller/guardian before 1 3 || exit 1
  moment
  echo 3 >/run/world/version; echo good >/run/world/runs; echo unpacked >/run/world/another
  moment
}
END
play() { { printf '#!/bin/sh\n. /run/world/moment\n'; cat; } >"/usr/local/sbin/$1"; chmod +x "/usr/local/sbin/$1"; }
for real in mv sync; do echo "moment; /usr/bin/$real \"\$@\" || exit 1; moment" | play $real; done
# Somebody makes room while the guardian waits for it, and not while it waits for anything else.
play sleep <<'END'
[ "$1" != 60 ] || rm -f /var/lib/filler
END
play dpkg <<'END'
for last; do :; done
case $* in
  *--print-architecture*) echo amd64 ;;
  *--status*) echo "Package: gateway-host-controller" ;;
  *--install*)
    moment
    [ -s "$last" ] || exit 1
    # As the package's own script does.
    case $last in /var/cache/*) /usr/libexec/gateway-host-controller/guardian before 1 2 || exit 1 ;; esac
    # Between its files and its scripts: half-configured.
    name=${last##*/gateway-host-controller_}
    echo "${name%%_*}" >/run/world/version; echo "iF" >/run/world/status
    moment
    echo "ii " >/run/world/status; echo good >/run/world/runs
    moment ;;
  *--configure*)
    moment
    [ "$(cat /run/world/version)" = 1 ] || [ "$(cat /run/world/story)" != unconfigurable ] || exit 1
    [ "$(cat /run/world/status)" != iHR ] || exit 1
    echo "ii " >/run/world/status
    moment ;;
esac
END
play dpkg-deb <<'END'
for last; do :; done
moment
echo package >"$last"
moment
END
play systemctl <<'END'
case $* in
  *daemon-reload*) another another-comes ;;
  *restart*)
    moment
    echo 0 >/run/world/asked
    if [ "$(cat /run/world/version)" = 1 ]; then echo good; else cat /run/world/story; fi >/run/world/runs
    moment ;;
  *MainPID*) echo 1 ;;
  *ActiveState*)
    asked=$(($(cat /run/world/asked) + 1))
    echo "$asked" >/run/world/asked
    # Asked of version 1, it is the guardian that has gone back.
    [ "$(cat /run/world/version)" != 1 ] || another another-comes-late
    case $(cat /run/world/runs) in
      never-ready) echo activating ;;
      crashes) [ "$asked" -le 2 ] && echo active || echo failed ;;
      *) echo active ;;
    esac ;;
  *WatchdogUSec*) echo 0 ;;
esac
END
echo 'moment' | play systemd-run
# As the true one, it finds fault with a disk that is full; here it fills by itself, once.
cat >/usr/local/sbin/host-controller <<'END'
#!/bin/sh
[ "$(cat /run/world/version)" = 1 ] && exit 0
case $(cat /run/world/story) in
  fails-doctor) exit 1 ;;
  disk-full)
    [ -e /run/world/filled ] || cat /dev/zero >/var/lib/filler 2>/dev/null
    : >/run/world/filled
    [ ! -e /var/lib/filler ] ;;
esac
END
cat >/usr/local/sbin/dpkg-query <<'END'
#!/bin/sh
case $* in
  *Version*) cat /run/world/version ;;
  *Status-Abbrev*) cat /run/world/status ;;
esac
END
chmod +x /usr/local/sbin/*

begin() { # begin STORY CUT: version 1 runs, and nothing was ever upgraded
  rm -rf /var/lib/gateway /etc/apt/preferences.d/* $world/another $world/filled /var/lib/filler
  echo 0 >$world/count
  echo "$2" >$world/cut
  echo "$1" >$world/story
  echo 1 >$world/version
  echo "ii " >$world/status
  echo 2 >$world/asked
  echo good >$world/runs
  echo package >/var/cache/apt/archives/gateway-host-controller_2_amd64.deb
  # There was a newer one before, and somebody went back to this.
  [ "$1" != newer-record ] || { mkdir -p $state && printf '%s\n' schema=2 phase=idle stage=done previous=1 >$state/record; }
}

run() { # run PROGRAM ARGUMENT…: as the one whose power is cut; fails when it was
  setsid --wait sh -c 'echo $$ >/run/world/victim; exec "$@"' sh "$@" >$world/log 2>&1
}

# What dpkg does around the guardian, the power being cut where it may: at the end a machine that is booted.
upgrade() {
  run /usr/libexec/gateway-host-controller/guardian before 1 2 || return 0
  case $(cat $world/story) in
    # The first cut was in the midst of its files; the version is still the old one's.
    unpacked*)
      echo iHR >$world/status
      [ "$(cat $world/story)" != unpacked-and-gone ] || rm /var/cache/apt/archives/*.deb
      run $state/guardian judge || true
      return 0 ;;
  esac
  echo 2 >$world/version
  echo 0 >$world/asked
  case $(cat $world/story) in
    another-comes*) echo crashes ;;
    *) cat $world/story ;;
  esac >$world/runs
  [ "$(cat $world/story)" != unconfigurable ] || echo "iF" >$world/status
  run $state/guardian judge || true
  waiting || true
}

# The other upgrade's guardian has waited for the end of the first.
waiting() { [ ! -e $world/another ] || run $state/guardian judge; }

verdict() { # verdict STORY CUT: it has ended as it must
  [ ! -e $state/record ] || grep -q '^phase=idle$' $state/record || { echo "$1, cut at $2: not at rest:"; cat $state/record $world/log; exit 1; }
  expected=1
  case $1 in good | newer-record | unpacked | disk-full) [ "$(cat $world/went)" != on ] || expected=2 ;; esac
  if [ "$(cat $world/another 2>/dev/null)" = unpacked ]; then
    expected=3
    grep -q '^last=.* committed 3$' $state/record || { echo "$1, cut at $2: version 3 was not judged:"; cat $state/record $world/log; exit 1; }
  fi
  [ "$(cat $world/version)" = $expected ] && [ "$(cat $world/status)" = "ii " ] || { echo "$1, cut at $2: version $(cat $world/version) is $(cat $world/status), not $expected:"; cat $state/record $world/log; exit 1; }
  [ "$1" != unpacked-and-gone ] || [ ! -e $state/failed ] || { echo "$1, cut at $2: a version is condemned that was never there"; exit 1; }
  [ $expected != 1 ] || [ "$(cat $world/went)" != on ] || [ "$1" = unpacked-and-gone ] || grep -q "^2	" $state/failed || { echo "$1, cut at $2: not remembered as failed"; exit 1; }
  [ $expected = 1 ] || [ -s "${state%/*}/packages/gateway-host-controller_1_amd64.deb" ] || { echo "$1, cut at $2: no package is left to go back by hand"; exit 1; }
  [ ! -e $state/record ] || grep -q '^previous=1$' $state/record || { echo "$1, cut at $2: the way back is lost"; cat $state/record; exit 1; }
}

for story in ${STORIES:-good newer-record never-ready crashes fails-doctor unconfigurable unset unpacked unpacked-and-gone another-comes another-comes-late disk-full}; do
  cut=1
  while :; do
    begin $story $cut
    upgrade
    [ "$(cat $world/version)" = 2 ] || [ -e $state/failed ] || [ "$(cat $world/status)" = iHR ] && echo on >$world/went || echo back >$world/went
    done=$(cat $world/count)
    # At boot, once more than anything could need; the last time without a cut.
    echo 0 >$world/cut
    rm -f /var/lib/filler
    [ ! -x $state/guardian ] || { run $state/guardian judge && waiting; } || { echo "$story, cut at $cut: cannot go on:"; cat $world/log; exit 1; }
    verdict $story $cut
    # Where nothing cut it off, it was at least tried.
    [ "$done" -ge "$cut" ] || [ $story = unpacked-and-gone ] || [ "$(cat $world/version)" != 1 ] || [ -e $state/failed ] || { echo "$story: no upgrade began:"; cat $world/log; exit 1; }
    [ "$done" -ge "$cut" ] || break
    cut=$((cut + 1))
  done
  echo "$story: cut at each of $((cut - 1)) moments, ended as it must"
done
