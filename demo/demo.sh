#!/bin/sh
# demo.sh start|status|stop: one gateway's whole way on this machine, in private. `make demo` builds first.
# All of it lives in one folder ($GATEWAY_DEMO, default /var/tmp/gateway-demo) and one network namespace.
set -eu
cd "$(dirname "$0")/.."
here=$PWD
demo=${GATEWAY_DEMO:-/var/tmp/gateway-demo}
sandbox=$demo/gateway/sandbox # below the gateway's root, since --root prefixes the paths it is configured with
socket=$sandbox/docker/docker.sock
registry=127.0.0.1:5000
web_port=${GATEWAY_DEMO_PORT:-18080}
id="demo-gateway"
package=tree

# shellcheck source=demo/engine.sh
. demo/engine.sh

ctl() { "$here/out/bin/gatewayctl" "$@"; }
inside() { "$here/demo/sandbox.sh" exec "$sandbox" -- "$@"; }
step() { printf '\n\033[1m== %s\033[0m\n' "$*"; }
controller() { "$here/out/bin/host-controller" --root "$demo/gateway" --config "$demo/gateway/etc/gateway/host-controller.yaml" "$@"; }
expires() { date -u -d '+30 days' +%Y-%m-%dT%H:%M:%SZ; }
fill() { sed -e "s|@ID@|$id|g" -e "s|@EXPIRES@|$(expires)|g" -e "s|@REGISTRY@|$registry|g" "$@"; }

stop() {
  if [ -s "$demo/web.pid" ]; then
    kill "$(cat "$demo/web.pid")" 2>/dev/null || true
  fi
  [ ! -d "$sandbox" ] || "$here/demo/sandbox.sh" stop "$sandbox"
  if [ -e "$demo/operator/gnupg" ]; then
    gpgconf --homedir "$demo/operator/gnupg" --kill all 2>/dev/null || true
  fi
  if [ -e "$demo/installed-$package" ]; then
    echo "Removing the package '$package' that the demo installed"
    DEBIAN_FRONTEND=noninteractive apt-get purge -y -qq "$package" >/dev/null </dev/null
  fi
  rm -rf "$demo"
}

interrupted() {
  trap - EXIT INT TERM
  printf '\nStopping the demo …\n'
  stop
  exit "$1"
}

make_key() {
  step "1/8 An operator key"
  mkdir -p "$demo/operator" "$demo/gateway/etc/gateway/trusted.d"
  ctl keygen --no-passphrase --home "$demo/operator/gnupg" --name "Demo operator" --output "$demo/gateway/etc/gateway/trusted.d/operator.asc"
}

start_sandbox() {
  step "2/8 A private Docker engine, registry and broker"
  "$here/demo/sandbox.sh" start "$sandbox"
}

push_images() {
  step "3/8 Images: the supervisor's, and two of an application"
  version=$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' Directory.Build.props)
  engine POST /images/load -H 'Content-Type: application/x-tar' -T out/image/container-supervisor.tar >/dev/null
  supervisor=$(engine_push "gateway/container-supervisor:$version" gateway/container-supervisor "$version")
  # shellcheck disable=SC2016 # expanded in the container
  store=$(engine_image store 1.0 'echo "store ready" >/data/index.html; exec httpd -f -p 8080 -h /data')
  # shellcheck disable=SC2016
  collector='while :; do echo "collector @: $(wget -qO- http://store:8080/)"; sleep 5; done'
  collector_1=$(engine_image collector 1.0 "$(printf '%s' "$collector" | sed s/@/1.0/)")
  collector_2=$(engine_image collector 1.1 "$(printf '%s' "$collector" | sed s/@/1.1/)")
  for image in "$supervisor" "$store" "$collector_1" "$collector_2"; do echo "  $image"; done
}

sign() { ctl sign --home "$demo/operator/gnupg" "$@"; }

serve_playbook() {
  step "4/8 A signed playbook, served over HTTP"
  mkdir -p "$demo/www"
  fill -e "s|@SUPERVISOR@|$supervisor|g" demo/playbook.yml >"$demo/www/playbook.yml"
  sign "$demo/www/playbook.yml"
  busybox httpd -f -p "127.0.0.1:$web_port" -h "$demo/www" </dev/null >"$demo/web.log" 2>&1 &
  echo $! >"$demo/web.pid"
  fill -e "s|@PORT@|$web_port|g" demo/host-controller.yaml >"$demo/gateway/etc/gateway/host-controller.yaml"
  echo "  http://127.0.0.1:$web_port/playbook.yml"
}

