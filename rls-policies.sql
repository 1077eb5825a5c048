-- Campfire Realtime: the roles, the functions that read a token's claims, and the row-level policies.
--
-- Run it after publication.sql, with   psql -v ON_ERROR_STOP=1 -f rls-policies.sql   or   ./campfire init
--
-- It creates what is missing and leaves alone what is there: no role, schema, function or policy that exists is
-- replaced, and a table that has policies of its own keeps them and no others, because another permissive policy would
-- open it further. It may be run again at any time; a second run changes nothing. Needs Postgres 14 or newer, and a
-- role that owns the tables and may create roles (a superuser, or `postgres` on Supabase). What it cannot do without
-- breaking something, it leaves undone and says so in a NOTICE.
--
-- The service's login role is called campfire_realtime. For another name:
--   PGOPTIONS='-c campfire.login_role=my_name' psql -v ON_ERROR_STOP=1 -f rls-policies.sql

-- ---------------------------------------------------------------------------------------------------------------------
-- Roles of the clients: a token's `role` claim names one of them. None can log in.
-- ---------------------------------------------------------------------------------------------------------------------

DO $do$
BEGIN
  IF to_regrole('anon') IS NULL THEN
    CREATE ROLE anon NOLOGIN NOINHERIT;
  END IF;
  IF to_regrole('authenticated') IS NULL THEN
    CREATE ROLE authenticated NOLOGIN NOINHERIT;
  END IF;
  IF to_regrole('service_role') IS NULL THEN
    BEGIN
      CREATE ROLE service_role NOLOGIN NOINHERIT BYPASSRLS;
    EXCEPTION WHEN insufficient_privilege THEN
      CREATE ROLE service_role NOLOGIN NOINHERIT;
      RAISE NOTICE 'role service_role is subject to row-level security, because % may not give BYPASSRLS', current_user
        USING HINT = 'As a superuser: ALTER ROLE service_role BYPASSRLS;';
    END;
  END IF;
END
$do$;

-- ---------------------------------------------------------------------------------------------------------------------
-- Claims. PostgREST and this service hand a verified token's claims to Postgres in the setting request.jwt.claims;
-- older releases set one request.jwt.claim.* each. Both are read, as Supabase's own functions do.
-- ---------------------------------------------------------------------------------------------------------------------

DO $do$
DECLARE
  client_role text;
BEGIN
  IF to_regnamespace('auth') IS NULL THEN
    CREATE SCHEMA auth;
  END IF;

  IF to_regprocedure('auth.uid()') IS NULL THEN
    CREATE FUNCTION auth.uid() RETURNS uuid LANGUAGE sql STABLE AS $body$
      SELECT coalesce(
        nullif(current_setting('request.jwt.claim.sub', true), ''),
        nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub'
      )::uuid
    $body$;
  END IF;

  IF to_regprocedure('auth.role()') IS NULL THEN
    CREATE FUNCTION auth.role() RETURNS text LANGUAGE sql STABLE AS $body$
      SELECT coalesce(
        nullif(current_setting('request.jwt.claim.role', true), ''),
        nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'role'
      )
    $body$;
  END IF;

  IF to_regprocedure('auth.jwt()') IS NULL THEN
    CREATE FUNCTION auth.jwt() RETURNS jsonb LANGUAGE sql STABLE AS $body$
      SELECT coalesce(
        nullif(current_setting('request.jwt.claim', true), ''),
        nullif(current_setting('request.jwt.claims', true), '')
      )::jsonb
    $body$;
  END IF;

  FOREACH client_role IN ARRAY ARRAY['anon', 'authenticated', 'service_role'] LOOP
    IF NOT has_schema_privilege(client_role, 'auth', 'USAGE') THEN
      EXECUTE format('GRANT USAGE ON SCHEMA auth TO %I', client_role);
    END IF;
    IF NOT has_schema_privilege(client_role, 'public', 'USAGE') THEN
      EXECUTE format('GRANT USAGE ON SCHEMA public TO %I', client_role);
    END IF;
  END LOOP;
END
$do$;

-- ---------------------------------------------------------------------------------------------------------------------
-- Policies and privileges of the three tables.
-- ---------------------------------------------------------------------------------------------------------------------

