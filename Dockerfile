# Databases go to /app/data, what is to be said about them to /app/metadata.json:
#
#   docker build -t tapedeck .
#   docker run -p 8001:8001 -v "$PWD/data:/app/data:ro" -v "$PWD/metadata.json:/app/metadata.json:ro" tapedeck

FROM debian:12 AS build
WORKDIR /source
COPY . .
RUN ./dev build && strip build/tapedeck

FROM debian:12-slim
RUN apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
       nginx libboost-json1.81.0 libboost-program-options1.81.0 libboost-url1.81.0 libctemplate3 \
       libfcgi0ldbl libfyaml0 libseccomp2 libsqlite3-0 libssl3 libsystemd0 zlib1g \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /nonexistent --shell /usr/sbin/nologin tapedeck \
    && mkdir -p /app/data \
    && echo '{}' > /app/metadata.json
COPY --from=build /source/build/tapedeck /usr/bin/tapedeck
COPY --from=build /source/templates /usr/share/tapedeck/templates
COPY --from=build /source/static /usr/share/tapedeck/static
COPY --from=build /source/nginx /usr/share/tapedeck/nginx
WORKDIR /app
USER tapedeck
EXPOSE 8001
CMD ["tapedeck", "serve", "/app/data/*.db", "--metadata", "/app/metadata.json", "--host", "0.0.0.0", "--port", "8001", "--cors"]
