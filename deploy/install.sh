#!/bin/bash
# 离线安装必安网：./install.sh [one-server|district|city]，以 root 在 Debian 12 上运行，不需要网络。
#
# 建立账号 bian；程序装到 /opt/bianwang/版本；数据 /var/lib/bianwang/data；设置 /etc/bianwang/bian.env；服务 /etc/systemd/system。
# 已有旧版本时只在旁边装好新版本，不切换，随后运行 upgrade.sh。
set -euo pipefail
cd "$(dirname "$0")"
kind=${1:-one-server}
say() { printf '%s\n' "$*"; }
stop() { printf '没有安装：%s\n' "$*" >&2; exit 1; }

# 1. 核对
[ "$(id -u)" = 0 ] || stop "请以 root 运行。"
[ -f "app/deploy/env/$kind.env" ] || stop "没有“$kind”这种配置，请用 one-server、district 或 city。"
{ read -r version; read -r arch; } <VERSION
[ "$arch" = "$(uname -m)" ] || stop "这是 $arch 的安装包，本机是 $(uname -m)。"
python=$(command -v python3) || stop "没有 python3，请先安装 Debian 的 python3。"
"$python" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || stop "安装包用于 Python 3.11（Debian 12），本机是 $("$python" --version)。"
say "[1/5] 核对安装包"
sha256sum --check --quiet --strict SHA256SUMS || stop "安装包已损坏，请重新复制。"
home=/opt/bianwang/$version
[ ! -e "$home" ] || stop "$home 已经存在；要重装请先删除它。"

# 2. 账号与文件夹
say "[2/5] 账号与文件夹"
id bian >/dev/null 2>&1 || useradd --system --user-group --home-dir /var/lib/bianwang --shell /usr/sbin/nologin bian
install -d -o bian -g bian -m 0700 /var/lib/bianwang /var/backups/bianwang
install -d -o bian -g bian -m 0755 /var/cache/bianwang
install -d -o root -g bian -m 0750 /etc/bianwang

# 3. 程序：装到一半失败时不留下
say "[3/5] 程序 $home"
trap 'rm -rf "$home"' EXIT
mkdir -p /opt/bianwang
cp -R app "$home"
"$python" -m venv --without-pip "$home/.venv"
# 不要求本机有 pip 或 python3-venv：轮子里的 pip 可以直接运行。
pip=$(echo wheels/pip-*.whl)/pip
pip_install() {
  PIP_CONFIG_FILE=/dev/null "$home/.venv/bin/python" "$pip" install \
    --quiet --no-index --no-deps --no-input --disable-pip-version-check --no-warn-script-location --root-user-action ignore "$@"
}
pip_install --require-hashes --find-links wheels -r requirements.txt
pip_install --no-build-isolation -e "$home"
"$home/.venv/bin/python" -m compileall -q "$home/src"
cp -R licences VERSION "$home/"
chmod -R go-w,a+rX "$home"

# 4. 研判内核：由平台账号编译一次，存入缓存
say "[4/5] 编译研判内核（约半分钟）"
runuser -u bian -- env NUMBA_CACHE_DIR=/var/cache/bianwang HOME=/var/lib/bianwang "$home/.venv/bin/python" -c '
from bianwang.engine.evaluator import warm_up as judging
from bianwang.spread.fire import warm_up as fire
judging(), fire()'
trap - EXIT

# 5. 设置与服务：已有的设置不动
say "[5/5] 设置与服务"
settings=/etc/bianwang/bian.env
[ -e "$settings" ] || install -o root -g bian -m 0640 "$home/deploy/env/$kind.env" "$settings"
[ "$kind" != city ] || [ -e /etc/bianwang/judge.env ] || install -o root -g bian -m 0640 "$home/deploy/env/judge.env" /etc/bianwang/judge.env
if [ -e /opt/bianwang/current ]; then
  say "已装好 $version；现在运行的仍是 $(readlink /opt/bianwang/current)。切换：./upgrade.sh $version"
  exit 0
fi
ln -s "$version" /opt/bianwang/current
"$home/deploy/units.sh" "$kind"
say "
已装好 $version。接下来：
  1. 修改 $settings，至少 BIAN_HOSTS
  2. bian init                     建立数据库，开设三名管理员
  3. bian cert 主机名 地址          签发证书
  4. systemctl start bian.target
  5. nginx 与每日备份：/opt/bianwang/current/docs/operations.md 的“一台服务器”"
