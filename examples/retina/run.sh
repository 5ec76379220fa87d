#!/usr/bin/env bash
# Four clinics train one grader of diabetic retinopathy; no image leaves its clinic:
#
#     [JOB=net.yaml] examples/retina/run.sh retinamnist.npz [OUT [FLAG...]]
#
# retinamnist.npz is the set of that name of MedMNIST v2, 28x28 pixels.
set -eu
here=$(cd "$(dirname "$0")" && pwd -P)
strait=${STRAIT:-$here/../../strait}
[ $# -gt 0 ] || { sed -n '2,7s/^# \{0,1\}//p' "$0" >&2; exit 2; }
images=$1
out=${2:-$(mktemp -d)}
shift $(($# > 1 ? 2 : 1))
"$strait" compare "$here/${JOB:-job.yaml}" --data "$images" --test "$images" --out "$out" "$@"
