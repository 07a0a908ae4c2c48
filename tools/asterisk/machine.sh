# Sourced by the scripts beside it: how Debian names this machine (or the one
# that ASTERISK_ARCH names) and where its libraries and loader lie in the folder.
case ${ASTERISK_ARCH:-$(uname -m)} in
  x86_64 | amd64) apt_arch=amd64 triplet=x86_64-linux-gnu loader=lib64/ld-linux-x86-64.so.2 ;;
  aarch64 | arm64) apt_arch=arm64 triplet=aarch64-linux-gnu loader=lib/ld-linux-aarch64.so.1 ;;
  *) echo "asterisk: no build for ${ASTERISK_ARCH:-$(uname -m)}; amd64 and arm64 are supported" >&2; exit 2 ;;
esac
