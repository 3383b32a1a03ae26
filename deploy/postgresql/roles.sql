-- The roles of a register, and its database. Once, as a superuser; then `registry migrate` makes the tables and
-- gives the application its rights (registry/core/roles.py). docs/hardening.md says why there are three.
--
--   psql --variable ON_ERROR_STOP=1 --file deploy/postgresql/roles.sql postgres
--
-- Passwords are set by \password, so that they stand in no file and no history:
--   psql postgres  =>  \password registry_owner   \password registry_app   \password registry_notary

CREATE ROLE registry_owner LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
CREATE ROLE registry_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
CREATE ROLE registry_notary LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
CREATE DATABASE registry OWNER registry_owner ENCODING 'UTF8' TEMPLATE template0;
REVOKE ALL ON DATABASE registry FROM PUBLIC;
GRANT CONNECT ON DATABASE registry TO registry_app, registry_notary;
