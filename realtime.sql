-- Campfire Realtime: broadcasts from the database, and the policies of private channels.
--
-- Run it after rls-policies.sql, with   psql -v ON_ERROR_STOP=1 -f realtime.sql   or   ./campfire init
--
-- It makes the objects that Supabase Realtime has under the same names: the table realtime.messages and the functions
-- realtime.send, send_binary, broadcast_changes and topic. What exists is left as it is, so on a database of Supabase's
-- it adds no more than the table's place in the publication and the function that keeps its partitions. It may be run
-- again at any time; a second run changes nothing. Needs Postgres 14 or newer, and a role that owns schema and
-- publication where they exist (a superuser, or `supabase_admin` on Supabase). What it cannot do, it leaves undone and
-- says so in a NOTICE.

-- ---------------------------------------------------------------------------------------------------------------------
-- The table. A row is a broadcast: of the database where it stays, and of a policy's question where it is rolled back.
-- Row-level security is on: nobody may join a private channel unless a policy lets them.
-- ---------------------------------------------------------------------------------------------------------------------

DO $do$
DECLARE
  client_role text;
BEGIN
  IF to_regnamespace('realtime') IS NULL THEN
    CREATE SCHEMA realtime;
  END IF;
  IF to_regnamespace('campfire') IS NULL THEN
    CREATE SCHEMA campfire;
  END IF;

  IF to_regclass('realtime.messages') IS NULL THEN
    CREATE TABLE realtime.messages (
      topic TEXT NOT NULL,
      extension TEXT NOT NULL,
      payload JSONB,
      event TEXT,
      private BOOLEAN DEFAULT false,
      updated_at TIMESTAMP NOT NULL DEFAULT now(),
      inserted_at TIMESTAMP NOT NULL DEFAULT now(),
      id UUID NOT NULL DEFAULT gen_random_uuid(),
      binary_payload BYTEA,
      CONSTRAINT messages_payload_exclusive CHECK (payload IS NULL OR binary_payload IS NULL),
      PRIMARY KEY (id, inserted_at)
    ) PARTITION BY RANGE (inserted_at);
    CREATE INDEX messages_inserted_at_topic_index ON realtime.messages (inserted_at DESC, topic)
      WHERE extension = 'broadcast' AND private IS TRUE;
    ALTER TABLE realtime.messages ENABLE ROW LEVEL SECURITY;
  END IF;

  FOREACH client_role IN ARRAY ARRAY['anon', 'authenticated', 'service_role'] LOOP
    CONTINUE WHEN to_regrole(client_role) IS NULL;
    IF NOT has_schema_privilege(client_role, 'realtime', 'USAGE') THEN
      EXECUTE format('GRANT USAGE ON SCHEMA realtime TO %I', client_role);
    END IF;
    IF NOT (has_table_privilege(client_role, 'realtime.messages', 'SELECT')
        AND has_table_privilege(client_role, 'realtime.messages', 'INSERT')
        AND has_table_privilege(client_role, 'realtime.messages', 'UPDATE')) THEN
      BEGIN
        EXECUTE format('GRANT SELECT, INSERT, UPDATE ON TABLE realtime.messages TO %I', client_role);
      EXCEPTION WHEN insufficient_privilege THEN
        RAISE NOTICE 'role % gets no privileges on realtime.messages: %', client_role, SQLERRM;
      END;
    END IF;
  END LOOP;
END
$do$;

-- ---------------------------------------------------------------------------------------------------------------------
-- Who may join which channel: rls-policies.sql says, in a function that it leaves here.
-- ---------------------------------------------------------------------------------------------------------------------

DO $do$
BEGIN
  IF to_regprocedure('campfire.protect_channels()') IS NULL THEN
    RAISE NOTICE 'no policies of channels are made: nobody but service_role may join private channels, and those of org:* and system:*'
      USING HINT = 'Run rls-policies.sql, or write policies on realtime.messages.';
  ELSE
    PERFORM campfire.protect_channels();
  END IF;
EXCEPTION WHEN insufficient_privilege OR undefined_function OR datatype_mismatch THEN
  RAISE NOTICE 'the policies of channels are skipped: %', SQLERRM
    USING HINT = 'Run this file as the owner of realtime.messages, or write policies of your own.';
