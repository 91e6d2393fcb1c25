#!/bin/bash
# The steps of verify_wine.sh, inside the chroot: /verify has setup.exe, earlier.exe, portable.zip and a roster.
# A step is a function; it fails with the first command that fails. Keys go to the window that is in front.
if [ "$(id -u)" = 0 ]; then # Windows names the person's folders after her: a Chinese name, as people have
    id 张三 >/dev/null 2>&1 || useradd --badname --no-create-home 张三
    rm -rf /tmp/.X77-lock /tmp/.X11-unix/X77
    mkdir -p -m 1777 /tmp/.X11-unix
    chown -R 张三 /verify
    exec setpriv --reuid=张三 --regid=张三 --clear-groups bash "$0"
fi
export HOME=/verify/own LC_ALL=zh_CN.UTF-8 LANG=zh_CN.UTF-8 DISPLAY=:77 WINEDEBUG=-all WINEPREFIX=/verify/own/wine
export XDG_RUNTIME_DIR=/verify/own FUYUAN_PASSWORD="brick lane 168"
local_data="$WINEPREFIX/drive_c/users/$(id -un)/AppData/Local"
installed="$local_data/Programs/FuyuanDesk"
office="$local_data/fuyuan_desk/office"
key='HKCU\Software\Microsoft\Windows\CurrentVersion\Uninstall\FuyuanDesk'
out=/verify/out
failed=0
mkdir -p "$HOME"

run() { echo | timeout 300 wine "$@" 2>&1 | cat; return "${PIPESTATUS[1]}"; }
desk() { run "$installed/fuyuan-desk.exe" "$@"; }
expect() { # CODE COMMAND…: the command ends with this exit code
    local wanted=$1 code=0
    shift
    "$@" || code=$?
    [ "$code" = "$wanted" ] || { echo "exit code $code instead of $wanted: $*"; return 1; }
}
keys() { for name in "$@"; do xdotool key --delay 60 "$name"; sleep 0.25; done; }
type_in() { xdotool type --delay 40 "$1"; sleep 0.3; }
paste() { printf %s "$1" | xclip -selection clipboard -i >/dev/null 2>&1; sleep 0.4; keys ctrl+v; } # Wine doubles typed Chinese
picture() { import -window root "$out/$1.png"; }
front() { timeout 10 xdotool search --sync --name "$1" windowactivate 2>/dev/null; sleep 0.7; } # native dialogs lose the focus under Wine
wait_for() { for _ in $(seq 60); do "$@" >/dev/null 2>&1 && return; sleep 0.5; done; echo "waited in vain: $*"; return 1; }
is_shown() { xdotool search --onlyvisible --name "^$1\$"; }
start_window() { (echo | wine "$installed/FuyuanDesk.exe" >/dev/null 2>&1 &); wait_for is_shown 福元台; sleep 3; front '^福元台$'; }
close_window() { front '^福元台$'; xdotool key alt+F4; for _ in $(seq 40); do pgrep -f FuyuanDesk.exe >/dev/null || return 0; sleep 0.5; done; return 1; }
sign_in() { type_in "$FUYUAN_PASSWORD"; keys Return; sleep 6; }
step() { # NAME FUNCTION
    local started=$SECONDS code
    (set -e; "$2") >"$out/$2.log" 2>&1 # as a condition of its own, bash would not end it at the first failure
    code=$?
    if [ $code = 0 ]; then
        echo "ok      $1 ($((SECONDS - started)) s)"
    else
        echo "FAILED  $1"
        tail -n 15 "$out/$2.log"
        picture "failed-$2"
        failed=1
    fi
}