DO $do$
DECLARE
  candidate record;
  own_policies text;
  missing_columns text;
  ready text[] := ARRAY[]::text[];
  protected_table text;
  allowed record;
  relation regclass;
  column_name text;
  client_role text;
BEGIN
  -- ALTER TABLE waits for running transactions, and everybody else waits behind it: rather give up and be run again.
  PERFORM set_config('lock_timeout', '10s', true);

  FOR candidate IN
    SELECT wanted.*, c.oid, c.relkind
      FROM (VALUES
        ('messages', 'messages_bidirectional_access', ARRAY['organization_id']),
        ('conversations', 'conversations_bidirectional_access', ARRAY['organization_id']),
        ('organization_members', 'organization_members_own_access', ARRAY['organization_id', 'user_id', 'status'])
      ) AS wanted (name, policy, needs)
      LEFT JOIN pg_class c ON c.oid = to_regclass('public.' || wanted.name)
  LOOP
    SELECT string_agg(need, ', ') INTO missing_columns
      FROM unnest(candidate.needs) AS need
     WHERE NOT EXISTS (SELECT FROM pg_attribute
                       WHERE attrelid = candidate.oid AND attname = need AND NOT attisdropped);
    SELECT string_agg(polname, ', ' ORDER BY polname) INTO own_policies
      FROM pg_policy WHERE polrelid = candidate.oid AND polname <> candidate.policy;

    IF candidate.oid IS NULL THEN
      RAISE NOTICE 'table public.% does not exist: its policy is skipped', candidate.name
        USING HINT = 'Run publication.sql first, then this file again.';
    ELSIF candidate.relkind NOT IN ('r', 'p') THEN
      RAISE NOTICE 'public.% is no table: its policy is skipped', candidate.name;
    ELSIF missing_columns IS NOT NULL THEN
      RAISE NOTICE 'table public.% has no column %: its policy is skipped and row-level security is left as it is',
        candidate.name, missing_columns;
    ELSIF own_policies IS NOT NULL THEN
      RAISE NOTICE 'table public.% has policies of its own (%): they and its privileges are left as they are',
        candidate.name, own_policies;
    ELSE
      ready := ready || candidate.name::text;
      IF EXISTS (SELECT FROM pg_attribute
                 WHERE attrelid = candidate.oid AND attname = 'organization_id' AND NOT attnotnull) THEN
        RAISE NOTICE 'column public.%.organization_id may be NULL; rows without it reach nobody', candidate.name
          USING HINT = format('ALTER TABLE public.%I ALTER COLUMN organization_id SET NOT NULL;', candidate.name);
      END IF;
    END IF;
  END LOOP;

  -- The policies of messages and conversations read the memberships.
  IF (SELECT count(*) FROM pg_attribute
      WHERE attrelid = to_regclass('public.organization_members')
        AND attname IN ('organization_id', 'user_id', 'status') AND NOT attisdropped) < 3 THEN
    IF ready && ARRAY['messages', 'conversations'] THEN
      RAISE NOTICE 'the policies of messages and conversations read public.organization_members (organization_id, user_id, status), which is not there: they are skipped';
    END IF;
    ready := array_remove(array_remove(ready, 'messages'), 'conversations');
  END IF;

  -- One's own memberships and no others, which is what the other two policies ask for. A policy on this table that
  -- read this table would never end.
  IF 'organization_members' = ANY (ready)
      AND NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = to_regclass('public.organization_members')) THEN
    BEGIN
      CREATE POLICY "organization_members_own_access" ON public.organization_members
      FOR SELECT USING (
        auth.role() = 'authenticated' AND user_id = (SELECT auth.uid()) AND organization_id IS NOT NULL
      );
    EXCEPTION WHEN undefined_function OR datatype_mismatch THEN
      RAISE NOTICE 'the policy of public.organization_members is skipped: %', SQLERRM;
      ready := array_remove(ready, 'organization_members');
    END;
  END IF;

  IF 'messages' = ANY (ready)
      AND NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = to_regclass('public.messages')) THEN
    BEGIN
      CREATE POLICY "messages_bidirectional_access" ON public.messages
      FOR ALL USING (
        -- Anonymous access for the widget (organisation-scoped)
        (auth.role() = 'anon' AND organization_id IS NOT NULL)
        OR
        -- Authenticated access for the dashboard (the user must be a member of the organisation)
        (auth.role() = 'authenticated' AND
         organization_id IN (
           SELECT organization_id FROM public.organization_members
           WHERE user_id = auth.uid() AND status = 'active'
         ))
      )
      -- The same for what is written, said in full.
      WITH CHECK (
        organization_id IS NOT NULL
        AND (
          auth.role() = 'anon'
          OR
          (auth.role() = 'authenticated' AND
           organization_id IN (
             SELECT organization_id FROM public.organization_members
             WHERE user_id = auth.uid() AND status = 'active'
           ))
        )
      );
    EXCEPTION WHEN undefined_function OR datatype_mismatch THEN
      RAISE NOTICE 'the policy of public.messages is skipped: %', SQLERRM;
      ready := array_remove(ready, 'messages');
    END;
  END IF;

  IF 'conversations' = ANY (ready)
      AND NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = to_regclass('public.conversations')) THEN
    BEGIN
      CREATE POLICY "conversations_bidirectional_access" ON public.conversations
      FOR ALL USING (
        (auth.role() = 'anon' AND organization_id IS NOT NULL)
        OR
        (auth.role() = 'authenticated' AND
         organization_id IN (
           SELECT organization_id FROM public.organization_members
           WHERE user_id = auth.uid() AND status = 'active'
         ))
      )
      WITH CHECK (
        organization_id IS NOT NULL
        AND (
          auth.role() = 'anon'
          OR
          (auth.role() = 'authenticated' AND
           organization_id IN (
             SELECT organization_id FROM public.organization_members
             WHERE user_id = auth.uid() AND status = 'active'
           ))
        )
      );
    EXCEPTION WHEN undefined_function OR datatype_mismatch THEN
      RAISE NOTICE 'the policy of public.conversations is skipped: %', SQLERRM;
      ready := array_remove(ready, 'conversations');
    END;
  END IF;

  FOREACH protected_table IN ARRAY ready LOOP
    IF NOT (SELECT relrowsecurity FROM pg_class WHERE oid = to_regclass('public.' || protected_table)) THEN
      EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', protected_table);
    END IF;
  END LOOP;

  -- Privileges: what the flows of the standards need and no more. Which rows, the policies above decide.
  FOR allowed IN
    SELECT * FROM (VALUES
      -- The widget reads its conversation, sends, and reports delivered and read.
      ('messages', 'anon', 'SELECT', NULL),
      ('messages', 'anon', 'INSERT', NULL),
      ('messages', 'anon', 'UPDATE', ARRAY['status']),
      -- The dashboard also edits and deletes messages (message:updated, message:deleted).
      ('messages', 'authenticated', 'SELECT', NULL),
      ('messages', 'authenticated', 'INSERT', NULL),
      ('messages', 'authenticated', 'UPDATE', NULL),
      ('messages', 'authenticated', 'DELETE', NULL),
      -- The widget opens a conversation and sees it closed; the dashboard assigns, closes, reopens and archives.
      -- Nobody but service_role deletes one.
      ('conversations', 'anon', 'SELECT', NULL),
      ('conversations', 'anon', 'INSERT', NULL),
      ('conversations', 'authenticated', 'SELECT', NULL),
      ('conversations', 'authenticated', 'INSERT', NULL),
      ('conversations', 'authenticated', 'UPDATE', NULL),
      -- Postgres checks the privileges of every table that a policy names, also in the branch for authenticated users:
      -- so anon needs these columns, though it sees no row. Nobody but service_role writes memberships.
      ('organization_members', 'anon', 'SELECT', ARRAY['organization_id', 'user_id', 'status']),
      ('organization_members', 'authenticated', 'SELECT', NULL)
    ) AS clients (table_name, role_name, privilege, columns)
    UNION ALL
    -- The server side of the application, which row-level security does not bind.
    SELECT table_name, 'service_role', privilege, NULL
      FROM unnest(ARRAY['messages', 'conversations', 'organization_members']) AS table_name,
           unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS privilege
  LOOP
    CONTINUE WHEN allowed.table_name <> ALL (ready);
    relation := to_regclass('public.' || allowed.table_name);
    IF allowed.columns IS NULL THEN
      CONTINUE WHEN has_table_privilege(allowed.role_name, relation, allowed.privilege);
      EXECUTE format('GRANT %s ON TABLE %s TO %I', allowed.privilege, relation, allowed.role_name);
    ELSE
      FOR column_name IN
        SELECT attname FROM pg_attribute
         WHERE attrelid = relation AND attname = ANY (allowed.columns) AND NOT attisdropped
      LOOP
        CONTINUE WHEN has_column_privilege(allowed.role_name, relation, column_name, allowed.privilege);
        EXECUTE format('GRANT %s (%I) ON TABLE %s TO %I',
          allowed.privilege, column_name, relation, allowed.role_name);
      END LOOP;
    END IF;
  END LOOP;

  IF 'organization_members' <> ALL (ready) AND ready && ARRAY['messages', 'conversations'] THEN
    -- It keeps its own policies: they decide what is seen through these columns, provided that they are in force.
    FOREACH client_role IN ARRAY ARRAY['anon', 'authenticated'] LOOP
      CONTINUE WHEN has_column_privilege(client_role, 'public.organization_members', 'organization_id', 'SELECT')
        AND has_column_privilege(client_role, 'public.organization_members', 'user_id', 'SELECT')
        AND has_column_privilege(client_role, 'public.organization_members', 'status', 'SELECT');
      IF (SELECT relrowsecurity FROM pg_class WHERE oid = to_regclass('public.organization_members')) THEN
        EXECUTE format('GRANT SELECT (organization_id, user_id, status) ON TABLE public.organization_members TO %I',
          client_role);
      ELSE
        RAISE NOTICE 'role % may not read public.organization_members, which the policies of messages and conversations read; it is not granted, because that table has no row-level security', client_role;
      END IF;
    END LOOP;
  END IF;