END
$do$;

-- ---------------------------------------------------------------------------------------------------------------------
-- Functions that applications and triggers call.
-- ---------------------------------------------------------------------------------------------------------------------

DO $do$
BEGIN
  IF to_regprocedure('realtime.topic()') IS NULL THEN
    CREATE FUNCTION realtime.topic() RETURNS text LANGUAGE sql STABLE AS $body$
      SELECT nullif(current_setting('realtime.topic', true), '')::text
    $body$;
  END IF;

  -- A broadcast that fails must not undo the work of the transaction that makes it: it becomes a warning.
  IF to_regprocedure('realtime.send(jsonb, text, text, boolean)') IS NULL THEN
    CREATE FUNCTION realtime.send(payload jsonb, event text, topic text, private boolean DEFAULT true) RETURNS void
      LANGUAGE plpgsql
    AS $body$
    DECLARE
      message_id uuid := gen_random_uuid();
      message jsonb := payload;
    BEGIN
      BEGIN
        IF jsonb_typeof(message) = 'object' AND NOT message ? 'id' THEN
          message := jsonb_set(message, '{id}', to_jsonb(message_id));
        END IF;
        PERFORM set_config('realtime.topic', send.topic, true);
        INSERT INTO realtime.messages (id, payload, event, topic, private, extension)
        VALUES (message_id, message, send.event, send.topic, send.private, 'broadcast');
      EXCEPTION WHEN OTHERS THEN
        RAISE WARNING 'WarnSendingBroadcastMessage: %', SQLERRM;
      END;
    END
    $body$;
  END IF;

  IF to_regprocedure('realtime.send_binary(bytea, text, text, boolean)') IS NULL THEN
    CREATE FUNCTION realtime.send_binary(payload bytea, event text, topic text, private boolean DEFAULT true)
      RETURNS void
      LANGUAGE plpgsql
    AS $body$
    BEGIN
      BEGIN
        PERFORM set_config('realtime.topic', send_binary.topic, true);
        INSERT INTO realtime.messages (binary_payload, event, topic, private, extension)
        VALUES (send_binary.payload, send_binary.event, send_binary.topic, send_binary.private, 'broadcast');
      EXCEPTION WHEN OTHERS THEN
        RAISE WARNING 'WarnSendingBroadcastMessage: %', SQLERRM;
      END;
    END
    $body$;
  END IF;

  IF to_regprocedure('realtime.broadcast_changes(text, text, text, text, text, record, record, text)') IS NULL THEN
    CREATE FUNCTION realtime.broadcast_changes(
      topic_name text, event_name text, operation text, table_name text, table_schema text,
      new record, old record, level text DEFAULT 'ROW') RETURNS void
      LANGUAGE plpgsql
    AS $body$
    BEGIN
      IF level = 'STATEMENT' THEN
        RAISE EXCEPTION 'function can only be triggered for each row, not for each statement';
      END IF;
      IF operation NOT IN ('INSERT', 'UPDATE', 'DELETE') THEN
        RAISE EXCEPTION 'operation % is not supported: use INSERT, UPDATE or DELETE', operation;
      END IF;
      PERFORM realtime.send(
        jsonb_build_object(
          'old_record', to_jsonb(old),
          'record', to_jsonb(new),
          'operation', operation,
          'table', table_name,
          'schema', table_schema),
        event_name, topic_name);
    END
    $body$;
  END IF;
END
$do$;

-- ---------------------------------------------------------------------------------------------------------------------
-- Partitions: one for each day, made ahead and dropped when it is over the retention. The service calls this from time
-- to time as its login role, which owns nothing: so it runs as its owner, and does nothing but this.
-- ---------------------------------------------------------------------------------------------------------------------

DO $do$
DECLARE
  login_role text := coalesce(nullif(current_setting('campfire.login_role', true), ''), 'campfire_realtime');
