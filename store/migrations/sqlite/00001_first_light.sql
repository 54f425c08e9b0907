-- Conventions: connection_id leads every table of the engine; times are whole
-- microseconds since 1970 in UTC, 0 for none; booleans are 0 and 1; documents
-- are JSON text. Ids compare byte by byte.
--
-- Further indexes begin with the column that selects most: to a planner without
-- statistics one that began with connection_id would look as good as the
-- primary key.

-- +goose Up
CREATE TABLE connection (
    id           TEXT   NOT NULL PRIMARY KEY,
    workspace_id TEXT   NOT NULL DEFAULT '',
    name         TEXT   NOT NULL,
    state        TEXT   NOT NULL,
    document     TEXT   NOT NULL,
    created_at   BIGINT NOT NULL
);
CREATE UNIQUE INDEX connection_name ON connection (workspace_id, name);

CREATE TABLE credential (
    connection_id TEXT   NOT NULL REFERENCES connection (id),
    vendor        TEXT   NOT NULL,
    sealed        BLOB   NOT NULL,
    version       BIGINT NOT NULL,
    PRIMARY KEY (connection_id, vendor)
);

CREATE TABLE setting (
    connection_id TEXT   NOT NULL REFERENCES connection (id),
    version       BIGINT NOT NULL,
    document      TEXT   NOT NULL,
    saved_by      TEXT   NOT NULL,
    saved_at      BIGINT NOT NULL,
    PRIMARY KEY (connection_id, version)
);

CREATE TABLE mapping (
    connection_id TEXT   NOT NULL REFERENCES connection (id),
    version       BIGINT NOT NULL,
    document      TEXT   NOT NULL,
    saved_by      TEXT   NOT NULL,
    saved_at      BIGINT NOT NULL,
    PRIMARY KEY (connection_id, version)
);

CREATE TABLE fact (
    connection_id TEXT   NOT NULL,
    fact_key      TEXT   NOT NULL,
    document      TEXT   NOT NULL,
    seen_at       BIGINT NOT NULL,
    PRIMARY KEY (connection_id, fact_key)
);

CREATE TABLE feed_cursor (
    connection_id TEXT   NOT NULL,
    name          TEXT   NOT NULL,
    at            BIGINT NOT NULL,
    token         TEXT   NOT NULL,
    PRIMARY KEY (connection_id, name)
);

-- A lease outlives its owner, so that its fence never falls.
CREATE TABLE lease (
    connection_id TEXT   NOT NULL,
    name          TEXT   NOT NULL,
    fence         BIGINT NOT NULL,
    host          TEXT   NOT NULL,
    pid           BIGINT NOT NULL,
    started       BIGINT NOT NULL,
    expires       BIGINT NOT NULL,
    PRIMARY KEY (connection_id, name)
);

CREATE TABLE budget (
    connection_id TEXT   NOT NULL,
    day           TEXT   NOT NULL,
    vendor        TEXT   NOT NULL,
    kind          TEXT   NOT NULL,
    n             BIGINT NOT NULL,
    PRIMARY KEY (connection_id, day, vendor, kind)
);

CREATE TABLE mirror (
    connection_id TEXT   NOT NULL,
    side          TEXT   NOT NULL,
    type          TEXT   NOT NULL,
    id            TEXT   NOT NULL,
    revision      TEXT   NOT NULL,
    modified      BIGINT NOT NULL,
    deleted       BIGINT NOT NULL,
    raw           BLOB,
    hash          TEXT   NOT NULL,
    seen_at       BIGINT NOT NULL,
    PRIMARY KEY (connection_id, side, type, id)
);

CREATE TABLE mirror_key (
    connection_id TEXT NOT NULL,
    side          TEXT NOT NULL,
    type          TEXT NOT NULL,
    id            TEXT NOT NULL,
    kind          TEXT NOT NULL,
    value         TEXT NOT NULL,
    PRIMARY KEY (connection_id, side, type, id, kind, value)
) WITHOUT ROWID;
CREATE INDEX mirror_key_value ON mirror_key (value, kind, type, side, connection_id);

