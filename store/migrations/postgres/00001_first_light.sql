-- Conventions: connection_id leads every table of the engine; times are whole
-- microseconds since 1970 in UTC, 0 for none; booleans are 0 and 1; documents
-- are JSON text. Ids compare byte by byte.
--
-- Further indexes begin with the column that selects most: to a planner without
-- statistics one that began with connection_id would look as good as the
-- primary key.

-- +goose Up
CREATE TABLE connection (
    id           TEXT COLLATE "C"   NOT NULL PRIMARY KEY,
    workspace_id TEXT COLLATE "C"   NOT NULL DEFAULT '',
    name         TEXT COLLATE "C"   NOT NULL,
    state        TEXT COLLATE "C"   NOT NULL,
    document     TEXT COLLATE "C"   NOT NULL,
    created_at   BIGINT NOT NULL
);
CREATE UNIQUE INDEX connection_name ON connection (workspace_id, name);

CREATE TABLE credential (
    connection_id TEXT COLLATE "C"   NOT NULL REFERENCES connection (id),
    vendor        TEXT COLLATE "C"   NOT NULL,
    sealed        BYTEA   NOT NULL,
    version       BIGINT NOT NULL,
    PRIMARY KEY (connection_id, vendor)
);

CREATE TABLE setting (
    connection_id TEXT COLLATE "C"   NOT NULL REFERENCES connection (id),
    version       BIGINT NOT NULL,
    document      TEXT COLLATE "C"   NOT NULL,
    saved_by      TEXT COLLATE "C"   NOT NULL,
    saved_at      BIGINT NOT NULL,
    PRIMARY KEY (connection_id, version)
);

CREATE TABLE mapping (
    connection_id TEXT COLLATE "C"   NOT NULL REFERENCES connection (id),
    version       BIGINT NOT NULL,
    document      TEXT COLLATE "C"   NOT NULL,
    saved_by      TEXT COLLATE "C"   NOT NULL,
    saved_at      BIGINT NOT NULL,
    PRIMARY KEY (connection_id, version)
);

CREATE TABLE fact (
    connection_id TEXT COLLATE "C"   NOT NULL,
    fact_key      TEXT COLLATE "C"   NOT NULL,
    document      TEXT COLLATE "C"   NOT NULL,
    seen_at       BIGINT NOT NULL,
    PRIMARY KEY (connection_id, fact_key)
);

CREATE TABLE feed_cursor (
    connection_id TEXT COLLATE "C"   NOT NULL,
    name          TEXT COLLATE "C"   NOT NULL,
    at            BIGINT NOT NULL,
    token         TEXT COLLATE "C"   NOT NULL,
    PRIMARY KEY (connection_id, name)
);

-- A lease outlives its owner, so that its fence never falls.
CREATE TABLE lease (
    connection_id TEXT COLLATE "C"   NOT NULL,
    name          TEXT COLLATE "C"   NOT NULL,
    fence         BIGINT NOT NULL,
    host          TEXT COLLATE "C"   NOT NULL,
    pid           BIGINT NOT NULL,
    started       BIGINT NOT NULL,
    expires       BIGINT NOT NULL,
    PRIMARY KEY (connection_id, name)
);

CREATE TABLE budget (
    connection_id TEXT COLLATE "C"   NOT NULL,
    day           TEXT COLLATE "C"   NOT NULL,
    vendor        TEXT COLLATE "C"   NOT NULL,
    kind          TEXT COLLATE "C"   NOT NULL,
    n             BIGINT NOT NULL,
    PRIMARY KEY (connection_id, day, vendor, kind)
);

CREATE TABLE mirror (
    connection_id TEXT COLLATE "C"   NOT NULL,
    side          TEXT COLLATE "C"   NOT NULL,
    type          TEXT COLLATE "C"   NOT NULL,
    id            TEXT COLLATE "C"   NOT NULL,
    revision      TEXT COLLATE "C"   NOT NULL,
    modified      BIGINT NOT NULL,
    deleted       BIGINT NOT NULL,
    raw           BYTEA,
    hash          TEXT COLLATE "C"   NOT NULL,
    seen_at       BIGINT NOT NULL,
    PRIMARY KEY (connection_id, side, type, id)
);

CREATE TABLE mirror_key (
    connection_id TEXT COLLATE "C" NOT NULL,
    side          TEXT COLLATE "C" NOT NULL,
    type          TEXT COLLATE "C" NOT NULL,
    id            TEXT COLLATE "C" NOT NULL,
    kind          TEXT COLLATE "C" NOT NULL,
    value         TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (connection_id, side, type, id, kind, value)
);
CREATE INDEX mirror_key_value ON mirror_key (value, kind, type, side, connection_id);