END
$do$;

-- ---------------------------------------------------------------------------------------------------------------------
-- Channels: who may join and who may send is decided by policies on realtime.messages, of which a row stands for a
-- topic; SELECT is to read, INSERT to write. These state the standards for org:* and system:*.
--
--   authenticated  every channel of the organisations of which it is an active member, user:{id} only its own; admins and
--                  agents write, viewers are present and no more
--   anon           conversation, typing, presence, status and widget channels that it names by id, of those that its
--                  token's organization_id, conversation_id and visitor_id name, where it has them
--   service_role   everything (no policy binds it), and nobody else writes to system:*
--
-- The table is made by realtime.sql, which calls this function too. Where it has policies already, they are kept and none
-- of these is added, because another permissive policy would open it further.
-- ---------------------------------------------------------------------------------------------------------------------

DO $do$
BEGIN
  IF to_regnamespace('campfire') IS NULL THEN
    CREATE SCHEMA campfire;
  END IF;

  IF to_regprocedure('campfire.protect_channels()') IS NULL THEN
    CREATE FUNCTION campfire.protect_channels() RETURNS void LANGUAGE plpgsql AS $body$
    DECLARE
      own_policies text;
      -- Left to right, so that a token whose subject is no UUID is asked about where it matters and nowhere else. A member's
      -- own rows are what the policy of organization_members shows.
      member CONSTANT text := $sql$
        topic LIKE 'org:%%'
        AND (split_part(topic, ':', 3) <> 'user' OR split_part(topic, ':', 4) = (SELECT auth.jwt() ->> 'sub'))
        AND EXISTS (
          SELECT 1 FROM public.organization_members AS membership
          WHERE membership.organization_id::text = split_part(topic, ':', 2)
            AND membership.user_id = (SELECT %s) AND membership.status = 'active' %s)
      $sql$;
      subject text := $sql$ auth.jwt() ->> 'sub' $sql$;
      -- A claim that is not there narrows nothing.
      visitor CONSTANT text := $sql$
        (topic ~ '^org:[^:]+:conv:[^:]+(:(typing|presence|status))?$'
          OR topic ~ '^org:[^:]+:widget:((visitor|session):)?[^:]+$')
        AND split_part(topic, ':', 2)
          = coalesce((SELECT auth.jwt()) ->> 'organization_id', split_part(topic, ':', 2))
        AND CASE
          WHEN topic ~ '^org:[^:]+:widget:visitor:'
            THEN split_part(topic, ':', 5) = coalesce((SELECT auth.jwt()) ->> 'visitor_id', split_part(topic, ':', 5))
          WHEN topic ~ '^org:[^:]+:widget:session:' THEN true
          ELSE split_part(topic, ':', 4) = coalesce((SELECT auth.jwt()) ->> 'conversation_id', split_part(topic, ':', 4))
        END
      $sql$;
      has_roles boolean;
    BEGIN
      SELECT string_agg(polname, ', ' ORDER BY polname) INTO own_policies
        FROM pg_policy WHERE polrelid = 'realtime.messages'::regclass;
      IF own_policies IS NOT NULL THEN
        IF EXISTS (SELECT FROM pg_policy WHERE polrelid = 'realtime.messages'::regclass
                   AND polname NOT LIKE 'campfire\_%') THEN
          RAISE NOTICE 'realtime.messages has policies of its own (%): they decide about org:* and system:*, too',
            own_policies;
        END IF;
        RETURN;
      END IF;

      CREATE POLICY campfire_system_read ON realtime.messages FOR SELECT TO anon, authenticated
        USING (topic LIKE 'system:%');

      EXECUTE 'CREATE POLICY campfire_visitor_read ON realtime.messages FOR SELECT TO anon USING (' || visitor || ')';
      EXECUTE 'CREATE POLICY campfire_visitor_write ON realtime.messages FOR INSERT TO anon WITH CHECK ('
        || visitor || ')';

      IF (SELECT count(*) FROM pg_attribute
          WHERE attrelid = to_regclass('public.organization_members')
            AND attname IN ('organization_id', 'user_id', 'status') AND NOT attisdropped) < 3 THEN
        RAISE NOTICE 'there is no public.organization_members (organization_id, user_id, status): nobody who is authenticated may join channels of org:*'
          USING HINT = 'Write policies of your own on realtime.messages, or set CAMPFIRE_PROTECTED_CHANNELS=none.';
        RETURN;
      END IF;
      has_roles := EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'public.organization_members'::regclass
                           AND attname = 'role' AND NOT attisdropped);
      IF (SELECT atttypid FROM pg_attribute
          WHERE attrelid = 'public.organization_members'::regclass AND attname = 'user_id') = 'uuid'::regtype THEN
        subject := $sql$ CASE WHEN auth.jwt() ->> 'sub' ~ '^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$'
          THEN (auth.jwt() ->> 'sub')::uuid END $sql$;
      END IF;
      EXECUTE 'CREATE POLICY campfire_member_read ON realtime.messages FOR SELECT TO authenticated USING ('
        || format(member, subject, '') || ')';
      EXECUTE 'CREATE POLICY campfire_member_write ON realtime.messages FOR INSERT TO authenticated WITH CHECK ('
        || format(member, subject, CASE WHEN has_roles THEN
             $sql$AND (membership.role IN ('admin', 'agent') OR extension = 'presence')$sql$ ELSE '' END) || ')';
      IF has_roles THEN
        IF NOT has_column_privilege('authenticated', 'public.organization_members', 'role', 'SELECT')
            AND (SELECT relrowsecurity FROM pg_class WHERE oid = 'public.organization_members'::regclass) THEN
          GRANT SELECT (role) ON TABLE public.organization_members TO authenticated;
        END IF;
      END IF;
    END
    $body$;
    REVOKE ALL ON FUNCTION campfire.protect_channels() FROM PUBLIC;
  END IF;

  BEGIN
    IF to_regclass('realtime.messages') IS NOT NULL THEN
      PERFORM campfire.protect_channels();
    END IF;
  EXCEPTION WHEN insufficient_privilege OR undefined_function OR datatype_mismatch THEN
    RAISE NOTICE 'the policies of channels are skipped: %', SQLERRM
      USING HINT = 'Run this file as the owner of realtime.messages, or write policies of your own.';
  END;