BEGIN
  IF to_regprocedure('campfire.maintain_messages(interval)') IS NULL THEN
    CREATE FUNCTION campfire.maintain_messages(retention interval DEFAULT '72 hours') RETURNS integer
      LANGUAGE plpgsql
      SECURITY DEFINER
      SET search_path = ''
    AS $body$
    DECLARE
      -- The table's days are those of timestamps without a zone, which default to the session's: UTC for all that we do.
      today date := (pg_catalog.now() AT TIME ZONE 'UTC')::date;
      day date;
      part record;
      changes integer := 0;
    BEGIN
      IF NOT EXISTS (SELECT FROM pg_catalog.pg_partitioned_table
                     WHERE partrelid = pg_catalog.to_regclass('realtime.messages')) THEN
        RETURN 0;
      END IF;
      IF NOT pg_catalog.pg_try_advisory_xact_lock(4711, 2188) THEN
        RETURN 0;
      END IF;
      FOR day IN SELECT (today + n)::date FROM pg_catalog.generate_series(-1, 3) AS n LOOP
        IF pg_catalog.to_regclass('realtime.messages_' || pg_catalog.to_char(day, 'YYYY_MM_DD')) IS NULL THEN
          EXECUTE pg_catalog.format(
            'CREATE TABLE realtime.%I PARTITION OF realtime.messages FOR VALUES FROM (%L) TO (%L)',
            'messages_' || pg_catalog.to_char(day, 'YYYY_MM_DD'), day, day + 1);
          changes := changes + 1;
        END IF;
      END LOOP;
      FOR part IN
        SELECT c.relname, pg_catalog.to_date(pg_catalog.right(c.relname, 10), 'YYYY_MM_DD') AS day
          FROM pg_catalog.pg_inherits i JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid
         WHERE i.inhparent = pg_catalog.to_regclass('realtime.messages') AND c.relname ~ '^messages_\d{4}_\d\d_\d\d$'
      LOOP
        IF part.day + 1 <= (pg_catalog.now() AT TIME ZONE 'UTC') - greatest(retention, '1 day'::interval) THEN
          EXECUTE pg_catalog.format('DROP TABLE realtime.%I', part.relname);
          changes := changes + 1;
        END IF;
      END LOOP;
      RETURN changes;
    END
    $body$;
    REVOKE ALL ON FUNCTION campfire.maintain_messages(interval) FROM PUBLIC;
  END IF;

  IF to_regrole(login_role) IS NOT NULL THEN
    IF NOT has_schema_privilege(login_role, 'campfire', 'USAGE') THEN
      EXECUTE format('GRANT USAGE ON SCHEMA campfire TO %I', login_role);
    END IF;
    IF NOT has_function_privilege(login_role, 'campfire.maintain_messages(interval)', 'EXECUTE') THEN
      EXECUTE format('GRANT EXECUTE ON FUNCTION campfire.maintain_messages(interval) TO %I', login_role);
    END IF;
  END IF;

  BEGIN
    PERFORM campfire.maintain_messages();
  EXCEPTION WHEN insufficient_privilege THEN
    RAISE NOTICE 'the partitions of realtime.messages are not kept: %', SQLERRM
      USING HINT = 'Run this file as the owner of realtime.messages, or leave its partitions to who keeps them now.';
  END;
END
$do$;

-- ---------------------------------------------------------------------------------------------------------------------
-- The publication. A wildcard subscription never means the schema realtime, so rows of this table reach clients as the
-- broadcasts that they are, and as nothing else.
-- ---------------------------------------------------------------------------------------------------------------------

DO $do$
DECLARE
  publication pg_publication%ROWTYPE;
BEGIN
  PERFORM set_config('lock_timeout', '10s', true);
  SELECT * INTO publication FROM pg_publication WHERE pubname = 'supabase_realtime';
  IF publication.oid IS NULL THEN
    RAISE NOTICE 'publication supabase_realtime does not exist: realtime.messages is not published'
      USING HINT = 'Run publication.sql first, then this file again.';
  ELSIF NOT publication.puballtables
      AND NOT EXISTS (SELECT FROM pg_publication_rel
                      WHERE prpubid = publication.oid AND prrelid = 'realtime.messages'::regclass) THEN
    BEGIN
      ALTER PUBLICATION supabase_realtime ADD TABLE realtime.messages;
    EXCEPTION WHEN insufficient_privilege THEN
      RAISE NOTICE 'realtime.messages is not published, so broadcasts from the database are not delivered: %', SQLERRM
        USING HINT = 'As the owner of both: ALTER PUBLICATION supabase_realtime ADD TABLE realtime.messages;';
    END;
  END IF;
END
$do$;
