#!/bin/bash
# use.sh 版本：换用 /opt/bianwang 下的这个版本，连同它的服务。由 upgrade.sh 和 go_back.sh 调用。
set -euo pipefail
root=/opt/bianwang
ln -sfn "$1" "$root/current.new"
mv -T "$root/current.new" "$root/current"
"$root/$1/deploy/units.sh" "$(cat /etc/bianwang/kind)"
