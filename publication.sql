-- Campfire Realtime: the tables of the chat standards and the publication that the service reads.
--
-- Run it with   psql -v ON_ERROR_STOP=1 -f publication.sql   or   ./campfire init
-- Then run rls-policies.sql: until then the tables that this file creates are open to their owner alone.
--
-- It creates what is missing and leaves alone what is there, so it may be run again at any time: a second run takes no
-- lock and changes nothing. Needs Postgres 14 or newer, and a role that owns the tables and the publication where they
-- exist, and otherwise may create tables in schema public and publications in the database (a superuser, or `postgres`
-- on Supabase). What it cannot do without breaking something, it leaves undone and says so in a NOTICE.

-- ---------------------------------------------------------------------------------------------------------------------
-- Schema campfire holds what is Campfire's own; nothing of the application's is kept there.
-- ---------------------------------------------------------------------------------------------------------------------

DO $do$
BEGIN
  IF to_regnamespace('campfire') IS NULL THEN
    CREATE SCHEMA campfire;
  END IF;

  IF to_regprocedure('campfire.touch_updated_at()') IS NULL THEN
    CREATE FUNCTION campfire.touch_updated_at() RETURNS trigger
      LANGUAGE plpgsql
      SET search_path = ''
    AS $body$
    BEGIN
      -- A writer that sets updated_at itself, such as an import, keeps its value.
      IF NEW.updated_at IS NOT DISTINCT FROM OLD.updated_at THEN
        NEW.updated_at := pg_catalog.now();
      END IF;
      RETURN NEW;
    END
    $body$;
  END IF;
END
$do$;

-- ---------------------------------------------------------------------------------------------------------------------
-- Tables. organization_id is NOT NULL everywhere: every policy and every channel name needs it.
--
-- Indexes and triggers come with a table that this file creates, never to one that exists: building an index there
-- would lock its writers out, and its application may keep updated_at by its own means.
-- ---------------------------------------------------------------------------------------------------------------------

DO $do$
DECLARE
  created text[] := ARRAY[]::text[];
  created_table text;
  client_role text;
BEGIN
  IF to_regclass('public.conversations') IS NULL THEN
    CREATE TABLE public.conversations (
      id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
      organization_id UUID NOT NULL,
      status TEXT NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'closed', 'archived')),
      assigned_agent_id UUID,
      ai_active BOOLEAN NOT NULL DEFAULT true,
      ai_handover_status TEXT CHECK (ai_handover_status IN ('requested', 'completed')),
      customer_name TEXT,
      customer_email TEXT,
      subject TEXT,
      metadata JSONB,
      created_at TIMESTAMPTZ DEFAULT NOW(),
      updated_at TIMESTAMPTZ DEFAULT NOW(),
      closed_at TIMESTAMPTZ,
      archived_at TIMESTAMPTZ
    );
    CREATE INDEX conversations_organization_id_status_idx ON public.conversations (organization_id, status);
    CREATE INDEX conversations_assigned_agent_id_idx ON public.conversations (assigned_agent_id)
      WHERE assigned_agent_id IS NOT NULL;
    created := created || 'conversations'::text;
  END IF;

  IF to_regclass('public.messages') IS NULL THEN
    BEGIN
      CREATE TABLE public.messages (
        id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
        conversation_id UUID NOT NULL REFERENCES public.conversations (id),
        organization_id UUID NOT NULL,
        content TEXT NOT NULL,
        sender_type TEXT NOT NULL CHECK (sender_type IN ('customer', 'agent', 'system')),
        sender_name TEXT,
        sender_email TEXT,
        message_type TEXT DEFAULT 'text',
        status TEXT DEFAULT 'sent',
        metadata JSONB,
        attachments JSONB,
        created_at TIMESTAMPTZ DEFAULT NOW(),
        updated_at TIMESTAMPTZ DEFAULT NOW()
      );
      CREATE INDEX messages_conversation_id_created_at_idx ON public.messages (conversation_id, created_at);
      CREATE INDEX messages_organization_id_created_at_idx ON public.messages (organization_id, created_at);
      created := created || 'messages'::text;
    EXCEPTION
      -- A conversations table of another shape: its id is no uuid, is not unique, or is not there.
      WHEN datatype_mismatch OR invalid_foreign_key OR undefined_column OR wrong_object_type THEN
        RAISE NOTICE 'table public.messages is not created, because it cannot refer to public.conversations (id): %',
          SQLERRM;
    END;
  END IF;

  IF to_regclass('public.organization_members') IS NULL THEN
    CREATE TABLE public.organization_members (
      id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
      organization_id UUID NOT NULL,
      user_id UUID NOT NULL,
      role TEXT NOT NULL DEFAULT 'agent' CHECK (role IN ('admin', 'agent', 'viewer')),
      status TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'invited', 'suspended')),
      created_at TIMESTAMPTZ DEFAULT NOW(),
      updated_at TIMESTAMPTZ DEFAULT NOW(),
      UNIQUE (organization_id, user_id)
    );
    -- What the policies ask on every row: of which organisations is this user an active member?
    CREATE INDEX organization_members_user_id_status_idx ON public.organization_members (user_id, status);
    created := created || 'organization_members'::text;
  END IF;

  FOREACH created_table IN ARRAY created LOOP
    EXECUTE format(
      'CREATE TRIGGER %I BEFORE UPDATE ON public.%I FOR EACH ROW EXECUTE FUNCTION campfire.touch_updated_at()',
      created_table || '_touch_updated_at', created_table);
    -- Supabase's default privileges give every new table whole, TRUNCATE too, to the roles of the clients, before any
    -- policy protects it. rls-policies.sql grants what they need.
    FOREACH client_role IN ARRAY ARRAY['anon', 'authenticated'] LOOP
      IF to_regrole(client_role) IS NOT NULL THEN
        EXECUTE format('REVOKE ALL ON TABLE public.%I FROM %I', created_table, client_role);
      END IF;
    END LOOP;
  END LOOP;
