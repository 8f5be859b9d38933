# The doors of the project. `make help` lists them.
SHELL := /bin/sh
.DEFAULT_GOAL := help

ARCH ?= $(shell dpkg --print-architecture)
RID_amd64 := linux-x64
RID_arm64 := linux-arm64
RID_armhf := linux-arm
RID := $(RID_$(ARCH))
VERSION := $(shell sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' Directory.Build.props)

export DOTNET_CLI_TELEMETRY_OPTOUT := 1
export DOTNET_NOLOGO := 1
# Times inside packages and images come from the last commit, so that a build can be repeated bit by bit.
export SOURCE_DATE_EPOCH ?= $(shell git log -1 --format=%ct 2>/dev/null || echo 1767225600)

SOURCES := $(shell find gateway-core host-controller container-supervisor operator-tools build Directory.*.props global.json \
	-type f -not -path '*/bin/*' -not -path '*/obj/*' 2>/dev/null)
BINARIES := out/bin/host-controller out/bin/gatewayctl out/bin/container-supervisor
# Lock files name what is restored for amd64; another architecture restores its own runtime.
RESTORE := $(if $(filter amd64,$(ARCH)),,-p:RestoreLockedMode=false -p:RestorePackagesWithLockFile=false)

.PHONY: help build test torture unit fuzz lint demo demo-stop deb image bench clean check-arch e2e power-cut machine

help: ## List the doors
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: $(BINARIES) ## Publish the three programs to out/bin, as shipped

check-arch:
	@test -n "$(RID)" || { echo "ARCH=$(ARCH): only amd64, arm64 and armhf are supported" >&2; exit 2; }

out/bin/host-controller: $(SOURCES) | check-arch
	@build/publish.sh host-controller/Gateway.HostController host-controller $(RID) $(RESTORE)

out/bin/gatewayctl: $(SOURCES) | check-arch
	@build/publish.sh operator-tools/Gateway.Ctl gatewayctl $(RID) $(RESTORE)

out/bin/container-supervisor: $(SOURCES) | check-arch
	@build/publish.sh container-supervisor/Gateway.ContainerSupervisor container-supervisor $(RID) $(RESTORE)

test: build image deb ## Run all tests, from nothing; ends with "N passed, N failed" (FILTER=… picks some)
	@build/setup.sh build sandbox test image deb
	@dotnet build Gateway.sln --nologo -v quiet -clp:NoSummary
	@build/test.sh $(FILTER)

torture: build ## Updates in a row with a supervisor killed in each: UPDATES=200 SEED=1 (make test does 20 of them)
	@build/setup.sh build sandbox test
	@dotnet build tests/integration/Gateway.IntegrationTests --nologo -v quiet -clp:NoSummary
	@UPDATES=$(or $(UPDATES),200) SEED=$(or $(SEED),1) dotnet test tests/integration/Gateway.IntegrationTests --no-build --nologo \
		--filter FullyQualifiedName~TortureTests --logger "console;verbosity=detailed"

unit: ## Run the unit tests alone
	@dotnet test tests/unit/Gateway.UnitTests --nologo $(if $(FILTER),--filter $(FILTER))

E2E := tests/e2e/Gateway.EndToEndTests
export MACHINE SUITE
# Short enough for every submission: one of each kind, and five power cuts, on JOBS machines at a time.
E2E_SHORT := FullyQualifiedName~FirstBoot|Category=PowerCut|DisplayName~crashes|DisplayName~dpkg|DisplayName~storage|DisplayName~1970

e2e: build image deb machine ## A Debian machine from its first boot on: updates, roll-backs, wrong clocks (FILTER=… SET=short SUITE=trixie MACHINE=qemu)
	@build/setup.sh build sandbox test
	@dotnet build $(E2E) --nologo -v quiet -clp:NoSummary
	@JOBS=$(or $(JOBS),2) dotnet test $(E2E) --no-build --nologo --logger "console;verbosity=detailed" --filter "$(if $(filter short,$(SET)),$(E2E_SHORT),Category!=PowerCut$(if $(FILTER),&$(FILTER)))"

power-cut: build image deb machine ## The same machine with its power cut in the midst of full updates: CUTS=200 SEED=1 FROM=1, JOBS=1 at a time
	@build/setup.sh build sandbox test
	@dotnet build $(E2E) --nologo -v quiet -clp:NoSummary
	@CUTS=$(or $(CUTS),200) SEED=$(or $(SEED),1) FROM=$(or $(FROM),1) JOBS=$(or $(JOBS),1) dotnet test $(E2E) --no-build --nologo --logger "console;verbosity=detailed" --filter "Category=PowerCut"

machine: ## The Debian machine of e2e and power-cut, into out/e2e (SUITE=trixie MACHINE=qemu)
	@build/setup.sh e2e $(filter qemu,$(MACHINE))
	@tests/e2e/machine-image.sh "$(MACHINE)" "$(SUITE)"

fuzz: ## Senseless documents at every reader of outside bytes (SEED=… COUNT=… of each kind)
	@seed=$${SEED:-$$(date +%s)}; echo "seed $$seed"; FUZZ_SEED=$$seed FUZZ_COUNT=$${COUNT:-5000} \
	  dotnet test tests/unit/Gateway.UnitTests --nologo --filter FullyQualifiedName~FuzzTests

lint: ## Analyzers as errors, formatting, locked restore, shell scripts
	@build/setup.sh lint
	@build/lint.sh

deb: out/deb/.stamp-$(ARCH) ## Build the Debian packages into out/deb (ARCH=amd64|arm64|armhf)

out/deb/.stamp-$(ARCH): out/bin/host-controller out/bin/gatewayctl $(shell find packaging/debian -type f 2>/dev/null)
	@build/setup.sh deb
	@packaging/debian/build.sh $(ARCH) out/deb
	@touch $@

image: out/image/container-supervisor.tar ## Build the supervisor's image into out/image

out/image/container-supervisor.tar: out/bin/container-supervisor $(shell find packaging/image -type f 2>/dev/null)
	@build/setup.sh image
	@packaging/image/build.sh $(ARCH) out/image

demo: build image deb ## A gateway comes to life on this machine, in private; ends with where to look
	@build/setup.sh build sandbox
	@demo/demo.sh start

demo-stop: ## End the demo and leave nothing behind
	@demo/demo.sh stop

bench: build image deb ## Speed, memory and sizes beside ansible-playbook and docker-compose; JSON in out/bench (PART=containers|playbooks|functions)
	@build/setup.sh build sandbox bench
	@dotnet run --project tests/bench/Gateway.Bench -c Release -- $(PART)

clean: ## Remove everything that was built
	rm -rf out
	find . -type d \( -name bin -o -name obj \) -not -path './.git/*' -prune -exec rm -rf {} +
