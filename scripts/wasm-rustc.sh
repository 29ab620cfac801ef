#!/bin/bash
# Prints the path of a rustc that can compile for wasm32-unknown-unknown, and sets one up where there is none.
#
#   WASM_TOOLCHAIN=auto    (default) the active toolchain if it has the target; else, where apt offers rustc-web,
#                          Debian's compiler in a folder of its own; else `rustup target add`
#   WASM_TOOLCHAIN=rustup  the active toolchain, with `rustup target add` where it lacks the target
#   WASM_TOOLCHAIN=debian  Debian's compiler in a folder of its own; rustup is never asked for anything
#   WASM_TOOLCHAIN_DIR     where Debian's compiler is kept (default ~/.cache/wasm-rustc)
#
# Debian's packages are only downloaded and unpacked: nothing is installed, and PATH is left alone.
# Debian has no wasm32 standard library for this compiler, so it is built here once from rust-web-src.
set -euo pipefail
mode=${WASM_TOOLCHAIN:-auto}
target=wasm32-unknown-unknown
dir=${WASM_TOOLCHAIN_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/wasm-rustc}
say() { echo "wasm-rustc: $*" >&2; }

has_target() { # $1 = rustc
  local lib
  lib=$("$1" --print target-libdir --target $target 2>/dev/null) || return 1
  compgen -G "$lib/libstd*.rlib" >/dev/null && compgen -G "$lib/libcore-*.rlib" >/dev/null
}

# The real compiler behind the rustup proxy, so that the path printed means the same everywhere.
active_rustc() { echo "$(rustc --print sysroot)/bin/rustc"; }

# The oldest compiler that builds this repository.
minimum=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' "$(dirname "$0")/../Cargo.toml")
is_new_enough() { dpkg --compare-versions "$1" ge "$minimum"; }

candidate() { apt-cache policy rustc-web 2>/dev/null | awk '/Candidate:/ && $2 != "(none)" {print $2}'; }

debian_offers() {
  command -v apt-get >/dev/null && command -v apt-cache >/dev/null && command -v dpkg-deb >/dev/null || return 1
  is_new_enough "$(candidate)" && return
  # Empty or old package lists are what a fresh container has. Only root may fill them.
  [ "$(id -u)" = 0 ] || return 1
  say "apt-get update, to see whether Debian has rustc-web"
  DEBIAN_FRONTEND=noninteractive apt-get update -q >&2 || return 1
  is_new_enough "$(candidate)"
}

dependency() { # $1 = package, $2 = pattern
  apt-cache depends "$1" | awk -v re="$2" '$1 == "Depends:" && $2 ~ re {print $2; exit}'
}

# The four packages, and what they need that this machine lacks, at the versions apt would install.
unpack_debian() { # $1 = folder
  local new=$1 std llvm n pkgs more deb
  std=$(dependency libstd-rust-web-dev '^libstd-rust-web-')
  llvm=$(dependency "$std" '^libllvm')
  n=${llvm#libllvm}
  pkgs="rustc-web libstd-rust-web-dev $std rust-web-src $llvm lld-$n"
  more=$(apt-get install -s --no-install-recommends $pkgs 2>/dev/null | awk '/^Inst/{print $2}' || true)
  pkgs=$(printf '%s\n' $pkgs $more | sort -u)
  say "downloading" $pkgs
  mkdir -p "$new" "$new.debs"
  (cd "$new.debs" && apt-get download -q $pkgs) >&2
  for deb in "$new.debs"/*.deb; do
    case ${deb##*/} in
      rust-web-src_*) dpkg-deb --fsys-tarfile "$deb" |
        tar -x -C "$new" --wildcards --no-wildcards-match-slash './usr/src/rustc-*/library' './usr/lib/rustlib/src' ;;
      *) dpkg-deb -x "$deb" "$new" ;;
    esac
  done
  rm -rf "$new.debs"
  wrap_programs "$new/usr" "$n"
}

