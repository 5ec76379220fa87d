#!/usr/bin/env bash
# Three data centres, each with its own users, factorise one matrix of ratings:
#
#     examples/ratings/run.sh RATINGS.csv[.gz] [OUT [FLAG...]]
#
# RATINGS has lines userId,movieId,rating under such a header; MovieLens' ratings.csv is one.
set -eu
here=$(cd "$(dirname "$0")" && pwd -P)
strait=${STRAIT:-$here/../../strait}
[ $# -gt 0 ] || { sed -n '2,7s/^# \{0,1\}//p' "$0" >&2; exit 2; }
ratings=$1
out=${2:-$(mktemp -d)}
shift $(($# > 1 ? 2 : 1))
mkdir -p "$out/rows"
plain() { case $ratings in *.gz) gunzip -c "$ratings" ;; *) cat "$ratings" ;; esac; }
# Every tenth rating is kept for testing.
plain | awk 'NR == 1 || NR % 10 != 0' >"$out/rows/train.csv"
plain | awk 'NR == 1 || NR % 10 == 0' >"$out/rows/test.csv"
"$strait" compare "$here/job.yaml" --data "$out/rows/train.csv" --test "$out/rows/test.csv" \
  --out "$out" "$@"
