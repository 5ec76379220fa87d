#!/usr/bin/env bash
# Four hospitals train one classifier of heart disease:
#
#     examples/heart/run.sh FOLDER [OUT [FLAG...]]
#
# FOLDER has processed.{cleveland,hungarian,switzerland,va}.data of the UCI set, .gz or not.
set -eu
here=$(cd "$(dirname "$0")" && pwd -P)
strait=${STRAIT:-$here/../../strait}
[ $# -gt 0 ] || { sed -n '2,7s/^# \{0,1\}//p' "$0" >&2; exit 2; }
folder=$1
out=${2:-$(mktemp -d)}
shift $(($# > 1 ? 2 : 1))
mkdir -p "$out/rows"
: >"$out/rows/test.libsvm"
: >"$out/rows/test.sites"
data=()
for name in cleveland hungarian switzerland va; do
  raw=$folder/processed.$name.data
  [ -e "$raw" ] || raw=$raw.gz
  # In real life each hospital does this with its own file, and keeps it.
  "${JAVA:-java}" "$here/Clean.java" "$raw" "$out/rows/$name.libsvm" "$out/rows/$name.t.libsvm"
  cat "$out/rows/$name.t.libsvm" >>"$out/rows/test.libsvm"
  sed "s/.*/$name/" "$out/rows/$name.t.libsvm" >>"$out/rows/test.sites"
  data+=("$out/rows/$name.libsvm")
done
"$strait" compare "$here/job.yaml" --data "${data[@]}" \
  --test "$out/rows/test.libsvm" --test-sites "$out/rows/test.sites" --out "$out" "$@"