# rustc finds its libraries beside it, and rust-lld where cargo and rustc look for it.
wrap_programs() { # $1 = usr, $2 = LLVM's version
  local usr=$1 n=$2 libs host
  libs=$(dirname "$(compgen -G "$usr/lib/*-linux-gnu*/librustc_driver-*.so" || compgen -G "$usr/lib/*/libLLVM*" | head -1)")
  libs=${libs#"$usr"/}
  mv "$usr/bin/rustc" "$usr/bin/rustc.real"
  cat > "$usr/bin/rustc" <<SH
#!/bin/sh
usr=\${0%/bin/rustc}
LD_LIBRARY_PATH="\$usr/$libs\${LD_LIBRARY_PATH:+:\$LD_LIBRARY_PATH}" exec "\$usr/bin/rustc.real" "\$@"
SH
  chmod +x "$usr/bin/rustc"
  host=$("$usr/bin/rustc" -vV | awk '$1 == "host:" {print $2}')
  mkdir -p "$usr/lib/rustlib/$host/bin"
  cat > "$usr/lib/rustlib/$host/bin/rust-lld" <<SH
#!/bin/sh
usr=\${0%/lib/rustlib/*}
LD_LIBRARY_PATH="\$usr/$libs" exec "\$usr/lib/llvm-$n/bin/lld" "\$@"
SH
  chmod +x "$usr/lib/rustlib/$host/bin/rust-lld"
}

build_std() { # $1 = folder
  local new=$1 usr=$1/usr lib
  say "building the $target standard library of $("$usr/bin/rustc" --version), once (about a minute)"
  (
    cd "$usr/lib/rustlib/src/rust/library"
    # As rustc's own build does it: RUSTC_BOOTSTRAP for std's unstable features, bitcode so that LTO works.
    env -u RUSTC_WRAPPER -u RUSTC_WORKSPACE_WRAPPER -u CARGO_ENCODED_RUSTFLAGS -u CARGO_BUILD_TARGET -u CARGO_INCREMENTAL \
      RUSTC="$usr/bin/rustc" RUSTC_BOOTSTRAP=1 __CARGO_DEFAULT_LIB_METADATA=stablestd \
      RUSTFLAGS="-Zforce-unstable-if-unmarked -Cembed-bitcode=yes" CARGO_TARGET_DIR="$new/build" \
      cargo build -q --locked --release --target $target -p sysroot --features compiler-builtins-mem >&2
  )
  lib=$usr/lib/rustlib/$target/lib
  mkdir -p "$lib"
  cp "$new/build/$target"/release/deps/*.rlib "$lib/"
  rm -rf "$lib"/libsysroot-* "$new/build"
}

debian_ready() {
  [ -x "$dir/current/usr/bin/rustc" ] && is_new_enough "$(readlink "$dir/current")" &&
    has_target "$dir/current/usr/bin/rustc"
}

use_debian() {
  local version
  if ! debian_ready; then
    debian_offers || { say "apt offers no rustc-web of $minimum or newer here"; return 1; }
    mkdir -p "$dir"
    exec 9>"$dir/lock"
    flock 9 # two builds at once: the second waits and finds it done
    if ! debian_ready; then
      version=$(candidate)
      rm -rf "${dir:?}/$version" "${dir:?}/$version.debs"
      unpack_debian "$dir/$version"
      build_std "$dir/$version"
      ln -sfn "$version" "$dir/current"
    fi
    exec 9>&-
    debian_ready || { say "the new compiler lacks $target"; return 1; }
  fi
  echo "$dir/current/usr/bin/rustc"
}

use_rustup() {
  local active
  active=$(active_rustc)
  if ! has_target "$active"; then
    command -v rustup >/dev/null || { say "no rustup here"; return 1; }
    rustup target add $target >&2 || { say "rustup could not add $target"; return 1; }
    has_target "$active" || { say "rustup added $target, but $active does not see it"; return 1; }
  fi
  echo "$active"
}

# `set -e` does not hold inside a function whose result is asked for, so each way runs as a plain command.
case $mode in
  debian) use_debian ;;
  rustup) use_rustup ;;
  auto)
    active=$(active_rustc)
    if has_target "$active"; then
      echo "$active"
    elif debian_ready || debian_offers; then
      use_debian
    else
      use_rustup
    fi
    ;;
  *) say "WASM_TOOLCHAIN=$mode: want auto, rustup or debian"; exit 2 ;;
esac
