#!/bin/bash
# Run by the Postgres image once, when its volume is created: the role that the service logs in as gets its password
# here. What that role may do is in rls-policies.sql, which leaves a role that exists as it is.
set -euo pipefail
psql --set=ON_ERROR_STOP=1 --no-psqlrc --quiet --username="$POSTGRES_USER" --dbname="$POSTGRES_DB" <<'SQL'
\getenv password CAMPFIRE_DB_PASSWORD
CREATE ROLE campfire_realtime LOGIN REPLICATION NOINHERIT PASSWORD :'password';
SQL
