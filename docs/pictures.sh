#!/usr/bin/env bash
# Draws the pictures of the README into docs/pictures. Needs cargo, and no display.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

draw() {
    local name=$1
    shift
    cargo run --release --locked --quiet -- render "$@" --out "docs/pictures/$name.png"
}

draw bursting-beside-rest izhikevich/bursting_beside_rest --size 1160x740
draw hodgkin-huxley hodgkin_huxley/bistable_on_and_off --at 120 --theme light --size 1140x730
draw phase-line persistent_sodium/pulse_switch --at 30 --size 1160x740
draw bistable-plane persistent_sodium_potassium/subcritical_bistable --at 43 --theme light --size 1160x740
frame=1
for tau in 1 0.3 0.17 0.152; do
    draw "filmstrip-$frame" persistent_sodium_potassium --set "tau_n=$tau" --set I=4.6 --init V=0 --at 40 --size 1160x740
    frame=$((frame + 1))
done
draw two-parameters hodgkin_huxley --set I=12 --view parameter_map --at 60 --size 1160x740
draw small-window adex/regular_bursting --size 1100x700
draw reliability lif/reliability --size 1160x740
draw anatomy hodgkin_huxley/action_potential --view anatomy --at 9 --theme light --size 1160x740