installs() {
    expect 0 run "/verify/$1" /S
    [ -e "$installed/FuyuanDesk.exe" ] && [ -e "$installed/Uninstall.exe" ]
    find "$WINEPREFIX/drive_c/users" -name 福元台.lnk | grep -q Desktop
    find "$WINEPREFIX/drive_c/users" -name 福元台.lnk | grep -q "Start Menu"
    [ -n "$2" ]
    run reg query "$key" /v DisplayVersion | grep -qF "$2"
}
earlier_version() { installs earlier.exe 0.0.1; }
an_office() { expect 0 desk init "$(winepath -w "$office")" --office 南昌路居民委员会; expect 0 desk import "Z:\\verify\\南昌路168弄住户名册.xlsx" --store "$(winepath -w "$office")"; }
upgrade() { installs setup.exe "$(desk --version | grep -o '[0-9.]*')"; expect 0 desk check --store "$(winepath -w "$office")"; }
self_test() { expect 0 desk --self-test; }
tour() { expect 0 desk tour "Z:\\verify\\out\\tour"; [ "$(ls $out/tour | wc -l)" -ge 60 ]; }
first_run() {
    mv "$office" "$office.earlier"
    start_window
    picture 01-welcome
    keys Return; sleep 1
    keys alt+d ctrl+a; paste 黄浦区; keys Tab ctrl+a Delete; paste 瑞金二路街道
    keys alt+r; paste 南昌路居民委员会; keys alt+t; type_in "021-5555 0101"
    picture 02-office
    keys Return; sleep 1
    keys alt+n; paste 张三; keys alt+p; type_in "$FUYUAN_PASSWORD"; keys alt+a; type_in "$FUYUAN_PASSWORD"
    picture 03-operator
    keys Return; sleep 1
    picture 04-folder
    keys Return; sleep 6
    picture 05-recovery-code
    keys alt+w alt+s
    wait_for test -e "$office/store.db"; sleep 8
    picture 06-desk
}
roster() {
    keys Tab Return; sleep 2
    keys ctrl+o; sleep 4
    picture 07-file-dialog
    paste "Z:\\verify\\南昌路168弄住户名册.xlsx"; keys Return; sleep 6
    front '^福元台$'
    picture 08-roster-read
    keys ctrl+Return; sleep 6
    picture 09-roster-imported
}
renovation() { # HOME: fill in the registration
    keys alt+6; sleep 1
    keys ctrl+n; sleep 2
    paste "$1"; sleep 2; keys Return; sleep 2; keys space; sleep 1
    keys alt+w; sleep 0.5; paste 墙面; sleep 1; keys Down space; sleep 1
    keys alt+e; type_in 2026-12-20; keys Tab
}
filed() {
    renovation 2号三层阁
    picture 10-renovation
    keys ctrl+s; wait_for is_shown 装修登记表; sleep 3
    picture 11-sheet
    keys alt+s; sleep 4
    keys ctrl+a; paste "Z:\\verify\\out\\登记表.pdf"; keys Return; sleep 4
    picture 12-saved
    [ "$(head -c 4 $out/登记表.pdf)" = %PDF ]
    front '^装修登记表$'; keys Escape; sleep 1
}
locks() {
    front '^福元台$'
    keys ctrl+l; sleep 7
    picture 13-locked
    sign_in
    picture 14-unlocked
}
refused_while_running() { expect 12 run /verify/setup.exe /S; [ -e "$installed/program/app.zip" ]; }
second_start() {
    expect 0 run "$installed/FuyuanDesk.exe"
    [ "$(is_shown 福元台 | wc -l)" = 1 ]
}
killed_while_saving() {
    for one in "3号三层阁 0.01" "5号三层阁 0.05" "10号三层阁 0.2"; do
        front '^福元台$'
        renovation "${one% *}"
        xdotool key ctrl+s; sleep "${one#* }"; pkill -9 -f FuyuanDesk.exe; sleep 2
        start_window
        sign_in
        picture "15-after-kill-${one#* }"
    done
    close_window
    expect 0 desk check --store "$(winepath -w "$office")"
}
downgrade_refused() {
    before=$(md5sum <"$installed/program/package.json")
    expect 13 run /verify/earlier.exe /S
    [ "$(md5sum <"$installed/program/package.json")" = "$before" ]
    expect 0 desk check --store "$(winepath -w "$office")"
}
other_folder_refused() { expect 15 run /verify/setup.exe /S '/D=C:\elsewhere'; [ ! -e "$WINEPREFIX/drive_c/elsewhere" ]; }
foreign_folder_kept() {
    run "$installed/Uninstall.exe" /S; wait_for test ! -e "$installed"
    mkdir -p "$WINEPREFIX/drive_c/mine/program"; echo mine >"$WINEPREFIX/drive_c/mine/program/photo.txt"
    expect 17 run /verify/setup.exe /S '/D=C:\mine'
    [ "$(cat "$WINEPREFIX/drive_c/mine/program/photo.txt")" = mine ]
    expect 0 run /verify/setup.exe /S
}
cut_short() {
    head -c 20000000 /verify/setup.exe >/verify/cut.exe
    (echo | wine /verify/cut.exe >/dev/null 2>&1 &)
    wait_for is_shown 福元台; sleep 1
    picture 16-cut-short
    keys Return; sleep 1
}
portable() {
    rm -rf "/verify/U盘 1"; mkdir "/verify/U盘 1"
    unzip -q /verify/portable.zip -d "/verify/U盘 1"
    expect 0 run "/verify/U盘 1/福元台/fuyuan-desk.exe" --self-test
    chmod -R a-w "/verify/U盘 1" # a write-protected drive
    expect 0 run "/verify/U盘 1/福元台/fuyuan-desk.exe" --version
    chmod -R u+w "/verify/U盘 1"
}
damaged() {
    cp -r "/verify/U盘 1" /verify/damaged
    rm /verify/damaged/福元台/program/python311.dll
    expect 1 run /verify/damaged/福元台/fuyuan-desk.exe --version
    grep -q 程序不完整 "$out/damaged.log"
    cp "/verify/U盘 1/福元台/program/python311.dll" /verify/damaged/福元台/program
    rm /verify/damaged/福元台/program/resources/help/start.md
    expect 1 run /verify/damaged/福元台/fuyuan-desk.exe --self-test
}
uninstall() {
    expect 0 run "$installed/Uninstall.exe" /S
    wait_for test ! -e "$installed"
    [ -e "$office/store.db" ]
    [ -z "$(find "$WINEPREFIX/drive_c/users" -name 福元台.lnk)" ]
    expect 1 run reg query "$key"
}
uninstall_window() {
    (echo | wine "$installed/Uninstall.exe" >/dev/null 2>&1 &)
    wait_for xdotool search --onlyvisible --name "福元台 .*卸载|卸载.*福元台|福元台 卸载"; sleep 2
    front '福元台 卸载'
    picture 20-uninstall
    keys alt+u; sleep 8
    picture 21-uninstalled
    keys Return; sleep 2
    wait_for test ! -e "$installed/program"
    [ -e "$office/store.db" ]
}
running_window() {
    (echo | wine /verify/setup.exe >/dev/null 2>&1 &)
    wait_for xdotool search --onlyvisible --name "福元台 .*安装|安装.*福元台|福元台 安装"; sleep 4
    picture 19-close-first
    keys Escape; sleep 2
}
setup_window() {
    (echo | wine /verify/setup.exe >/dev/null 2>&1 &)
    wait_for xdotool search --onlyvisible --name "福元台 .*安装|安装.*福元台|福元台 安装"; sleep 2
    front '福元台 安装'
    picture 17-setup
    keys alt+i
    wait_for test -e "$installed/Uninstall.exe" || wait_for test -e "$installed/Uninstall.exe"; sleep 3
    picture 18-setup-done
    [ -e "$installed/FuyuanDesk.exe" ]
    keys Return; sleep 2; keys Return # to the last page, which opens the program
    wait_for is_shown 福元台; sleep 4
    close_window
    expect 0 desk check --store "$(winepath -w "$office")"
}

Xvfb :77 -screen 0 1366x768x24 >/dev/null 2>&1 &
sleep 1
openbox >/dev/null 2>&1 &
wineboot -i >/dev/null 2>&1
step "install an earlier version" earlier_version
step "set up an office with it" an_office
step "upgrade in place, data kept" upgrade
step "self-test" self_test
step "tour" tour
step "first run by keyboard" first_run
step "import a roster" roster
step "file a renovation, save its sheet" filed
step "lock and unlock" locks
step "second start raises the window" second_start
step "setup refuses while the program runs" refused_while_running
step "setup asks to close the program" running_window
step "kill while saving" killed_while_saving
step "setup refuses an older version" downgrade_refused
step "setup refuses a second folder" other_folder_refused
step "setup keeps a folder that is not its own" foreign_folder_kept
step "setup cut short" cut_short
step "portable copy" portable
step "damaged copy" damaged
step "uninstall keeps the data" uninstall
step "setup by keyboard" setup_window
step "uninstall by keyboard" uninstall_window
wineserver -k
exit $failed
