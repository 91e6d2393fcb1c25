#!/bin/bash
# Run a built Windows package under Wine: install, test, use by keyboard, kill, upgrade, refuse, uninstall.
#
#     packaging/verify_wine.sh [FOLDER [CHROOT]]      as root on Debian, about ten minutes
#
# FOLDER is what packaging/build.py has filled, dist/ unless given. CHROOT gets a Debian 13 with Wine 10 if it is empty
# (Debian 12's Wine crashes on Qt's window plugin); keep it for the next run. The steps stand in windows/wine_steps.sh;
# they run without a network. Pictures and papers are left in FOLDER/wine; look at them. Exits with 1 if a step failed.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
folder=$(realpath "${1:-$here/../dist}")
chroot=$(realpath -m "${2:-$folder/chroot}")
python=$here/../.venv/bin/python
export DEBIAN_FRONTEND=noninteractive

# What is mounted, left running or killed inside is nobody else's. OPTIONS SCRIPT
inside() {
    unshare --mount --pid --fork --kill-child $1 sh -c '
        mount -t proc proc "$0/proc"
        mount --bind /dev "$0/dev"
        exec chroot "$0" bash "$1"' "$chroot" "$2"
}

command -v debootstrap >/dev/null || apt-get install --yes --quiet=2 debootstrap
if [ ! -e "$chroot/etc/os-release" ]; then
    debootstrap --variant=minbase trixie "$chroot" >/dev/null
fi
cp /etc/resolv.conf "$chroot/etc/resolv.conf"
if [ ! -e "$chroot/prepared" ]; then
    cat >"$chroot/prepare.sh" <<'PREPARE'
        set -e
        dpkg --add-architecture i386 # for the setup, which starts on 32 bits too, to say that it needs 64
        apt-get update --quiet=2
        apt-get install --yes --quiet=2 --no-install-recommends wine wine64 wine32:i386 xvfb xdotool openbox \
            imagemagick fonts-noto-cjk locales xclip unzip procps >/dev/null
        localedef -i zh_CN -f UTF-8 zh_CN.UTF-8
        touch /prepared
PREPARE
    inside "" /prepare.sh
fi

# the same program as an earlier version: to upgrade from, and to refuse
"$python" "$here/build.py" "$folder" --setup-as 0.0.1 >/dev/null

rm -rf "$chroot/verify" "$folder/wine"
mkdir -p "$chroot/verify/out"
cp "$here/windows/wine_steps.sh" "$here/../resources/sample/南昌路168弄住户名册.xlsx" "$chroot/verify"
mv "$folder/FuyuanDesk-0.0.1-setup.exe" "$chroot/verify/earlier.exe"
cp "$folder"/FuyuanDesk-*-setup.exe "$chroot/verify/setup.exe"
cp "$folder"/FuyuanDesk-*-portable.zip "$chroot/verify/portable.zip"
code=0
inside --net /verify/wine_steps.sh || code=$?
cp -r "$chroot/verify/out" "$folder/wine"
echo "Pictures and papers: $folder/wine"
exit $code
