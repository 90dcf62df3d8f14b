#!/usr/bin/env bash
# Builds dist/phidesk_VERSION_ARCHITECTURE.deb. Needs Debian or Ubuntu, and 3 GB of disk.
#
# The package runs on the release that it was built on and on newer ones.
set -euo pipefail

# shellcheck source-path=SCRIPTDIR
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
cd "$ROOT"
umask 022

# An environment of its own: one with torch would have PyInstaller look through all of it.
BUILD="$ROOT/build"
VENV="$BUILD/venv"
STATE="$VENV/.phidesk"
VENV_PYTHON="$VENV/bin/python"
BUILDERS=("pyinstaller>=6.16,<7" "uv>=0.9") # uv goes into the package, for the engines
LIMIT_MB=220

# binutils: PyInstaller asks objdump which libraries there are. desktop-file-utils, appstream and
# lintian only check; the two libraries are what Qt loads under Wayland.
TOOLS=(appstream binutils chrpath desktop-file-utils dpkg-dev file libwayland-cursor0
  libwayland-egl1 lintian)

has_apt || fail "a .deb is built on Debian or Ubuntu."
ensure_packages "${LIBRARY_PACKAGES[@]}" "${TOOLS[@]}"
for tool in appstreamcli chrpath desktop-file-validate dpkg-shlibdeps file lintian objdump strip; do
  has "$tool" || fail "$tool is missing." "$(way_out)"
done

take_lock
ensure_base || fail "phidesk could not be installed into $VENV."
{ has_installed pyinstaller && has_installed uv; } || pip_install "PyInstaller" "${BUILDERS[@]}" ||
  fail "PyInstaller could not be installed into $VENV."
release_lock

version="$("$VENV_PYTHON" -P -c 'import phidesk; print(phidesk.__version__)')"
architecture="$(dpkg --print-architecture)"
SOURCE_DATE_EPOCH="$(date -d "$(sed -n 's/^ -- .*>  //p' packaging/linux/changelog | head -n 1)" +%s)"
export SOURCE_DATE_EPOCH PYTHONHASHSEED=0

say "freezing phidesk $version"
QT_QPA_PLATFORM=offscreen "$VENV_PYTHON" packaging/frozen/icons.py "$BUILD/icons"
"$VENV_PYTHON" -m PyInstaller --noconfirm --log-level ERROR --distpath "$BUILD/frozen" \
  --workpath "$BUILD/pyinstaller" packaging/frozen/phidesk.spec

# ---- The tree that the package unpacks

tree="$BUILD/deb"
home="$tree/usr/lib/phidesk"
rm -rf "$tree"
mkdir -p "$tree/DEBIAN" "$tree/usr/bin" "$tree/usr/lib"
cp -a "$BUILD/frozen/phidesk" "$home"
ln -s ../lib/phidesk/phidesk "$tree/usr/bin/phidesk"
mapfile -t binaries < <(
  find "$home" -type f \( -name phidesk -o -name uv -o -name '*.so' -o -name '*.so.*' \) | sort
)
file "${binaries[@]}" | sed -n 's/: *ELF.* not stripped$//p' | grep -v '/phidesk$' |
  xargs -r strip --strip-unneeded # the loader carries phidesk's modules behind its own end
# A Python that was built in someone's home names that as a place of libraries: nobody's may load
# what another user puts there.
{ chrpath -k "${binaries[@]}" 2>/dev/null || true; } | # it fails for those that name none
  sed -nE 's/: R(UN)?PATH=\/.*//p' | tr '\n' '\0' | xargs -r0 -n 1 chrpath -d

install_file() { install -D -m 644 "$1" "$tree/usr/share/$2"; }
install_file packaging/linux/phidesk.desktop applications/phidesk.desktop
install_file packaging/linux/app.phidesk.phidesk.metainfo.xml \
  metainfo/app.phidesk.phidesk.metainfo.xml
install_file packaging/linux/phidesk.mime.xml mime/packages/phidesk.xml
install_file packaging/linux/copyright doc/phidesk/copyright
install_file packaging/linux/changelog doc/phidesk/changelog
install_file packaging/linux/phidesk.1 man/man1/phidesk.1
install_file packaging/linux/lintian-overrides lintian/overrides/phidesk
gzip -9n "$tree/usr/share/doc/phidesk/changelog" "$tree/usr/share/man/man1/phidesk.1"
mkdir -p "$tree/usr/share/icons"
cp -r "$BUILD/icons/hicolor" "$tree/usr/share/icons/hicolor"
chmod -R u=rwX,go=rX "$tree"
find "$home" -type f ! -name phidesk ! -name uv -exec chmod 644 '{}' +

# ---- What the package says of itself

# The Debian packages whose libraries are loaded, with the versions that the symbols need. GTK's
# theme is for those who have GTK.
mkdir -p "$BUILD/shlibdeps/debian"
printf 'Source: phidesk\n\nPackage: phidesk\nArchitecture: any\n' >"$BUILD/shlibdeps/debian/control"
depends="$(
  cd "$BUILD/shlibdeps"
  printf '%s\n' "${binaries[@]}" | grep -v libqgtk3 | sed 's/^/-e/' |
    xargs dpkg-shlibdeps -O --warnings=0 -xphidesk \
      -l"$home/_internal" -l"$home/_internal/PySide6/Qt/lib" | sed -n 's/^shlibs:Depends=//p'
)" || fail "the libraries that phidesk loads could not be found out."
sed -e "s/@VERSION@/$version/" -e "s/@ARCHITECTURE@/$architecture/" -e "s/@DEPENDS@/$depends/" \
  -e "s/@SIZE@/$(du -sk --apparent-size "$tree/usr" | cut -f 1)/" \
  packaging/linux/control >"$tree/DEBIAN/control"
install -m 755 packaging/linux/prerm "$tree/DEBIAN/prerm"
(cd "$tree" && find usr -type f -print0 | sort -z | xargs -0 md5sum) >"$tree/DEBIAN/md5sums"

say "packing (a minute; more effort saves little: most of it is the model)"
package="$ROOT/dist/phidesk_${version}_$architecture.deb"
mkdir -p "$ROOT/dist"
dpkg-deb --root-owner-group -Zxz -z2 --build "$tree" "$package" >/dev/null

# ---- What it must pass

desktop-file-validate "$tree/usr/share/applications/phidesk.desktop"
appstreamcli validate --no-net --pedantic "$tree"/usr/share/metainfo/*.xml >&2
lintian --tag-display-limit 0 --fail-on error,warning --allow-root "$package" >&2 ||
  fail "lintian found what is above."
megabytes="$(($(stat -c %s "$package") / 1000000))"
((megabytes < LIMIT_MB)) || fail "the package has $megabytes MB, more than $LIMIT_MB."
say "done: $package, $megabytes MB"