END
$do$;

-- ---------------------------------------------------------------------------------------------------------------------
-- The role that the service logs in as. REPLICATION lets it create and read its slot; reading a publication takes no
-- privilege on the tables. It may become one of the clients' roles (SET ROLE) to ask Postgres what that role would see,
-- and without doing so it can read no row: it inherits nothing.
--
-- It has no password and cannot log in by one until it is given one, where it does not end up in a log:
--   psql -c '\password campfire_realtime'
-- ---------------------------------------------------------------------------------------------------------------------

DO $do$
DECLARE
  login_role text := coalesce(nullif(current_setting('campfire.login_role', true), ''), 'campfire_realtime');
  login_oid oid;
  client_role text;
BEGIN
  SELECT oid INTO login_oid FROM pg_roles WHERE rolname = login_role;
  IF login_oid IS NULL THEN
    BEGIN
      EXECUTE format('CREATE ROLE %I LOGIN REPLICATION NOINHERIT', login_role);
      RAISE NOTICE 'role % is created without a password', login_role
        USING HINT = format('Give it one: psql -c ''\password %s''', login_role);
    EXCEPTION WHEN insufficient_privilege THEN
      RAISE NOTICE 'role % is not created, because % may not give REPLICATION (%)', login_role, current_user, SQLERRM
        USING HINT = 'Run this file as a superuser, or let the service log in as a role that has REPLICATION (on Supabase: postgres).';
      RETURN;
    END;
    SELECT oid INTO login_oid FROM pg_roles WHERE rolname = login_role;
  END IF;

  FOREACH client_role IN ARRAY ARRAY['anon', 'authenticated', 'service_role'] LOOP
    CONTINUE WHEN EXISTS (SELECT FROM pg_auth_members
                          WHERE roleid = to_regrole(client_role) AND pg_auth_members.member = login_oid);
    BEGIN
      IF current_setting('server_version_num')::int >= 160000 THEN
        EXECUTE format('GRANT %I TO %I WITH INHERIT FALSE, SET TRUE', client_role, login_role);
      ELSE
        EXECUTE format('GRANT %I TO %I', client_role, login_role);
      END IF;
    EXCEPTION WHEN insufficient_privilege THEN
      RAISE NOTICE 'role % is not made a member of %: %', login_role, client_role, SQLERRM
        USING HINT = format('As a role with ADMIN OPTION on it: GRANT %I TO %I;', client_role, login_role);
    END;
  END LOOP;

  IF NOT has_database_privilege(login_role, current_database(), 'CONNECT') THEN
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), login_role);
  END IF;
