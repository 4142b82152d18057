# syntax=docker/dockerfile:1
# Built with the official Swift image; what runs is Debian slim with the libraries that Cairn links.
FROM swift:6.3-bookworm AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends libsqlite3-dev libcurl4-openssl-dev libssl-dev libhdf5-dev zlib1g-dev pkg-config \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /cairn
# The packages change more rarely than the sources.
COPY Package.swift ./
RUN swift package resolve
COPY Sources Sources
COPY Tests Tests
COPY migrations migrations
RUN swift build -c release --product cairn --static-swift-stdlib \
    && strip -o /usr/local/bin/cairn .build/release/cairn

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends libsqlite3-0 libcurl4 libssl3 libhdf5-103-1 zlib1g libstdc++6 ca-certificates \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin cairn \
    && install -d -o cairn -g cairn /data
COPY --from=build /usr/local/bin/cairn /usr/local/bin/cairn
COPY public /usr/local/share/cairn/public
COPY examples /usr/local/share/cairn/examples
USER cairn
WORKDIR /data
VOLUME /data
EXPOSE 8080
# Without CAIRN_TOKEN the first start writes a token to /data/cairn.sqlite.token and prints it once.
ENV CAIRN_LISTEN=0.0.0.0:8080 CAIRN_DATABASE=/data/cairn.sqlite CAIRN_MAKE_TOKEN=1
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s CMD ["cairn", "health"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["cairn"]
CMD ["serve"]