-- Whole excludes the company and the person part, and they exclude whole: a
-- whole link stands in both of the last two indexes, a part in one. A
-- tombstone is a state of the row and keeps its places, so that nothing comes
-- back beside it.
CREATE TABLE link (
    connection_id    TEXT COLLATE "C"   NOT NULL REFERENCES connection (id),
    id               TEXT COLLATE "C"   NOT NULL,
    kind             TEXT COLLATE "C"   NOT NULL,
    part             TEXT COLLATE "C"   NOT NULL,
    state            TEXT COLLATE "C"   NOT NULL,
    module           TEXT COLLATE "C"   NOT NULL,
    crm_id           TEXT COLLATE "C"   NOT NULL,
    entity           TEXT COLLATE "C"   NOT NULL,
    books_id         TEXT COLLATE "C"   NOT NULL,
    base_crm         TEXT COLLATE "C",
    base_books       TEXT COLLATE "C",
    crm_revision     TEXT COLLATE "C"   NOT NULL,
    books_revision   TEXT COLLATE "C"   NOT NULL,
    our_crm_revision TEXT COLLATE "C"   NOT NULL,
    cause            TEXT COLLATE "C"   NOT NULL,
    evidence         TEXT COLLATE "C"   NOT NULL,
    since            BIGINT NOT NULL,
    PRIMARY KEY (connection_id, id)
);
CREATE INDEX link_crm ON link (crm_id, module, connection_id);
CREATE UNIQUE INDEX link_home ON link (crm_id, module, connection_id)
    WHERE kind = 'home' AND crm_id <> '';
CREATE UNIQUE INDEX link_company ON link (books_id, entity, connection_id)
    WHERE part IN ('whole', 'company') AND books_id <> '';
CREATE UNIQUE INDEX link_person ON link (books_id, entity, connection_id)
    WHERE part IN ('whole', 'person') AND books_id <> '';
CREATE INDEX link_books ON link (books_id, entity, connection_id);

CREATE TABLE left_out (
    connection_id TEXT COLLATE "C"   NOT NULL,
    side          TEXT COLLATE "C"   NOT NULL,
    type          TEXT COLLATE "C"   NOT NULL,
    id            TEXT COLLATE "C"   NOT NULL,
    module        TEXT COLLATE "C"   NOT NULL,
    name          TEXT COLLATE "C"   NOT NULL,
    code          TEXT COLLATE "C"   NOT NULL,
    reason        TEXT COLLATE "C"   NOT NULL,
    by_whom       TEXT COLLATE "C"   NOT NULL,
    since         BIGINT NOT NULL,
    PRIMARY KEY (connection_id, side, type, id)
);

CREATE TABLE dirty (
    connection_id TEXT COLLATE "C"   NOT NULL,
    side          TEXT COLLATE "C"   NOT NULL,
    type          TEXT COLLATE "C"   NOT NULL,
    id            TEXT COLLATE "C"   NOT NULL,
    reason        TEXT COLLATE "C"   NOT NULL,
    due_at        BIGINT NOT NULL,
    priority      BIGINT NOT NULL,
    work_order    BIGINT NOT NULL,
    generation    BIGINT NOT NULL,
    since         BIGINT NOT NULL,
    PRIMARY KEY (connection_id, side, type, id)
);
CREATE INDEX dirty_due ON dirty (due_at, connection_id);
CREATE INDEX dirty_due_order ON dirty (priority DESC, work_order, due_at, side, type, id, connection_id);

CREATE TABLE dependency (
    connection_id TEXT COLLATE "C" NOT NULL,
    from_side     TEXT COLLATE "C" NOT NULL,
    from_type     TEXT COLLATE "C" NOT NULL,
    from_id       TEXT COLLATE "C" NOT NULL,
    on_side       TEXT COLLATE "C" NOT NULL,
    on_type       TEXT COLLATE "C" NOT NULL,
    on_id         TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (connection_id, from_side, from_type, from_id, on_side, on_type, on_id)
);
CREATE INDEX dependency_on ON dependency (on_id, on_type, on_side, connection_id);

