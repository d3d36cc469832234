#!/bin/sh
# backup.sh 文件夹 份数：备份到“文件夹/日期-时刻”，成功后只留最新的若干份。用平台账号运行。
set -eu
place=$1 keep=$2
bian=$(dirname "$0")/../.venv/bin/bian
"$bian" backup "$place/$(date +%Y-%m-%d-%H%M%S)"
# 新的一份写完并核对之后才删旧的；只认自己起的名字。
ls -1d "$place"/20[0-9][0-9]-[01][0-9]-[0-3][0-9]-[0-2][0-9][0-5][0-9][0-5][0-9] | sort -r | tail -n "+$((keep + 1))" |
  while read -r old; do
    rm -rf "$old"
    echo "已删除旧备份 $old"
  done
