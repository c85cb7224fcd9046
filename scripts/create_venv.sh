#!/bin/sh
# Creates a virtual environment with a Python that classifier-pwa supports.
# usage: create_venv.sh FOLDER [PYTHON]
set -eu

folder=$1
supported='import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 12))'

find_python() {
  for name in "$@"; do
    if "$name" -c "$supported" 2>/dev/null; then
      echo "$name"
      return
    fi
  done
  echo "classifier-pwa needs Python 3.11 or 3.12 (TensorFlow 2.19 and its converter have no others" >&2
  echo "in common), and none of these is one: $*. Install one, and run" >&2
  echo "make PYTHON=/path/to/python3.12" >&2
  exit 1
}

# Debian and Ubuntu ship ensurepip apart from Python, in python3-venv.
explain_ensurepip() {
  version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
  echo "$python lacks ensurepip, which virtual environments are made with." >&2
  echo "On Debian and Ubuntu run: sudo apt-get install python$version-venv" >&2
  exit 1
}

if [ $# -gt 1 ] && [ -n "$2" ]; then
  python=$(find_python "$2")
else
  python=$(find_python python3 python3.12 python3.11)
fi
"$python" -c 'import ensurepip' 2>/dev/null || explain_ensurepip
"$python" -m venv "$folder"