CREATE TABLE request (
    connection_id TEXT COLLATE "C"   NOT NULL,
    id            TEXT COLLATE "C"   NOT NULL,
    side          TEXT COLLATE "C"   NOT NULL,
    kind          TEXT COLLATE "C"   NOT NULL,
    method        TEXT COLLATE "C"   NOT NULL,
    path          TEXT COLLATE "C"   NOT NULL,
    query         TEXT COLLATE "C"   NOT NULL,
    header        TEXT COLLATE "C"   NOT NULL,
    body          BYTEA,
    request_id    TEXT COLLATE "C"   NOT NULL,
    fence         BIGINT NOT NULL,
    state         TEXT COLLATE "C"   NOT NULL,
    deadline      BIGINT NOT NULL,
    created_at    BIGINT NOT NULL,
    closed_at     BIGINT NOT NULL,
    turn          TEXT COLLATE "C"   NOT NULL,
    run           TEXT COLLATE "C"   NOT NULL,
    PRIMARY KEY (connection_id, id)
);
CREATE INDEX request_open ON request (created_at, connection_id) WHERE state = 'open';
CREATE INDEX request_created ON request (created_at, connection_id);

CREATE TABLE intent (
    connection_id TEXT COLLATE "C"   NOT NULL,
    request_id    TEXT COLLATE "C"   NOT NULL,
    seq           BIGINT NOT NULL,
    intent_key    TEXT COLLATE "C"   NOT NULL,
    op_kind       TEXT COLLATE "C"   NOT NULL,
    side          TEXT COLLATE "C"   NOT NULL,
    type          TEXT COLLATE "C"   NOT NULL,
    id            TEXT COLLATE "C"   NOT NULL,
    link_id       TEXT COLLATE "C"   NOT NULL,
    data          TEXT COLLATE "C",
    PRIMARY KEY (connection_id, request_id, seq),
    FOREIGN KEY (connection_id, request_id) REFERENCES request (connection_id, id) ON DELETE CASCADE
);
CREATE INDEX intent_by_key ON intent (intent_key, connection_id);

CREATE TABLE problem (
    connection_id TEXT COLLATE "C"   NOT NULL,
    problem_key   TEXT COLLATE "C"   NOT NULL,
    side          TEXT COLLATE "C"   NOT NULL,
    type          TEXT COLLATE "C"   NOT NULL,
    id            TEXT COLLATE "C"   NOT NULL,
    module        TEXT COLLATE "C"   NOT NULL,
    name          TEXT COLLATE "C"   NOT NULL,
    class         TEXT COLLATE "C"   NOT NULL,
    number        BIGINT NOT NULL,
    waiting       BIGINT NOT NULL,
    text          TEXT COLLATE "C"   NOT NULL,
    search        TEXT COLLATE "C"   NOT NULL,
    document      TEXT COLLATE "C"   NOT NULL,
    tries         BIGINT NOT NULL,
    first_at      BIGINT NOT NULL,
    last_at       BIGINT NOT NULL,
    next_try      BIGINT NOT NULL,
    dismissed     BIGINT NOT NULL,
    PRIMARY KEY (connection_id, problem_key)
);
CREATE INDEX problem_ref ON problem (id, type, side, connection_id);
CREATE INDEX problem_last ON problem (last_at, connection_id);

CREATE TABLE difference (
    connection_id TEXT COLLATE "C"   NOT NULL,
    link_id       TEXT COLLATE "C"   NOT NULL,
    field         TEXT COLLATE "C"   NOT NULL,
    module        TEXT COLLATE "C"   NOT NULL,
    crm_id        TEXT COLLATE "C"   NOT NULL,
    entity        TEXT COLLATE "C"   NOT NULL,
    books_id      TEXT COLLATE "C"   NOT NULL,
    name          TEXT COLLATE "C"   NOT NULL,
    crm_value     TEXT COLLATE "C"   NOT NULL,
    books_value   TEXT COLLATE "C"   NOT NULL,
    at            BIGINT NOT NULL,
    answer        TEXT COLLATE "C"   NOT NULL,
    PRIMARY KEY (connection_id, link_id, field)
);

CREATE TABLE conflict (
    connection_id TEXT COLLATE "C"   NOT NULL,
    link_id       TEXT COLLATE "C"   NOT NULL,
    field         TEXT COLLATE "C"   NOT NULL,
    at            BIGINT NOT NULL,
    module        TEXT COLLATE "C"   NOT NULL,
    name          TEXT COLLATE "C"   NOT NULL,
    winner        TEXT COLLATE "C"   NOT NULL,
    won           TEXT COLLATE "C"   NOT NULL,
    lost          TEXT COLLATE "C"   NOT NULL,
    lost_side     TEXT COLLATE "C"   NOT NULL,
    answer        TEXT COLLATE "C"   NOT NULL,
    PRIMARY KEY (connection_id, link_id, field, at)
);
CREATE INDEX conflict_at ON conflict (at, connection_id);

