FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HOST=0.0.0.0 \
    DATA_DIR=/config \
    PUID=1000 \
    PGID=1000 \
    TZ=Etc/UTC

WORKDIR /app

# First what changes seldom, so that a new version reuses the layer.
COPY requirements.txt ./
RUN pip install --no-cache-dir --disable-pip-version-check -r requirements.txt

COPY . ./

VOLUME /config
EXPOSE 2774

HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python3", "deploy/healthcheck.py"]

# The script drops root for PUID:PGID and becomes gunicorn, which takes the stop signal itself.
ENTRYPOINT ["/app/deploy/start.sh"]