END
$do$;

-- ---------------------------------------------------------------------------------------------------------------------
-- What the API has answered to calls with an idempotency key, so that a repeated call, before or after a restart, is
-- answered alike and does nothing. Digests, not the keys themselves; the service forgets them after a day. It is the
-- service's own: no client's role may touch it.
-- ---------------------------------------------------------------------------------------------------------------------

DO $do$
DECLARE
  login_role text := coalesce(nullif(current_setting('campfire.login_role', true), ''), 'campfire_realtime');
  privilege text;
BEGIN
  IF to_regclass('campfire.idempotency_keys') IS NULL THEN
    CREATE TABLE campfire.idempotency_keys (
      id BYTEA PRIMARY KEY,
      fingerprint BYTEA NOT NULL,
      answer TEXT,
      expires_at TIMESTAMPTZ NOT NULL
    -- Room on each page, so that the answer need not touch the indexes.
    ) WITH (fillfactor = 60);
    CREATE INDEX idempotency_keys_expires_at_idx ON campfire.idempotency_keys (expires_at);
    REVOKE ALL ON TABLE campfire.idempotency_keys FROM PUBLIC, anon, authenticated, service_role;
  END IF;

  IF to_regrole(login_role) IS NOT NULL THEN
    IF NOT has_schema_privilege(login_role, 'campfire', 'USAGE') THEN
      EXECUTE format('GRANT USAGE ON SCHEMA campfire TO %I', login_role);
    END IF;
    FOREACH privilege IN ARRAY ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE'] LOOP
      CONTINUE WHEN has_table_privilege(login_role, 'campfire.idempotency_keys', privilege);
      EXECUTE format('GRANT %s ON TABLE campfire.idempotency_keys TO %I', privilege, login_role);
    END LOOP;
  END IF;
END
$do$;