-- Whole excludes the company and the person part, and they exclude whole: a
-- whole link stands in both of the last two indexes, a part in one. A
-- tombstone is a state of the row and keeps its places, so that nothing comes
-- back beside it.
CREATE TABLE link (
    connection_id    TEXT   NOT NULL REFERENCES connection (id),
    id               TEXT   NOT NULL,
    kind             TEXT   NOT NULL,
    part             TEXT   NOT NULL,
    state            TEXT   NOT NULL,
    module           TEXT   NOT NULL,
    crm_id           TEXT   NOT NULL,
    entity           TEXT   NOT NULL,
    books_id         TEXT   NOT NULL,
    base_crm         TEXT,
    base_books       TEXT,
    crm_revision     TEXT   NOT NULL,
    books_revision   TEXT   NOT NULL,
    our_crm_revision TEXT   NOT NULL,
    cause            TEXT   NOT NULL,
    evidence         TEXT   NOT NULL,
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
    connection_id TEXT   NOT NULL,
    side          TEXT   NOT NULL,
    type          TEXT   NOT NULL,
    id            TEXT   NOT NULL,
    module        TEXT   NOT NULL,
    name          TEXT   NOT NULL,
    code          TEXT   NOT NULL,
    reason        TEXT   NOT NULL,
    by_whom       TEXT   NOT NULL,
    since         BIGINT NOT NULL,
    PRIMARY KEY (connection_id, side, type, id)
);

CREATE TABLE dirty (
    connection_id TEXT   NOT NULL,
    side          TEXT   NOT NULL,
    type          TEXT   NOT NULL,
    id            TEXT   NOT NULL,
    reason        TEXT   NOT NULL,
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
    connection_id TEXT NOT NULL,
    from_side     TEXT NOT NULL,
    from_type     TEXT NOT NULL,
    from_id       TEXT NOT NULL,
    on_side       TEXT NOT NULL,
    on_type       TEXT NOT NULL,
    on_id         TEXT NOT NULL,
    PRIMARY KEY (connection_id, from_side, from_type, from_id, on_side, on_type, on_id)
) WITHOUT ROWID;
CREATE INDEX dependency_on ON dependency (on_id, on_type, on_side, connection_id);

CREATE TABLE request (
    connection_id TEXT   NOT NULL,
    id            TEXT   NOT NULL,
    side          TEXT   NOT NULL,
    kind          TEXT   NOT NULL,
    method        TEXT   NOT NULL,
    path          TEXT   NOT NULL,
    query         TEXT   NOT NULL,
    header        TEXT   NOT NULL,
    body          BLOB,
    request_id    TEXT   NOT NULL,
    fence         BIGINT NOT NULL,
    state         TEXT   NOT NULL,
    deadline      BIGINT NOT NULL,
    created_at    BIGINT NOT NULL,
    closed_at     BIGINT NOT NULL,
    turn          TEXT   NOT NULL,
    run           TEXT   NOT NULL,
    PRIMARY KEY (connection_id, id)
);
CREATE INDEX request_open ON request (created_at, connection_id) WHERE state = 'open';
CREATE INDEX request_created ON request (created_at, connection_id);

CREATE TABLE intent (
    connection_id TEXT   NOT NULL,
    request_id    TEXT   NOT NULL,
    seq           BIGINT NOT NULL,
    intent_key    TEXT   NOT NULL,
    op_kind       TEXT   NOT NULL,
    side          TEXT   NOT NULL,
    type          TEXT   NOT NULL,
    id            TEXT   NOT NULL,
    link_id       TEXT   NOT NULL,
    data          TEXT,
    PRIMARY KEY (connection_id, request_id, seq),
    FOREIGN KEY (connection_id, request_id) REFERENCES request (connection_id, id) ON DELETE CASCADE
);
CREATE INDEX intent_by_key ON intent (intent_key, connection_id);

CREATE TABLE problem (
    connection_id TEXT   NOT NULL,
    problem_key   TEXT   NOT NULL,
    side          TEXT   NOT NULL,
    type          TEXT   NOT NULL,
    id            TEXT   NOT NULL,
    module        TEXT   NOT NULL,
    name          TEXT   NOT NULL,
    class         TEXT   NOT NULL,
    number        BIGINT NOT NULL,
    waiting       BIGINT NOT NULL,
    text          TEXT   NOT NULL,
    search        TEXT   NOT NULL,
    document      TEXT   NOT NULL,
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
    connection_id TEXT   NOT NULL,
    link_id       TEXT   NOT NULL,
    field         TEXT   NOT NULL,
    module        TEXT   NOT NULL,
    crm_id        TEXT   NOT NULL,
    entity        TEXT   NOT NULL,
    books_id      TEXT   NOT NULL,
    name          TEXT   NOT NULL,
    crm_value     TEXT   NOT NULL,
    books_value   TEXT   NOT NULL,
    at            BIGINT NOT NULL,
    answer        TEXT   NOT NULL,
    PRIMARY KEY (connection_id, link_id, field)
);

