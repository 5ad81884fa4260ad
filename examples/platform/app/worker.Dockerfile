FROM python:3.13-slim
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PORT=8080
WORKDIR /app
COPY requirements.txt ./
RUN pip install --no-cache-dir --require-hashes -r requirements.txt
# The authorities of Amazon RDS, which no image has: psycopg verifies the database with them.
ADD --chmod=444 https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem /etc/ssl/rds.pem
ENV PGSSLROOTCERT=/etc/ssl/rds.pem
COPY items ./items
USER 1000
EXPOSE 8080
CMD ["python", "-m", "items.worker"]
