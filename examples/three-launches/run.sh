#!/usr/bin/env bash
# Three data centres, each started by another launcher, train one model on this machine:
#
#     examples/three-launches/run.sh [FOLDER [FLAG...]]
#
# dublin by MPJ Express (mpjrun, multicore), ashburn by mpirun, singapore by Strait itself. Nobody
# starts all three: they meet at the gateway addresses of topology.yaml. In real life each of the
# three commands is typed in another data centre. FLAGs are for all three trainings, instead of
# --rows 20000 --l2 1e-4.
set -u
here=$(cd "$(dirname "$0")" && pwd -P)
strait=${STRAIT:-$here/../../strait}
out=${1:-$(mktemp -d)}
mkdir -p "$out"
[ $# -gt 0 ] && shift
[ $# -gt 0 ] || set -- --rows 20000 --l2 1e-4

# All launches know the same secret; without it, gateways of strangers would be let in.
export STRAIT_WAN_TOKEN=${STRAIT_WAN_TOKEN:-$(head -c 16 /dev/urandom | od -An -tx1 | tr -d ' \n')}

# Connections between data centres are encrypted: an authority of its own issues a certificate to
# each. In real life a gateway gets ca.crt and its own two files, and nobody but you has ca.key.
[ -f "$out/pki/ca.crt" ] || {
  "$strait" cert init --out "$out/pki" >"$out/pki.log" &&
    "$strait" cert issue dublin ashburn singapore --out "$out/pki" >>"$out/pki.log" || exit
}

# What all launches have in common; what a launch has for itself is --dc and its rows.
job=(train --topology "${TOPOLOGY:-$here/topology.yaml}" --tls "$out/pki" "$@")

"$strait" launch --engine mpjrun --np 2 --out "$out/dublin-launch" -- \
  "$strait" "${job[@]}" --dc dublin --out "$out/dublin" >"$out/dublin.txt" 2>&1 &
dublin=$!
"$strait" launch --engine mpirun --np 2 --out "$out/ashburn-launch" -- \
  "$strait" "${job[@]}" --dc ashburn --out "$out/ashburn" >"$out/ashburn.txt" 2>&1 &
ashburn=$!
"$strait" "${job[@]}" --dc singapore --out "$out/singapore" >"$out/singapore.txt" 2>&1 &
singapore=$!
trap 'kill $dublin $ashburn $singapore 2>/dev/null' INT TERM

status=0
for name in dublin ashburn singapore; do
  wait "${!name}" || { status=$?; echo "$name ended with exit status $status:"; cat "$out/$name.txt"; }
done
for name in dublin ashburn singapore; do
  printf '%-10s %s\n' "$name" "$(grep -h '  Model  .*sha256' "$out/$name.txt")"
done
echo "records    $out/{dublin,ashburn,singapore}/run.json"
[ "$(grep -ho 'sha256 [0-9a-f]*' "$out"/*.txt | sort -u | wc -l)" = 1 ] || {
  echo "the models differ" >&2
  exit 1
}
exit $status
