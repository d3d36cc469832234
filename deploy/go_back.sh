#!/bin/bash
# go_back.sh 版本 备份：退回旧版本，数据回到那份备份时的样子。以 root 运行。
#
# 现在的数据不删除，改名放在旁边。使用 PostgreSQL 或 ClickHouse 时，先让 BIAN_DATABASE、BIAN_TELEMETRY 指向新建的空库。
set -euo pipefail
old=${1:?用法：go_back.sh 版本 备份文件夹}
backup=${2:?用法：go_back.sh 版本 备份文件夹}
root=/opt/bianwang
now=$(readlink "$root/current")
say() { printf '%s\n' "$*"; }
[ "$(id -u)" = 0 ] || { say "请以 root 运行。" >&2; exit 1; }
[ -x "$root/$old/.venv/bin/bian" ] || { say "没有 $root/$old。" >&2; exit 1; }
home=$(sed -n 's/^BIAN_HOME=//p' /etc/bianwang/bian.env)
[ -n "$home" ] || { say "/etc/bianwang/bian.env 里没有 BIAN_HOME。" >&2; exit 1; }

say "[1/4] 停下平台，核对备份"
[ ! -d /run/systemd/system ] || systemctl stop bian.target
bian restore --check "$backup"
say "[2/4] 切换到 $old"
"$root/$now/deploy/use.sh" "$old"
say "[3/4] 恢复数据"
aside=$home.$(date +%Y-%m-%d-%H%M%S)
[ ! -e "$home" ] || mv "$home" "$aside"
if ! bian restore "$backup"; then
  [ -e "$home" ] || [ ! -e "$aside" ] || mv "$aside" "$home"
  "$root/$now/deploy/use.sh" "$now"
  say "没有恢复，已切回 $now，数据还是原来的，平台没有启动。按上面的提示改正后再运行一次；不退了就把 bian.env 恢复原样，再 systemctl start bian.target。" >&2
  exit 1
fi
say "[4/4] 启动"
[ ! -d /run/systemd/system ] || systemctl start bian.target
say "已退回 $old；退回之前的数据在 $aside，确认不再需要后可以删除。"
