#!/bin/sh
# Builds the apps of this folder side by side into site/: one origin, a folder each. They share nothing, and
# an update or a removal of one leaves the others' files on people's devices alone.
set -eu
cd "$(dirname "$0")"
for app in things trees; do
  classifier-pwa build --config "$app/classifier-pwa.toml"
  classifier-pwa check "site/$app"
done
cp index.html site/
