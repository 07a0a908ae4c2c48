#!/usr/bin/env bash
# Unpacks Asterisk 22 with every shared library it needs, its English sounds and
# a music-on-hold set into one folder.  The folder carries its own libc and
# dynamic loader, so nothing on the host is installed, upgraded or configured.
# No root, no chroot, no package maintainer script is needed or run.
#
#   install.sh TARGET_DIR
#
# Debian and Ubuntu, amd64 and arm64.
#
# Environment (all optional)
#   ASTERISK_DEB_CACHE   folder that keeps the downloaded .debs (default TARGET_DIR.debs);
#                        save and restore it in CI to install without the network
#   ASTERISK_DEB_MIRROR  Debian mirror          (default: the one that this machine's apt uses)
#   ASTERISK_DEB_SUITE   suite with Asterisk 22 (default sid)
#   ASTERISK_ARCH        prepare the folder for another machine: amd64 or arm64
#
# Running it again with a finished TARGET_DIR returns at once.
set -euo pipefail

target=${1:?usage: install.sh TARGET_DIR}
. "$(cd "$(dirname "$0")" && pwd)/machine.sh"
give_up() { printf 'asterisk: %s\n' "$@" >&2; exit 1; }
for tool in apt-get dpkg-deb tar; do
  command -v "$tool" >/dev/null || give_up "$tool is missing; this script needs Debian or Ubuntu"
done
mkdir -p "$(dirname "$target")"
target=$(cd "$(dirname "$target")" && pwd)/$(basename "$target")
cache=${ASTERISK_DEB_CACHE:-$target.debs}
suite=${ASTERISK_DEB_SUITE:-sid}
layout=3                                     # raise when the unpacked layout changes
packages=(asterisk asterisk-core-sounds-en-wav asterisk-moh-opsound-wav)

# In the dependency closure, but holding only host-administration programs,
# data or libraries that no Asterisk module loads.
skip='^(perl|libperl|debconf|adduser|passwd|login|base-passwd|libpam|libdebconfclient|gnupg|gpg|dirmngr|pinentry|libsemanage|libsepol|libsnmp-base|pci\.ids|tzdata|libc-gconv|asterisk-config_|libaudit|ucf|sensible-utils|openssl-provider|libgdbm|readline-common|asterisk-core-sounds-en-gsm|odbcinst_)'

stamp="layout=$layout arch=$apt_arch suite=$suite packages=${packages[*]}"
if [ -f "$target/.stamp" ] && [ "$(head -n1 "$target/.stamp")" = "$stamp" ]; then
  echo "asterisk: already unpacked in $target"; exit 0
fi
if [ -e "$target" ] && [ ! -f "$target/.stamp" ] && [ -n "$(ls -A "$target")" ]; then
  give_up "$target holds something else; name a folder of its own"
fi

work=$(mktemp -d); trap 'rm -rf "$work" "$target.partial"' EXIT

# Debian signs its packages; on Ubuntu the key comes as a package that Ubuntu signs.
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
bring_keyring() {
  [ -f "$keyring" ] && return
  (cd "$work" && apt-get -qq -o APT::Sandbox::User= download debian-archive-keyring >/dev/null && dpkg-deb -x debian-archive-keyring_*.deb keyring) ||
    give_up "Debian's signing key is not here and this machine's apt cannot fetch it (package debian-archive-keyring)"
  keyring=$work/keyring$keyring
}

