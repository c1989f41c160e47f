# SPDX-License-Identifier: Apache-2.0
# Sourced by app/run and tests/run: what has to be installed, and how.

build_packages=(build-essential meson ninja-build pkg-config gettext libgtk-4-dev libadwaita-1-dev
  libepoxy-dev libegl-dev libcglm-dev libnifti-dev libteem-dev libgdcm-dev libdnnl-dev libjson-glib-dev
  libgdk-pixbuf-2.0-dev libpango1.0-dev zlib1g-dev)
run_packages=(libegl1 libgl1-mesa-dri librsvg2-common adwaita-icon-theme fonts-dejavu-core ffmpeg)
test_packages=(clang-format locales xvfb xauth xdotool imagemagick dbus at-spi2-core python3 python3-gi
  desktop-file-utils appstream poppler-utils)

# install PACKAGE...: installs those that are missing, says which, uses sudo only if not root
install() {
  local missing=() package
  if ! command -v apt-get >/dev/null; then
    echo "This is not Debian: please install the counterparts of: $*" >&2
    return
  fi
  for package in "$@"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return
  echo "Installing missing packages: ${missing[*]}" >&2
  local as_root=()
  [ "$(id -u)" -eq 0 ] || as_root=(sudo)
  "${as_root[@]}" apt-get update -qq
  DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends \
    "${missing[@]}" >&2
}

# configure FOLDER [MESON_OPTION...]: makes the build folder, or brings it up to date
configure() {
  local folder=$1
  shift
  if [ -f "$folder/build.ninja" ]; then
    meson configure "$folder" "$@" >/dev/null
  else
    meson setup "$folder" "$@" >"$folder.log" 2>&1 || { cat "$folder.log" >&2; return 1; }
    rm -f "$folder.log"
  fi
}
