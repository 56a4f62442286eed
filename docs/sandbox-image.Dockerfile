# An image for the tiers docker and podman: the toolchains of Debian 12, at the
# paths that they have on a Debian 12 host.
#   docker build -t evalr-sandbox - <docs/sandbox-image.Dockerfile
#   EVALR_SANDBOX_IMAGE=evalr-sandbox evalr exec --tier docker …
FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends \
        python3 gcc g++ libc6-dev default-jdk-headless libjavatuples-java nodejs node-typescript rustc golang-go \
    && rm -rf /var/lib/apt/lists/*