-- The journal is chained by month: hash = sha256(hash before + digest), digest
-- = sha256(row without values). The values stand in a table of their own and
-- in the row only as a salted hash. A pruned row keeps digest and hash alone.
CREATE TABLE journal_segment (
    connection_id TEXT COLLATE "C"   NOT NULL,
    segment       TEXT COLLATE "C"   NOT NULL,
    first_hash    TEXT COLLATE "C"   NOT NULL,
    last_hash     TEXT COLLATE "C"   NOT NULL,
    n             BIGINT NOT NULL,
    PRIMARY KEY (connection_id, segment)
);

CREATE TABLE journal (
    connection_id TEXT COLLATE "C"   NOT NULL,
    segment       TEXT COLLATE "C"   NOT NULL,
    seq           BIGINT NOT NULL,
    at            BIGINT NOT NULL,
    turn          TEXT COLLATE "C"   NOT NULL,
    run           TEXT COLLATE "C"   NOT NULL,
    written_side  TEXT COLLATE "C"   NOT NULL,
    side          TEXT COLLATE "C"   NOT NULL,
    type          TEXT COLLATE "C"   NOT NULL,
    id            TEXT COLLATE "C"   NOT NULL,
    link_id       TEXT COLLATE "C"   NOT NULL,
    op            TEXT COLLATE "C"   NOT NULL,
    fields        TEXT COLLATE "C"   NOT NULL,
    request_id    TEXT COLLATE "C"   NOT NULL,
    actor         TEXT COLLATE "C"   NOT NULL,
    money         BIGINT NOT NULL,
    pruned        BIGINT NOT NULL,
    values_hash   TEXT COLLATE "C"   NOT NULL,
    digest        TEXT COLLATE "C"   NOT NULL,
    hash          TEXT COLLATE "C"   NOT NULL,
    PRIMARY KEY (connection_id, segment, seq)
);
CREATE INDEX journal_ref ON journal (id, type, side, connection_id);
CREATE INDEX journal_link ON journal (link_id, connection_id);
CREATE INDEX journal_at ON journal (at, connection_id);

CREATE TABLE journal_value (
    connection_id TEXT COLLATE "C"   NOT NULL,
    segment       TEXT COLLATE "C"   NOT NULL,
    seq           BIGINT NOT NULL,
    salt          TEXT COLLATE "C"   NOT NULL,
    document      TEXT COLLATE "C"   NOT NULL,
    PRIMARY KEY (connection_id, segment, seq)
);

CREATE TABLE run (
    connection_id TEXT COLLATE "C"   NOT NULL,
    id            TEXT COLLATE "C"   NOT NULL,
    kind          TEXT COLLATE "C"   NOT NULL,
    by_whom       TEXT COLLATE "C"   NOT NULL,
    started_at    BIGINT NOT NULL,
    finished_at   BIGINT NOT NULL,
    outcome       TEXT COLLATE "C"   NOT NULL,
    counts        TEXT COLLATE "C"   NOT NULL,
    PRIMARY KEY (connection_id, id)
);

CREATE TABLE saved_plan (
    connection_id TEXT COLLATE "C"   NOT NULL,
    id            TEXT COLLATE "C"   NOT NULL,
    at            BIGINT NOT NULL,
    by_whom       TEXT COLLATE "C"   NOT NULL,
    document      TEXT COLLATE "C"   NOT NULL,
    approved_at   BIGINT NOT NULL,
    approved_by   TEXT COLLATE "C"   NOT NULL,
    PRIMARY KEY (connection_id, id)
);

CREATE TABLE webhook_receipt (
    connection_id TEXT COLLATE "C"   NOT NULL,
    channel       TEXT COLLATE "C"   NOT NULL,
    event_id      TEXT COLLATE "C"   NOT NULL,
    at            BIGINT NOT NULL,
    PRIMARY KEY (connection_id, channel, event_id)
);
CREATE INDEX webhook_receipt_at ON webhook_receipt (at, channel, connection_id);

CREATE TABLE brake (
    connection_id TEXT COLLATE "C"   NOT NULL,
    module        TEXT COLLATE "C"   NOT NULL,
    side          TEXT COLLATE "C"   NOT NULL,
    reason        TEXT COLLATE "C"   NOT NULL,
    n             BIGINT NOT NULL,
    at            BIGINT NOT NULL,
    PRIMARY KEY (connection_id, module, side)
);