run_controller() {
  step "5/8 host-controller run: fetch, verify, apply"
  if ! dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed; then
    : >"$demo/installed-$package"
  fi
  controller run
}

publish() { # publish FILE [gatewayctl argument...]
  file=$1
  shift
  sign "$file"
  inside "$here/out/bin/gatewayctl" publish "$file" --broker 127.0.0.1:1883 --gateway "$id" "$@"
}

release() { # release SERIAL COLLECTOR > FILE
  fill -e "s|@SERIAL@|$1|g" -e "s|@STORE@|$store|g" -e "s|@COLLECTOR@|$2|g" demo/desired-state.yaml
}

containers() {
  engine GET '/containers/json' | tr '{' '\n' | sed -n 's/.*"Id":"\([0-9a-f]\{12\}\)[0-9a-f]*","Names":\["\/\([^"]*\)"\].*/  \1  \2/p' | sort -k 2
}

publish_releases() {
  step "6/8 Desired state, signed and published: an application of two services"
  release 1 "$collector_1" >"$demo/operator/desired-1.yaml"
  publish "$demo/operator/desired-1.yaml" --wait
  containers
  step "7/8 A second release updates the collector and leaves the store's container alone"
  release 2 "$collector_2" >"$demo/operator/desired-2.yaml"
  publish "$demo/operator/desired-2.yaml" --wait
  containers
}

tamper() {
  step "8/8 Tampered releases are refused"
  release 3 "$collector_1" >"$demo/operator/desired-3.yaml"
  sign "$demo/operator/desired-3.yaml"
  sed -i 's/DEMO_MODE: quiet/DEMO_MODE: evil!/' "$demo/operator/desired-3.yaml"
  echo "Over MQTT, altered after signing:"
  if inside "$here/out/bin/gatewayctl" publish "$demo/operator/desired-3.yaml" --broker 127.0.0.1:1883 --gateway "$id" --force --wait; then
    echo "demo: the tampered desired state was not refused" >&2
    return 1
  fi
  echo "Over HTTP, altered after signing:"
  cp "$demo/www/playbook.yml" "$demo/operator/playbook.good"
  sed -i 's/0644/0666/' "$demo/www/playbook.yml"
  status=0
  controller run || status=$?
  cp "$demo/operator/playbook.good" "$demo/www/playbook.yml"
  if [ $status -ne 3 ]; then
    echo "demo: the tampered playbook ended with $status, not with 3 (refused)" >&2
    return 1
  fi
}

show() {
  [ -d "$sandbox" ] || { echo "demo: not running; start it with make demo" >&2; exit 1; }
  step "What is running"
  containers
  inside "$here/out/bin/gatewayctl" status --broker 127.0.0.1:1883 --gateway "$id"
  cat <<EOF

Where to look
  the gateway's files     $demo/gateway/etc, $demo/gateway/var/lib/gateway
  host controller         out/bin/host-controller --root $demo/gateway --config $demo/gateway/etc/gateway/host-controller.yaml status
  Docker engine           DOCKER_HOST=unix://$socket  (docker ps)
  broker                  demo/sandbox.sh exec $sandbox -- out/bin/gatewayctl watch --broker 127.0.0.1:1883
  collector's log         curl -s --unix-socket $socket 'http://localhost/containers/metering-collector/logs?stdout=1&tail=3' --output -
  end it                  make demo-stop
EOF
}

start() {
  [ "$(id -u)" = 0 ] || { echo "demo: run as root" >&2; exit 1; }
  if [ -e "$demo" ]; then
    echo "A demo is there already; ending it first"
    stop
  fi
  began=$(date +%s)
  trap 'interrupted $?' EXIT
  trap 'interrupted 130' INT TERM
  install -d -m 0755 "$demo"
  make_key
  start_sandbox
  push_images
  serve_playbook
  run_controller
  publish_releases
  tamper
  show
  trap - EXIT INT TERM
  echo
  echo "The demo took $(($(date +%s) - began)) s."
}

case "${1:-}" in
  start) start ;;
  status) show ;;
  stop) stop; echo "The demo is gone." ;;
  *) echo "usage: demo.sh start|status|stop" >&2; exit 64 ;;
esac
