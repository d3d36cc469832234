#!/bin/bash
# upgrade.sh 版本：从现在的版本切换到已由 install.sh 装好的版本。以 root 运行。
#
# 停下平台，备份，切换，升级数据库，启动。数据库升级不成时自动切回旧版本并说明怎样从备份恢复。
# 停下期间设备收不到确认，会缓存并重发。
set -euo pipefail
new=${1:?用法：upgrade.sh 版本（/opt/bianwang 下的文件夹名）}
root=/opt/bianwang
say() { printf '%s\n' "$*"; }
[ "$(id -u)" = 0 ] || { say "请以 root 运行。" >&2; exit 1; }
[ -x "$root/$new/.venv/bin/bian" ] || { say "没有 $root/$new，请先运行新安装包里的 install.sh。" >&2; exit 1; }
old=$(readlink "$root/current")
[ "$old" != "$new" ] || { say "现在就是 $new。" >&2; exit 1; }
backup=/var/backups/bianwang/upgrade-$(date +%Y-%m-%d-%H%M%S)

systemd() { [ ! -d /run/systemd/system ] || systemctl "$@"; }

say "[1/5] 停下平台"
systemd stop bian.target
say "[2/5] 备份到 $backup"
if ! bian backup "$backup"; then
  systemd start bian.target
  say "备份没有成功，没有升级；平台仍以 $old 运行。" >&2
  exit 1
fi
say "[3/5] 切换 $old → $new"
"$root/$new/deploy/use.sh" "$new"
say "[4/5] 升级数据库"
if ! bian migrate; then
  "$root/$new/deploy/use.sh" "$old"
  say "数据库升级没有成功，已切回 $old，平台没有启动。恢复数据后再启动：
  $root/$old/deploy/go_back.sh $old $backup" >&2
  exit 1
fi
say "[5/5] 启动"
systemd start bian.target
say "已升级到 $new。退回旧版本（升级之后的数据会丢失）：
  $root/$new/deploy/go_back.sh $old $backup"