END
$do$;

-- ---------------------------------------------------------------------------------------------------------------------
-- The publication, with the tables whose changes clients see and the one that the policies read: a change of a
-- membership has to reach the service, or a removed member would go on receiving.
-- ---------------------------------------------------------------------------------------------------------------------

DO $do$
DECLARE
  publication pg_publication%ROWTYPE;
  table_name text;
  member regclass;
  member_kind "char";
  part regclass;
  unidentified text;
BEGIN
  -- ALTER TABLE waits for running transactions, and everybody else waits behind it: rather give up and be run again.
  PERFORM set_config('lock_timeout', '10s', true);

  IF NOT EXISTS (SELECT FROM pg_publication WHERE pubname = 'supabase_realtime') THEN
    CREATE PUBLICATION supabase_realtime WITH (publish = 'insert, update, delete, truncate');
  END IF;
  SELECT * INTO publication FROM pg_publication WHERE pubname = 'supabase_realtime';

  FOREACH table_name IN ARRAY ARRAY['messages', 'conversations', 'organization_members'] LOOP
    SELECT c.oid, c.relkind INTO member, member_kind
      FROM pg_class c WHERE c.oid = to_regclass('public.' || table_name);
    CONTINUE WHEN member IS NULL;
    IF member_kind NOT IN ('r', 'p') THEN
      RAISE NOTICE 'public.% is no table and cannot be published', table_name;
      CONTINUE;
    END IF;

    -- FULL, so that old_record is the whole old row and a policy can judge a DELETE. A partition does not take it over
    -- from its parent. Before ADD TABLE: a published table without any identity refuses UPDATE and DELETE.
    FOR part IN
      SELECT member UNION SELECT relid FROM pg_partition_tree(member)
    LOOP
      IF (SELECT relreplident FROM pg_class WHERE oid = part) <> 'f' THEN
        EXECUTE format('ALTER TABLE %s REPLICA IDENTITY FULL', part);
      END IF;
    END LOOP;

    IF NOT publication.puballtables
        AND NOT EXISTS (SELECT FROM pg_publication_rel WHERE prpubid = publication.oid AND prrelid = member)
        AND NOT EXISTS (SELECT FROM pg_publication_tables
                        WHERE pubname = 'supabase_realtime' AND schemaname = 'public' AND tablename = table_name) THEN
      EXECUTE format('ALTER PUBLICATION supabase_realtime ADD TABLE %s', member);
    END IF;
  END LOOP;

  IF NOT (publication.pubinsert AND publication.pubupdate AND publication.pubdelete AND publication.pubtruncate) THEN
    -- Publishing UPDATE and DELETE makes a table without a replica identity refuse both.
    SELECT string_agg(format('%I.%I', p.schemaname, p.tablename), ', ' ORDER BY p.schemaname, p.tablename)
      INTO unidentified
      FROM pg_publication_tables p
      JOIN pg_namespace n ON n.nspname = p.schemaname
      JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = p.tablename
     WHERE p.pubname = 'supabase_realtime'
       AND (c.relreplident = 'n'
            OR c.relreplident = 'd'
               AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary)
            OR c.relreplident = 'i'
               AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisreplident));
    IF unidentified IS NULL THEN
      ALTER PUBLICATION supabase_realtime SET (publish = 'insert, update, delete, truncate');
    ELSE
      RAISE NOTICE 'publication supabase_realtime does not publish every operation and is left so, because these tables have no replica identity and would then refuse UPDATE and DELETE: %', unidentified
        USING HINT = 'ALTER TABLE ... REPLICA IDENTITY FULL on each, then run this file again.';
    END IF;
  END IF;
END
$do$;
