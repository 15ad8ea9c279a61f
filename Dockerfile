# One image for everything: `poet serve` by default, `poet migrate` once before it on PostgreSQL.

# The Python that the tests run on.
FROM python:3.11-slim-bookworm AS build
RUN pip install --no-cache-dir uv==0.13.9
ENV UV_PROJECT_ENVIRONMENT=/opt/poet UV_PYTHON_DOWNLOADS=never UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1
WORKDIR /src
# Dependencies first: they change less often than the service.
COPY pyproject.toml uv.lock ./
RUN uv sync --locked --no-dev --no-install-project
COPY README.md LICENSE ./
COPY app app
COPY migrations migrations
COPY openapi openapi
RUN uv sync --locked --no-dev --no-editable

FROM python:3.11-slim-bookworm
RUN groupadd --gid 10001 poet \
    && useradd --uid 10001 --gid poet --no-create-home --home-dir /var/lib/poet poet \
    && install --directory --mode 0700 --owner poet --group poet /var/lib/poet
COPY --from=build /opt/poet /opt/poet
ENV PATH=/opt/poet/bin:$PATH POET_HOME=/var/lib/poet PYTHONUNBUFFERED=1
WORKDIR /var/lib/poet
VOLUME /var/lib/poet
# By number, so that an orchestrator can see that it is not root.
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/livez', timeout=4)"]
CMD ["poet", "serve", "--host", "0.0.0.0"]
