# The bot with the checks of pictures: packages by hash, no demo stage, no tests, no Synapse.
FROM python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /source
COPY requirements requirements
RUN python -m venv /opt/builder \
    && /opt/builder/bin/pip install --require-hashes -r requirements/build.txt \
    && /opt/builder/bin/pip wheel --no-deps --require-hashes --no-build-isolation --wheel-dir wheels -r requirements/pictures.txt
COPY . .
RUN /opt/builder/bin/pip wheel --no-index --no-build-isolation --no-deps --wheel-dir wheels . \
    && python -m venv /opt/curbside \
    && /opt/curbside/bin/pip install --no-index --no-deps wheels/*.whl

FROM python:3.11-slim-bookworm
RUN groupadd --system --gid 10001 curbside \
    && useradd --system --uid 10001 --gid 10001 --home-dir /var/lib/curbside --shell /usr/sbin/nologin curbside \
    && install --directory --owner 10001 --group 10001 --mode 0700 /var/lib/curbside
COPY --from=build /opt/curbside /opt/curbside
# The settings and the master key are mounted read-only under /etc/curbside; what the bot owns lives on the volume.
ENV PATH=/opt/curbside/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    CURBSIDE_CONFIG=/etc/curbside/curbside.toml \
    CURBSIDE_DATA_DIR=/var/lib/curbside
USER 10001:10001
WORKDIR /var/lib/curbside
VOLUME ["/var/lib/curbside"]
# Asks inside the container, on the default port; another [http] port needs its own --health-cmd.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/live', timeout=4)"]
ENTRYPOINT ["curbside"]
CMD ["run", "--log-format", "json"]
