#!/usr/bin/env bash
# Builds llama.cpp's server for the test of a real engine, from the source that
# the Python package llama-cpp-python carries, and prints the path of the program
# as its last line. What it builds is kept in $EVALR_LLAMA_DIR, by default
# ~/.cache/evalr/llama.cpp, and built only once. Where that cannot be had it says
# "SKIPPED: why" on stderr, prints nothing and exits 0.
set -euo pipefail

package=llama-cpp-python
version=${EVALR_LLAMA_VERSION:-0.3.36}
dir=${EVALR_LLAMA_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/evalr/llama.cpp}/$version
server=$dir/llama-server

skip() {
  echo "SKIPPED: $*" >&2
  exit 0
}

# quietly runs a step with its output in the log, and shows the end of the log if
# the step fails.
quietly() {
  echo "llama.cpp: $1" >&2
  shift
  "$@" >>"$dir/build.log" 2>&1 || {
    tail -n 5 "$dir/build.log" | cut -c -300 >&2
    return 1
  }
}

if [ -x "$server" ]; then
  echo "$server"
  exit 0
fi
for tool in python3 cmake c++ tar; do
  command -v "$tool" >/dev/null || skip "building llama.cpp needs $tool"
done
mkdir -p "$dir" || skip "cannot write $dir"
: >"$dir/build.log"
work=$(mktemp -d "$dir/work.XXXXXX")
trap 'rm -rf "$work"' EXIT

# pip reads the metadata of what it downloads by the package's build backend. That
# is put into an environment of its own, so that nothing of this machine changes.
quietly "preparing pip" python3 -m venv "$work/venv" || skip "python3 cannot make a virtual environment (python3-venv)"
pip=("$work/venv/bin/pip" --disable-pip-version-check --quiet)
quietly "fetching the build backend" "${pip[@]}" install scikit-build-core || skip "the package scikit-build-core cannot be had"
quietly "fetching the source ($package $version)" \
  "${pip[@]}" download --no-deps --no-build-isolation --no-binary "$package" --dest "$work" "$package==$version" ||
  skip "the source of $package $version cannot be had"
tar -xzf "$work"/llama_cpp_python-*.tar.gz -C "$work" || skip "the source of $package cannot be unpacked"
source=$(echo "$work"/llama_cpp_python-*/vendor/llama.cpp)
[ -f "$source/CMakeLists.txt" ] || skip "the source of $package does not carry llama.cpp"

generator=()
if command -v ninja >/dev/null; then
  generator=(-G Ninja)
fi
# The model of the test is tiny: what takes long to build and serves speed, other
# hardware, or pages for people, is left out.
quietly "configuring" cmake "${generator[@]}" -S "$source" -B "$work/build" \
  -DCMAKE_BUILD_TYPE=Release -DCMAKE_C_FLAGS_RELEASE=-O1 -DCMAKE_CXX_FLAGS_RELEASE=-O1 \
  -DBUILD_SHARED_LIBS=OFF -DGGML_NATIVE=OFF -DGGML_OPENMP=OFF -DGGML_LLAMAFILE=OFF \
  -DLLAMA_BUILD_TESTS=OFF -DLLAMA_BUILD_EXAMPLES=OFF -DLLAMA_BUILD_APP=OFF \
  -DLLAMA_BUILD_UI=OFF -DLLAMA_USE_PREBUILT_UI=OFF -DLLAMA_OPENSSL=OFF -DLLAMA_CURL=OFF \
  -DLLAMA_BUILD_NUMBER=1 -DLLAMA_BUILD_COMMIT="$package-$version" ||
  skip "llama.cpp cannot be configured: see $dir/build.log"
quietly "building (some minutes)" nice cmake --build "$work/build" --target llama-server -j "${EVALR_LLAMA_JOBS:-2}" ||
  skip "llama.cpp cannot be built: see $dir/build.log"
mv "$work/build/bin/llama-server" "$server.new"
mv "$server.new" "$server" # whole, or not at all
echo "$server"
