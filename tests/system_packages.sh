#!/bin/sh
# What the tests need from the system: two browsers, ffmpeg to make compressed files, and a sound server.
# Installs what is missing where it may (Debian, root or sudo); elsewhere it says what to install.
set -eu
missing=""
need() { command -v "$1" >/dev/null 2>&1 || missing="$missing $2"; }
need chromium chromium
need firefox-esr firefox-esr
need ffmpeg ffmpeg
need pulseaudio pulseaudio
need pactl pulseaudio-utils
[ -n "$missing" ] || exit 0
if ! command -v apt-get >/dev/null 2>&1; then
    echo "These programs are missing:$missing. Install them with your system's package manager, then run this again." >&2
    exit 1
fi
as_root=""
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null 2>&1 || { echo "Missing:$missing. Install as root: apt-get install$missing" >&2; exit 1; }
    as_root="sudo"
fi
echo "installing:$missing"
$as_root apt-get update -qq
# shellcheck disable=SC2086 # a list of package names
DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends $missing >/dev/null