if [ ! -f "$cache/.complete" ] || [ "$(cat "$cache/.complete")" != "$stamp" ]; then
  mirror=${ASTERISK_DEB_MIRROR:-$(apt-get indextargets --format '$(LABEL)|$(REPO_URI)' 'Created-By: Packages' 2>/dev/null | sed -n 's/^Debian|//p' | head -n1)}
  mirror=${mirror:-https://deb.debian.org/debian/}
  bring_keyring
  mkdir -p "$cache"; rm -f "$cache"/*.deb "$cache/.complete"
  apt=$work/apt; mkdir -p "$apt"/lists/partial "$apt"/cache/archives/partial
  : > "$apt/status"                          # empty: the whole closure, libc included
  echo "deb [arch=$apt_arch signed-by=$keyring] $mirror $suite main" > "$apt/sources.list"
  opt=(-qq -o Dir::Etc::sourcelist="$apt/sources.list" -o Dir::Etc::sourceparts=-
       -o Dir::State="$apt" -o Dir::State::lists="$apt/lists" -o Dir::State::status="$apt/status"
       -o Dir::Cache="$apt/cache" -o Acquire::Languages=none -o Acquire::Retries=3 -o Acquire::http::Timeout=20
       -o Acquire::https::Timeout=20 -o APT::Update::Error-Mode=any -o APT::Sandbox::User=
       -o APT::Install-Recommends=false -o APT::Architecture="$apt_arch" -o APT::Architectures="$apt_arch")
  unreachable=("$mirror cannot be read: no network, a proxy, or not a Debian mirror."
               "Set ASTERISK_DEB_MIRROR to one that answers, or bring $cache from a machine where this script has run.")
  apt-get "${opt[@]}" update || give_up "${unreachable[@]}"
  # The closure is resolved by apt; each file is fetched by apt too, so that
  # signatures and hashes are checked.
  apt-get "${opt[@]}" --print-uris -y install "${packages[@]}" > "$work/uris" ||
    give_up "suite $suite of $mirror has no installable Asterisk for $apt_arch today; set ASTERISK_DEB_SUITE or ASTERISK_DEB_MIRROR"
  # The file name lacks the epoch, so names go without versions: one suite, one candidate.
  mapfile -t names < <(awk '/^\047/{print $2}' "$work/uris" | grep -Ev "$skip" | sed 's/_.*//')
  (cd "$cache" && apt-get "${opt[@]}" download "${names[@]}") || give_up "${unreachable[@]}"
  printf '%s' "$stamp" > "$cache/.complete"
fi

tmp=$target.partial
rm -rf "$tmp"; mkdir -p "$tmp"
# Merged /usr, as on any current Debian: the loader's absolute name then resolves.
for d in bin sbin lib lib64; do mkdir -p "$tmp/usr/$d"; ln -s "usr/$d" "$tmp/$d"; done
for f in "$cache"/*.deb; do dpkg-deb --fsys-tarfile "$f" | tar -x -C "$tmp" --no-same-owner --keep-directory-symlink \
  --exclude='./usr/share/doc' --exclude='./usr/share/man' --exclude='./usr/share/locale' --exclude='./usr/share/lintian' \
  --exclude='./usr/lib/systemd' --exclude='./usr/lib/udev' --exclude='./etc' --exclude='./var' ||
  give_up "$f is damaged: remove $cache and run again"; done
# Packages install sounds under a language folder; the plain name must resolve as well.
sounds=$tmp/usr/share/asterisk/sounds
[ -e "$sounds/en" ] || { [ -d "$sounds/en_US_f_Allison" ] && ln -s en_US_f_Allison "$sounds/en"; }
for piece in "$loader" usr/sbin/asterisk "usr/lib/$triplet/asterisk/modules/res_ari.so"; do
  [ -e "$tmp/$piece" ] || give_up "the packages of suite $suite brought no $piece"
done
{ echo "$stamp"; (cd "$cache" && ls *.deb); } > "$tmp/.stamp"
if [ "$apt_arch" = "$(dpkg --print-architecture)" ]; then
  version=$("$tmp/$loader" --library-path "$tmp/usr/lib/$triplet" "$tmp/usr/sbin/asterisk" -V) || give_up "the unpacked Asterisk does not start"
  case $version in 'Asterisk 22.'*) ;; *) give_up "suite $suite brings $version; Asterisk 22 is wanted" ;; esac
fi
rm -rf "$target"; mv "$tmp" "$target"
echo "${version:-asterisk: unpacked for $apt_arch} in $target"
