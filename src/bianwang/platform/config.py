"""The one place where configuration is declared: `BIAN_*` environment variables and `.env`.

`docs/configuration.md` lists the same options; a test keeps both equal.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import tempfile
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict


class ConfigError(Exception):
    """A `BIAN_*` variable has a value that cannot be used; the message is one Chinese sentence."""


class Config(BaseSettings):
    """Typed options; the description of each is shown to the administrator, so it is Chinese."""

    model_config = SettingsConfigDict(env_prefix="BIAN_", env_file=".env", extra="ignore")

    home: Path = Field(Path("var"), description="所有数据所在的文件夹（数据库、遥测、附件、快照、日志）")
    mode: Literal["production", "demo", "test"] = Field(
        "production", description="运行方式：production 正式，demo 演示（带演示账号），test 测试"
    )
    district: str = Field("bishan", description="地区包名称（districts/ 下的文件夹）")
    modules: str = Field("", description="启用的模块代码，逗号分隔；空表示全部启用")
    database: str = Field("", description="业务数据库地址，如 postgresql://用户:密码@主机/库名；空表示内置 SQLite")
    telemetry: str = Field(
        "",
        pattern=r"^(clickhouses?://.+/.+)?$",
        description="遥测所在的 ClickHouse 地址，如 clickhouse://用户:密码@主机:8123/库名（加密为 clickhouses://）；空表示内置",
    )
    secret_key: str = Field("", description="会话与表单签名密钥；空表示首次启动时生成并存入数据文件夹")
    ledger_key: str = Field("", description="台账封存密钥（十六进制）；空表示首次启动时生成并存入数据文件夹")
    identity_key: str = Field(
        "",
        description="身份信息加密密钥（64 位十六进制，多把用逗号分开、新的在前）；空表示首次使用时生成并存入数据文件夹",
    )
    hosts: str = Field("127.0.0.1,localhost", description="允许访问的主机名，逗号分隔")
    https: bool = Field(False, description="网页是否经 HTTPS 提供（反向代理或本机证书）；开启后会话仅经加密连接发送")
    web_host: str = Field("127.0.0.1", description="网页监听地址")
    web_port: int = Field(8000, ge=0, le=65535, description="网页监听端口")
    web_workers: int = Field(1, ge=1, le=64, description="网页进程数；多于 1 个须使用 PostgreSQL")
    loop_workers: int = Field(
        1, ge=1, le=8, description="后台任务进程数；多于 1 个须使用 PostgreSQL，互为备份，同一任务不会执行两次"
    )
    mqtt_host: str = Field("127.0.0.1", description="设备 MQTT 接入监听地址")
    mqtt_port: int = Field(1883, ge=0, le=65535, description="设备 MQTT 接入端口")
    mqtts_port: int = Field(0, ge=0, le=65535, description="设备 MQTT 加密接入端口；0 表示不开")
    tls_certificate: Path | None = Field(None, description="设备与网页加密用的证书文件（PEM）")
    tls_key: Path | None = Field(None, description="证书对应的私钥文件（PEM）")
    http_intake_port: int = Field(8001, ge=0, le=65535, description="设备 HTTP 批量接入端口；0 表示不开")
    hj212_port: int = Field(
        0, ge=0, le=65535, description="HJ 212 接入端口；0 表示不开（协议无身份，须按设备登记来源地址）"
    )
    gb26875_port: int = Field(
        0, ge=0, le=65535, description="GB/T 26875.3 接入端口；0 表示不开（协议无身份，须按设备登记来源地址）"
    )
    sl651_port: int = Field(
        0, ge=0, le=65535, description="SL 651 接入端口；0 表示不开（协议无身份，须按设备登记来源地址）"
    )
    gb28181_port: int = Field(0, ge=0, le=65535, description="国标录像机（GB/T 28181）信令端口，UDP 与 TCP；0 表示不开")
    gb28181_id: str = Field(
        "", pattern=r"^([0-9]{20})?$", description="平台的 20 位国标编码；空表示按地区代码生成，如 50012000002000000001"
    )
    gb28181_realm: str = Field("", description="国标信令域（SIP 域）；空表示国标编码的前 10 位")
    gb28181_address: str = Field("", description="录像机访问平台所用的地址（经地址转换时填写）；空表示自动判断")
    gb28181_media_ports: str = Field(
        "30000-30199", pattern=r"^[0-9]{1,5}-[0-9]{1,5}$", description="接收国标视频的端口范围，UDP 与 TCP"
    )
    bridge: str = Field("", description="上级 MQTT 服务器地址，如 mqtt://用户:密码@主机:1883；空表示不桥接")
    stream: str = Field(
        "",
        description="读数交给研判集群的通道：kafka://主机:端口[,主机:端口…]/主题，加密和认证另写在 ?config=/文件 里，"
        "试用时可为 folder:///文件夹；空表示由接入进程自己研判",
    )
    sender: str = Field("file", description="消息由谁发送：file 写入数据文件夹的消息文件，或消息网关的 http(s) 地址")
    public_url: str = Field(
        "", description="短信里的回执链接用的平台网址，如 https://anquan.example.cn；空表示短信里不带链接"
    )
    upload_limit_mb: int = Field(20, ge=1, le=500, description="单个附件大小上限（MB）")
    raw_days: int = Field(400, ge=7, description="原始读数保存天数")
    minute_days: int = Field(1100, ge=30, description="分钟汇总保存天数")
    proxies: str = Field(
        "",
        description="可信反向代理的地址，逗号分隔；只有来自它们的 X-Forwarded-For 才作为访问者地址，"
        "网页的加密也由它们负责",
    )
    idle_minutes: int = Field(30, ge=1, le=720, description="无操作多少分钟后须重新登录")
    session_hours: int = Field(12, ge=1, le=24, description="登录后最长多少小时须重新登录")
    password_profile: Literal["dengbao", "asvs"] = Field(
        "dengbao", description="密码要求：dengbao 等保（10 位、四类取三），asvs 长密码（15 位、不限字符种类）"
    )
    password_days: int = Field(90, ge=0, description="密码最长使用天数；0 表示不强制更换")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="日志级别")

    def path(self, *parts: str) -> Path:
        """A path below `BIAN_HOME`, whose folder is created with access for the owner only."""
        target = self.home.resolve().joinpath(*parts)
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        return target

    def telemetry_place(self) -> Path | str:
        """Where the telemetry store is: a server's address, or a folder below `BIAN_HOME`."""
        return self.telemetry or self.path("telemetry")

    def web_certificate(self) -> tuple[Path, Path] | None:
        """Certificate and key with which pages are served; None where a proxy or nobody encrypts them."""
        if self.https and not self.proxies and self.tls_certificate and self.tls_key:
            return self.tls_certificate, self.tls_key
        return None

    def telemetry_socket(self) -> Path:
        """Where intake answers telemetry queries: in `BIAN_HOME/run`, or, where that path exceeds the 107 bytes
        a Unix socket may have, in a folder of the temporary directory named after the home."""
        return self._socket("telemetry.sock")

    def gb28181_socket(self) -> Path:
        """Where the GB/T 28181 process gives streams and refreshes catalogs; placed like the telemetry socket."""
        return self._socket("gb28181.sock")

    def _socket(self, name: str) -> Path:
        target = self.home.resolve() / "run" / name
        if len(os.fsencode(target)) <= 100:
            return target
        digest = hashlib.new("sm3", os.fsencode(self.home.resolve())).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"bian-{os.getuid()}-{digest}" / name

    def secret(self, name: Literal["secret_key", "ledger_key", "identity_key"]) -> str:
        """The configured secret, or one made on first use and kept in `BIAN_HOME/secrets/` (mode 0600).

        Two processes that start together agree: the file is created exclusively and the loser reads it.
        """
        configured: str = getattr(self, name)
        if configured:
            return configured
        file = self.path("secrets", name)
        if not file.exists():
            # Written aside (mkstemp gives mode 0600) and linked into place: the first process wins, none reads half.
            handle, draft = tempfile.mkstemp(dir=file.parent)
            with open(handle, "w", encoding="ascii") as stream:
                stream.write(secrets.token_hex(32))
            with suppress(FileExistsError):
                os.link(draft, file)
            os.unlink(draft)
        return file.read_text("ascii").strip()

    def add_identity_key(self, key: str) -> None:
        """Put a new key before those of the file; a kill leaves the old file or the new one."""
        known, file = self.secret("identity_key"), self.path("secrets", "identity_key")
        handle, draft = tempfile.mkstemp(dir=file.parent)
        with open(handle, "w", encoding="ascii") as stream:
            stream.write(f"{key}\n{known}\n")
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(draft, file)


@lru_cache(maxsize=1)
def config() -> Config:
    """The process's configuration, read once. Raises ConfigError that names the variable."""
    try:
        made = Config()
    except ValidationError as error:
        first = error.errors()[0]
        name = "BIAN_" + str(first["loc"][0]).upper()
        # An address may hold a password, and errors end in logs.
        given = re.sub(r"//.*@", "//…@", str(first.get("input")))
        raise ConfigError(f"环境变量 {name} 的值“{given}”不可用：{first['msg']}。请改正后重新启动。") from None
    if not made.database and max(made.web_workers, made.loop_workers) > 1:
        raise ConfigError(
            "内置 SQLite 只支持一个网页进程和一个后台任务进程；"
            "BIAN_WEB_WORKERS、BIAN_LOOP_WORKERS 大于 1 时请先设置 BIAN_DATABASE 使用 PostgreSQL。"
        )
    return made
