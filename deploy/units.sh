#!/bin/bash
# units.sh one-server|district|city：把服务、定时备份和 bian 命令放到系统里，并设为开机启动。重复运行没有副作用。
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
units=/etc/systemd/system
case ${1:-} in
  one-server) names=(bian.service) ;;
  district) names=(bian-intake.service bian-web.service bian-loop@.service bian-camera@.service bian-gb28181.service) ;;
  city) names=(bian-intake.service bian-web.service bian-loop@.service bian-camera@.service bian-gb28181.service bian-judge.service) ;;
  *) echo "用法：units.sh one-server|district|city" >&2; exit 1 ;;
esac
kept=$(cat /etc/bianwang/kind 2>/dev/null || true)
rm -f "$units"/bian*.service "$units"/bian.target "$units"/bian-backup.timer
for name in "${names[@]}" bian.target bian-backup.service bian-backup.timer; do
  install -m 0644 "$here/systemd/$name" "$units/$name"
done
for folder in bian.service.d bian-.service.d; do
  install -D -m 0644 "$here/systemd/common.conf" "$units/$folder/common.conf"
done
install -m 0755 "$here/bian" /usr/local/bin/bian
printf '%s\n' "$1" >/etc/bianwang/kind

command -v systemctl >/dev/null || exit 0
# 升级时不动开机启动的选择（如 bian-camera@1-4 … 4-4）；新装或换了配置才设。
if [ "$kept" != "$1" ]; then
  rm -rf "$units/bian.target.wants"
  enabled=(bian.target bian-backup.timer)
  for name in "${names[@]}"; do
    case $name in
      bian-loop@.service) enabled+=(bian-loop@1.service) ;;
      bian-camera@.service) enabled+=(bian-camera@1-1.service) ;;
      bian-gb28181.service) ;; # 设了 BIAN_GB28181_PORT 才有用，届时 systemctl enable bian-gb28181
      *) enabled+=("$name") ;;
    esac
  done
  systemctl enable --quiet "${enabled[@]}"
fi
[ ! -d /run/systemd/system ] || systemctl daemon-reload
