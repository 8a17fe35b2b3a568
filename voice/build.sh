#!/bin/sh
# Speak every line of clips.tsv and write giliran/web/static/giliran/voice/NAME.mp3.
# Needs espeak-ng, sox and lame (Debian packages of these names); only whoever changes the
# words runs it, a branch plays the finished clips. The guide: docs/guides/voice.md.
set -eu
cd "$(dirname "$0")/.."
out=giliran/web/static/giliran/voice
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$out"

# The LAME header that --cbr keeps lets a browser cut the encoder's own silence, so that
# clips join without a gap; 40 kbit/s is where a voice of 22 kHz stops sounding coded.
encode() { lame --quiet --cbr -b 40 -m m --noreplaygain "$1" "$2"; }

# Two falling tones (E5, C5) that swell in softly and die away: heard, not startling.
sox -R -q -n -r 22050 -c 1 -b 16 "$work/high.wav" synth 0.9 sine 659.26 fade h 0.015 0.9 0.8 gain -9
sox -R -q -n -r 22050 -c 1 -b 16 "$work/low.wav" synth 1.1 sine 523.25 fade h 0.015 1.1 1.0 gain -9 pad 0.38
sox -R -q -m -v 1 "$work/high.wav" -v 1 "$work/low.wav" "$work/tone.wav" gain -n -9 pad 0 0.1
encode "$work/tone.wav" "$out/tone.mp3"

# An empty phonemes column means that the voice reads the words well by itself. The tab is
# swapped for a bar because read(1) would take two tabs in a row for one.
tail -n +2 voice/clips.tsv | tr '\t' '|' | while IFS='|' read -r name words phonemes pause_ms; do
    said=${phonemes:+"[[$phonemes]]"}
    espeak-ng -v id -s 140 -p 42 -a 100 -w "$work/raw.wav" "${said:-$words}"
    pause_s=$(awk "BEGIN { print $pause_ms / 1000 }")
    sox -R -q "$work/raw.wav" "$work/clip.wav" rate 22050 highpass 70 \
        silence 1 0.005 0.6% fade t 0.004 reverse \
        silence 1 0.005 0.6% fade t 0.012 reverse gain -n -3 pad 0.01 "$pause_s"
    encode "$work/clip.wav" "$out/$name.mp3"
done
du -cb "$out"/*.mp3 | tail -n 1