CREATE TABLE conflict (
    connection_id TEXT   NOT NULL,
    link_id       TEXT   NOT NULL,
    field         TEXT   NOT NULL,
    at            BIGINT NOT NULL,
    module        TEXT   NOT NULL,
    name          TEXT   NOT NULL,
    winner        TEXT   NOT NULL,
    won           TEXT   NOT NULL,
    lost          TEXT   NOT NULL,
    lost_side     TEXT   NOT NULL,
    answer        TEXT   NOT NULL,
    PRIMARY KEY (connection_id, link_id, field, at)
);
CREATE INDEX conflict_at ON conflict (at, connection_id);

-- The journal is chained by month: hash = sha256(hash before + digest), digest
-- = sha256(row without values). The values stand in a table of their own and
-- in the row only as a salted hash. A pruned row keeps digest and hash alone.
CREATE TABLE journal_segment (
    connection_id TEXT   NOT NULL,
    segment       TEXT   NOT NULL,
    first_hash    TEXT   NOT NULL,
    last_hash     TEXT   NOT NULL,
    n             BIGINT NOT NULL,
    PRIMARY KEY (connection_id, segment)
);

CREATE TABLE journal (
    connection_id TEXT   NOT NULL,
    segment       TEXT   NOT NULL,
    seq           BIGINT NOT NULL,
    at            BIGINT NOT NULL,
    turn          TEXT   NOT NULL,
    run           TEXT   NOT NULL,
    written_side  TEXT   NOT NULL,
    side          TEXT   NOT NULL,
    type          TEXT   NOT NULL,
    id            TEXT   NOT NULL,
    link_id       TEXT   NOT NULL,
    op            TEXT   NOT NULL,
    fields        TEXT   NOT NULL,
    request_id    TEXT   NOT NULL,
    actor         TEXT   NOT NULL,
    money         BIGINT NOT NULL,
    pruned        BIGINT NOT NULL,
    values_hash   TEXT   NOT NULL,
    digest        TEXT   NOT NULL,
    hash          TEXT   NOT NULL,
    PRIMARY KEY (connection_id, segment, seq)
);
CREATE INDEX journal_ref ON journal (id, type, side, connection_id);
CREATE INDEX journal_link ON journal (link_id, connection_id);
CREATE INDEX journal_at ON journal (at, connection_id);

CREATE TABLE journal_value (
    connection_id TEXT   NOT NULL,
    segment       TEXT   NOT NULL,
    seq           BIGINT NOT NULL,
    salt          TEXT   NOT NULL,
    document      TEXT   NOT NULL,
    PRIMARY KEY (connection_id, segment, seq)
);

CREATE TABLE run (
    connection_id TEXT   NOT NULL,
    id            TEXT   NOT NULL,
    kind          TEXT   NOT NULL,
    by_whom       TEXT   NOT NULL,
    started_at    BIGINT NOT NULL,
    finished_at   BIGINT NOT NULL,
    outcome       TEXT   NOT NULL,
    counts        TEXT   NOT NULL,
    PRIMARY KEY (connection_id, id)
);

CREATE TABLE saved_plan (
    connection_id TEXT   NOT NULL,
    id            TEXT   NOT NULL,
    at            BIGINT NOT NULL,
    by_whom       TEXT   NOT NULL,
    document      TEXT   NOT NULL,
    approved_at   BIGINT NOT NULL,
    approved_by   TEXT   NOT NULL,
    PRIMARY KEY (connection_id, id)
);

CREATE TABLE webhook_receipt (
    connection_id TEXT   NOT NULL,
    channel       TEXT   NOT NULL,
    event_id      TEXT   NOT NULL,
    at            BIGINT NOT NULL,
    PRIMARY KEY (connection_id, channel, event_id)
);
CREATE INDEX webhook_receipt_at ON webhook_receipt (at, channel, connection_id);

CREATE TABLE brake (
    connection_id TEXT   NOT NULL,
    module        TEXT   NOT NULL,
    side          TEXT   NOT NULL,
    reason        TEXT   NOT NULL,
    n             BIGINT NOT NULL,
    at            BIGINT NOT NULL,
    PRIMARY KEY (connection_id, module, side)
);
