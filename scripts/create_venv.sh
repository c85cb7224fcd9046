#!/bin/sh
# Creates a virtual environment with a Python that classifier-pwa supports. Where this machine has none,
# uv brings one: the uv on the path, else one that pip or pipx installs. Both stay in .uv, beside FOLDER.
# usage: create_venv.sh FOLDER [PYTHON]
set -eu

uv_release=0.13.9
python_release=3.12

folder=$1
tools=$(cd "$(dirname "$folder")" && pwd)/.uv
supported='import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 12))'

say() {
  printf '%s\n' "$@" >&2
}

# Prints the first of these that is a Python of the right version.
find_python() {
  for name in "$@"; do
    if "$name" -c "$supported" 2>/dev/null; then
      echo "$name"
      return
    fi
  done
  return 1
}

# Debian, Ubuntu and others keep pip out of their Python's folders (PEP 668), but not out of --target.
install_uv() {
  say "── Installing uv $uv_release into .uv"
  python3 -m pip install --quiet --target "$tools" "uv==$uv_release" >&2 && return
  PIPX_HOME="$tools/pipx" PIPX_BIN_DIR="$tools/bin" pipx install "uv==$uv_release" >&2
}

find_uv() {
  command -v uv && return
  [ -x "$tools/bin/uv" ] || install_uv || return
  echo "$tools/bin/uv"
}

# Prints the path of a Python that uv installed.
bring_python() {
  say "── classifier-pwa needs Python 3.11 or 3.12, which TensorFlow 2.19 and its converter have in common," \
    "   and this machine has neither: uv brings Python $python_release into .uv." \
    "   Two other ways: put python$python_release on the PATH, or run make PYTHON=/path/to/python$python_release"
  uv=$(find_uv) || return
  # Nothing of it enters the folders that the person's own Pythons are in.
  export UV_PYTHON_INSTALL_DIR="$tools/python" UV_PYTHON_INSTALL_BIN=0
  export UV_PYTHON_PREFERENCE=only-managed
  "$uv" python install "$python_release" >&2 || return
  "$uv" python find "$python_release"
}

refuse() {
  say "$@" "Install Python 3.11 or 3.12, and run make PYTHON=/path/to/python$python_release"
  exit 1
}

choose_python() {
  if [ -n "$1" ]; then
    find_python "$1" ||
      refuse "$1 is not Python 3.11 or 3.12: TensorFlow 2.19 and its converter have no others in common."
    return
  fi
  find_python python3 python3.12 python3.11 || bring_python ||
    refuse "uv could not bring Python $python_release; what it, pip or pipx said stands above."
}

# Debian and Ubuntu ship ensurepip apart from Python, in python3-venv.
explain_ensurepip() {
  version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
  say "$python lacks ensurepip, which virtual environments are made with." \
    "On Debian and Ubuntu run: sudo apt-get install python$version-venv"
  exit 1
}

python=$(choose_python "${2:-}")
"$python" -c 'import ensurepip' 2>/dev/null || explain_ensurepip
"$python" -m venv "$folder"
