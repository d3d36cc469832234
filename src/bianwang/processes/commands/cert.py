"""`bian cert`: a local certificate authority, for an intranet without one."""

from __future__ import annotations

import click

from bianwang.platform.config import Config, config
from bianwang.processes.certificates import CertificateError, Issued, issue


@click.command(options_metavar="[选项]")
@click.argument("names", metavar="[主机名或地址]…", nargs=-1)
def command(names: tuple[str, ...]) -> None:
    """生成本机证书，让网页和设备接入使用加密连接。

    第一次运行时在 BIAN_HOME/tls 建立本地根证书（有效 10 年），并签发服务器证书（有效 825 天）。
    再次运行只换发服务器证书，根证书不变，已安装根证书的电脑和手机不用重新设置。

    主机名和地址写浏览器和设备实际访问的那些；不写时沿用上一张证书的，第一次则用 BIAN_HOSTS。

    \b
    例：bian cert bian.bishan.lan 10.10.3.20
    """
    options = config()
    hosts = [name.strip() for name in options.hosts.split(",") if name.strip()]
    try:
        made = issue(options.path("tls", "ca.crt").parent, names, hosts)
    except (CertificateError, OSError) as error:
        raise click.ClickException(f"证书没有生成：{error}") from error
    if made.new_authority:
        click.echo(f"已建立本地根证书：{made.authority}（有效至 {made.authority_until:%Y-%m-%d}）")
        click.echo(f"根证书指纹（SHA-256）：{made.fingerprint}")
    click.echo(f"已签发服务器证书：{made.certificate}（有效至 {made.until:%Y-%m-%d}），用于 {'、'.join(made.names)}")
    _explain(options, made, ",".join(dict.fromkeys([*made.names, *hosts])))


def _explain(options: Config, made: Issued, hosts: str) -> None:
    first, authority = made.names[0], made.authority
    click.echo(
        f"""
一、在 .env 中写入以下各行，重新启动平台：

    BIAN_TLS_CERTIFICATE={made.certificate}
    BIAN_TLS_KEY={made.key}
    BIAN_HTTPS=1
    BIAN_HOSTS={hosts}
    BIAN_WEB_HOST=0.0.0.0
    BIAN_MQTT_HOST=0.0.0.0
    BIAN_MQTTS_PORT=8883

  然后用 https://{first}:{options.web_port} 打开网页，设备用 {first}:8883 加密接入，设备中的“CA 证书”选同一张根证书。

二、把根证书 {authority} 交给每台电脑和手机安装（只交这一个文件，安装前核对指纹）：

  Windows：双击 {authority.name} →“安装证书”→“本地计算机”→“将所有的证书都放入下列存储”→“受信任的根证书颁发机构”。
           用命令：certutil -addstore Root {authority.name}（以管理员身份）。火狐须在“设置→隐私与安全→证书”中另行导入。
  安卓：   设置 → 安全 → 加密与凭据 → 安装证书 → CA 证书，选择该文件（各品牌位置略有不同，可在设置中搜索“证书”）。
  苹果：   用邮件或网页把文件传到手机打开，在 设置 → 已下载描述文件 中安装，
           再到 设置 → 通用 → 关于本机 → 证书信任设置，打开这张根证书的开关。
  统信、麒麟：复制到 /usr/local/share/ca-certificates/ 后运行 update-ca-certificates；浏览器须在其证书设置中另行导入。

三、{authority.with_suffix(".key")} 能签发任何证书，不要复制给任何人；bian backup 会连同它一起备份。
"""
    )
