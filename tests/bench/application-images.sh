#!/bin/sh
# application-images.sh SANDBOX: makes and pushes the two images the application benchmark runs; prints a reference a line.
set -eu
demo=$1
# shellcheck disable=SC2034 # read by engine.sh
socket=$demo/docker/docker.sock
# shellcheck disable=SC2034 # read by engine.sh
registry=127.0.0.1:5000
# shellcheck source=demo/engine.sh
. "$(dirname "$0")/../../demo/engine.sh"
engine_image store 1.0 'exec httpd -f -p 8080 -h /data'
engine_image collector 1.0 'exec sleep 1000000'
