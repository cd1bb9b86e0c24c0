"""The schema's history: appended to, never edited. `migrate(db)` brings a file up to date.

After every migration the guards are made anew; the journal's triggers, which name each table's columns, belong to
the connections that write.
"""

import secrets

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

HISTORY = Migrations("throughline")

# who wrote what and how one comes in, and what makes the journal itself, is not journalled
NOT_JOURNALLED = {"journal", "change", "writing", "submission", "ref", "pen_owner", "ready", "entrance",
                  "participant_token", "personal_link", "beforehand", "_sqlite_migrations"}  # fmt: skip

_ITEM = """id INTEGER PRIMARY KEY,
    ref TEXT NOT NULL UNIQUE REFERENCES ref(ref),
    version INTEGER NOT NULL DEFAULT 1,
    position INTEGER NOT NULL,
    archived_at TEXT"""


def _link(one: str, other: str) -> str:
    return f"""CREATE TABLE {one}_{other} (
    id INTEGER PRIMARY KEY,
    {one} TEXT NOT NULL REFERENCES {one}(ref),
    {other} TEXT NOT NULL REFERENCES {other}(ref),
    position INTEGER NOT NULL,
    UNIQUE ({one}, {other})
) STRICT;
CREATE INDEX {one}_{other}_{other} ON {one}_{other}({other})"""


def _run(db: Database, script: str) -> None:
    # not executescript: it would commit the transaction that this runs in
    for statement in script.split(";\n"):
        if statement.strip():
            db.execute(statement)


@HISTORY()
def m001_journal(db):
    """What was done, by whom, row by row. `writing` holds the number of the action under way, or NULL."""
    _run(
        db,
        """CREATE TABLE journal (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    by TEXT NOT NULL,
    what TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('start', 'do', 'undo', 'redo', 'follow')),
    of INTEGER REFERENCES journal(id),
    migration INTEGER NOT NULL
) STRICT;
CREATE INDEX journal_of ON journal(of);
CREATE INDEX journal_kind ON journal(kind, by, id);
CREATE INDEX journal_but_answers ON journal(id) WHERE by <> 'room';
CREATE TABLE change (
    id INTEGER PRIMARY KEY,
    journal INTEGER NOT NULL REFERENCES journal(id) DEFERRABLE INITIALLY DEFERRED,
    "table" TEXT NOT NULL,
    row INTEGER NOT NULL,
    old TEXT,
    new TEXT
) STRICT;
CREATE INDEX change_journal ON change(journal);
CREATE INDEX change_row ON change("table", row);
CREATE TABLE writing (id INTEGER PRIMARY KEY CHECK (id = 1), journal INTEGER) STRICT;
INSERT INTO writing VALUES (1, NULL);
CREATE TABLE submission (
    key TEXT PRIMARY KEY,
    journal INTEGER NOT NULL REFERENCES journal(id) DEFERRABLE INITIALLY DEFERRED,
    answer TEXT
) STRICT;
CREATE TABLE ref (
    ref TEXT PRIMARY KEY,
    letters TEXT NOT NULL,
    number INTEGER NOT NULL,
    "table" TEXT NOT NULL
) STRICT;
CREATE INDEX ref_letters ON ref(letters, number)""",
    )


@HISTORY()
def m002_room(db):
    """The workshop, its agenda, what the room sees, and who takes part. Pens sign answers instead of people."""
    _run(
        db,
        """CREATE TABLE workshop (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    version INTEGER NOT NULL DEFAULT 1,
    code TEXT NOT NULL,
    title TEXT NOT NULL CHECK (title <> ''),
    organisation TEXT NOT NULL DEFAULT '',
    organisation_note TEXT NOT NULL DEFAULT '',
    industry TEXT NOT NULL DEFAULT '',
    scope_question TEXT NOT NULL DEFAULT '',
    date TEXT,
    length_minutes INTEGER,
    mode TEXT NOT NULL DEFAULT 'full' CHECK (mode IN ('full', 'half_days', 'one_day', 'short', 'core')),
    kind TEXT NOT NULL DEFAULT 'workshop' CHECK (kind IN ('workshop', 'review')),
    facilitator_role TEXT NOT NULL DEFAULT '',
    sponsor_role TEXT NOT NULL DEFAULT '',
    decider_role TEXT NOT NULL DEFAULT '',
    customer_share REAL NOT NULL DEFAULT 60 CHECK (customer_share BETWEEN 0 AND 100),
    anonymity TEXT NOT NULL DEFAULT 'always' CHECK (anonymity IN ('always', 'until_end', 'named')),
    status TEXT NOT NULL DEFAULT 'live' CHECK (status IN ('draft', 'live', 'closed')),
    success_sentence TEXT NOT NULL DEFAULT '',
    fictional INTEGER NOT NULL DEFAULT 0 CHECK (fictional IN (0, 1))
) STRICT;
CREATE TABLE agenda (
    id INTEGER PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    prompt TEXT NOT NULL,
    minutes INTEGER NOT NULL CHECK (minutes BETWEEN 0 AND 1440),
    position INTEGER NOT NULL,
    dropped INTEGER NOT NULL DEFAULT 0 CHECK (dropped IN (0, 1)),
    phase TEXT NOT NULL DEFAULT 'ready' CHECK (phase IN ('ready', 'write', 'reveal', 'talk', 'vote', 'decided'))
) STRICT;
CREATE TABLE room (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    step TEXT REFERENCES agenda(slug),
    started_at TEXT,
    deadline TEXT,
    page INTEGER NOT NULL DEFAULT 1 CHECK (page >= 1)
) STRICT;
CREATE TABLE participant (
    id INTEGER PRIMARY KEY,
    version INTEGER NOT NULL DEFAULT 1,
    position INTEGER NOT NULL,
    archived_at TEXT,
    alias TEXT NOT NULL CHECK (alias <> ''),
    "group" TEXT NOT NULL DEFAULT 'other' CHECK ("group" IN ('frontline', 'operations', 'technology', 'data',
        'people', 'leadership', 'finance', 'partner', 'customer', 'other')),
    role_in_room TEXT NOT NULL DEFAULT 'member' CHECK (role_in_room IN ('host', 'decider', 'member', 'observer'))
) STRICT;
CREATE TABLE pen (
    id INTEGER PRIMARY KEY,
    stream INTEGER NOT NULL CHECK (stream >= 1),
    "group" TEXT NOT NULL,
    feed TEXT NOT NULL,
    UNIQUE (feed, stream)
) STRICT;
CREATE TABLE pen_owner (
    pen INTEGER PRIMARY KEY REFERENCES pen(id) ON DELETE CASCADE,
    participant INTEGER NOT NULL REFERENCES participant(id)
) STRICT;
CREATE INDEX pen_owner_participant ON pen_owner(participant)""",
    )


@HISTORY()
def m003_purpose_to_principles(db):
    _run(
        db,
        f"""CREATE TABLE brand (
    {_ITEM},
    name TEXT NOT NULL CHECK (name <> ''),
    kind TEXT NOT NULL DEFAULT 'brand' CHECK (kind IN ('brand', 'branch'))
) STRICT;
CREATE TABLE segment (
    {_ITEM},
    name TEXT NOT NULL CHECK (name <> ''),
    context TEXT NOT NULL DEFAULT '',
    reached_how TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE TABLE purpose (
    {_ITEM},
    level TEXT NOT NULL CHECK (level IN ('big', 'medium', 'small')),
    text TEXT NOT NULL CHECK (text <> ''),
    kind TEXT CHECK (kind IN ('technology', 'range', 'quality', 'price', 'service', 'access', 'other')),
    what TEXT NOT NULL DEFAULT '',
    why TEXT NOT NULL DEFAULT '',
    beneficiaries TEXT NOT NULL DEFAULT '[]' CHECK (json_type(beneficiaries) = 'array'),
    if_we_disappeared TEXT NOT NULL DEFAULT '',
    competitor_could_sign INTEGER CHECK (competitor_could_sign IN (0, 1)),
    proof TEXT NOT NULL DEFAULT '',
    reason_to_choose TEXT NOT NULL DEFAULT '',
    same_as TEXT REFERENCES purpose(ref),
    brand TEXT REFERENCES brand(ref),
    segment TEXT REFERENCES segment(ref),
    opener TEXT CHECK (opener IN ('I want', 'I need', 'Can you', 'How can I', 'other')),
    evidence_source TEXT CHECK (evidence_source IN ('observation', 'ride-along', 'home visit', 'interview',
        'call listening', 'complaints', 'survey', 'data', 'frontline story', 'assumption')),
    evidence_note TEXT NOT NULL DEFAULT '',
    evidence_strength INTEGER CHECK (evidence_strength BETWEEN 1 AND 3),
    small_kind TEXT CHECK (small_kind IN ('need', 'desire', 'question')),
    context TEXT CHECK (context IN ('life', 'world', 'specific')),
    motivation TEXT NOT NULL DEFAULT '[]' CHECK (json_type(motivation) = 'array'),
    ease_today INTEGER CHECK (ease_today BETWEEN 1 AND 5),
    shared_with_big INTEGER CHECK (shared_with_big IN (0, 1)),
    emotion_if_met TEXT NOT NULL DEFAULT '',
    emotion_if_missed TEXT NOT NULL DEFAULT '',
    status TEXT NOT NULL DEFAULT 'candidate' CHECK (status IN ('candidate', 'chosen', 'parked'))
) STRICT;
CREATE TABLE promise (
    {_ITEM},
    text TEXT NOT NULL CHECK (text <> ''),
    kind TEXT CHECK (kind IN ('service', 'design', 'price', 'reliability', 'clarity', 'other')),
    audience TEXT CHECK (audience IN ('customers', 'patients', 'employees', 'community', 'partners')),
    kept_when TEXT NOT NULL DEFAULT '',
    broken_when TEXT NOT NULL DEFAULT '',
    when_we_fail TEXT NOT NULL DEFAULT '',
    what_keeping_takes TEXT NOT NULL DEFAULT '',
    expectation TEXT NOT NULL DEFAULT '',
    break_point TEXT NOT NULL DEFAULT '',
    valid_from TEXT,
    review_by TEXT,
    owner_role TEXT NOT NULL DEFAULT '',
    status TEXT NOT NULL DEFAULT 'candidate' CHECK (status IN ('candidate', 'chosen', 'retired'))
) STRICT;
{_link("promise", "purpose")};
CREATE TABLE value (
    {_ITEM},
    name TEXT NOT NULL CHECK (name <> ''),
    meaning TEXT NOT NULL DEFAULT '',
    type TEXT CHECK (type IN ('core', 'aspirational', 'permission_to_play', 'accidental')),
    lived_example TEXT NOT NULL DEFAULT '',
    keep_if_it_cost_us INTEGER CHECK (keep_if_it_cost_us IN (0, 1)),
    matches_customer TEXT CHECK (matches_customer IN ('yes', 'no', 'unknown'))
) STRICT;
CREATE TABLE principle (
    {_ITEM},
    text TEXT NOT NULL CHECK (text <> ''),
    is_lead INTEGER NOT NULL DEFAULT 0 CHECK (is_lead IN (0, 1)),
    do_example TEXT NOT NULL DEFAULT '',
    dont_example TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE UNIQUE INDEX principle_one_lead ON principle(is_lead) WHERE is_lead = 1 AND archived_at IS NULL;
{_link("principle", "value")};
{_link("principle", "purpose")}""",
    )


@HISTORY()
def m004_strategy_to_touchpoints(db):
    _run(
        db,
        f"""CREATE TABLE touchpoint (
    {_ITEM},
    name TEXT NOT NULL CHECK (name <> ''),
    stage TEXT NOT NULL DEFAULT '',
    channel TEXT NOT NULL DEFAULT '',
    what_happens_now TEXT NOT NULL DEFAULT '',
    emotion_today TEXT NOT NULL DEFAULT '',
    promise_state TEXT NOT NULL DEFAULT 'unknown' CHECK (promise_state IN ('kept', 'partly', 'broken', 'unknown')),
    moment TEXT CHECK (moment IN ('moment that matters', 'pain', 'routine')),
    owner_role TEXT NOT NULL DEFAULT ''
) STRICT;
{_link("touchpoint", "purpose")};
CREATE TABLE reverse_case (
    {_ITEM},
    company_kind TEXT NOT NULL CHECK (company_kind <> ''),
    what_drives_you_crazy TEXT NOT NULL DEFAULT '',
    why TEXT NOT NULL DEFAULT '',
    what_is_missing TEXT NOT NULL DEFAULT '',
    what_would_have_worked TEXT NOT NULL DEFAULT '',
    cause TEXT CHECK (cause IN ('promise missing in action', 'no promise', 'values breached', 'process', 'policy',
        'people', 'other')),
    what_it_means_for_us TEXT NOT NULL DEFAULT '',
    touchpoint TEXT REFERENCES touchpoint(ref),
    principle TEXT REFERENCES principle(ref)
) STRICT;
CREATE TABLE goal (
    {_ITEM},
    kind TEXT NOT NULL CHECK (kind IN ('business', 'customer')),
    text TEXT NOT NULL CHECK (text <> ''),
    due TEXT,
    status TEXT NOT NULL DEFAULT 'defined' CHECK (status IN ('defined', 'needed'))
) STRICT;
{_link("goal", "purpose")};
CREATE TABLE metric (
    {_ITEM},
    kind TEXT NOT NULL CHECK (kind IN ('cpi', 'kpi', 'csat', 'nps', 'employee_engagement', 'brand_perception')),
    name TEXT NOT NULL CHECK (name <> ''),
    definition TEXT NOT NULL DEFAULT '',
    unit TEXT NOT NULL DEFAULT '',
    baseline REAL,
    baseline_date TEXT,
    target REAL,
    target_date TEXT,
    direction TEXT CHECK (direction IN ('up', 'down')),
    weight REAL CHECK (weight BETWEEN 0 AND 100),
    data_source TEXT NOT NULL DEFAULT '',
    owner_role TEXT NOT NULL DEFAULT '',
    cadence TEXT NOT NULL DEFAULT '',
    what_one_unit_means TEXT NOT NULL DEFAULT '',
    purpose TEXT REFERENCES purpose(ref),
    goal TEXT REFERENCES goal(ref)
) STRICT;
{_link("goal", "metric")};
CREATE TABLE goal_link (
    id INTEGER PRIMARY KEY,
    business TEXT NOT NULL REFERENCES goal(ref),
    customer TEXT NOT NULL REFERENCES goal(ref),
    why TEXT NOT NULL DEFAULT '',
    UNIQUE (business, customer)
) STRICT;
CREATE TABLE cpi_kpi_link (
    id INTEGER PRIMARY KEY,
    cpi TEXT NOT NULL REFERENCES metric(ref),
    kpi TEXT NOT NULL REFERENCES metric(ref),
    hypothesis TEXT NOT NULL DEFAULT '',
    strength TEXT NOT NULL DEFAULT 'hypothesis' CHECK (strength IN ('hypothesis', 'correlation', 'experiment')),
    UNIQUE (cpi, kpi)
) STRICT""",
    )


@HISTORY()
def m005_concepts_to_commitment(db):
    _run(
        db,
        f"""CREATE TABLE concept (
    {_ITEM},
    name TEXT NOT NULL CHECK (name <> ''),
    hmw TEXT NOT NULL DEFAULT '',
    what_happens TEXT NOT NULL DEFAULT '',
    enables TEXT NOT NULL DEFAULT '',
    feeling_before TEXT NOT NULL DEFAULT '',
    feeling_after TEXT NOT NULL DEFAULT '',
    occurrence TEXT NOT NULL DEFAULT '',
    area TEXT CHECK (area IN ('product', 'service', 'communication', 'policy', 'process')),
    size TEXT CHECK (size IN ('S', 'M', 'L')),
    biggest_guess TEXT NOT NULL DEFAULT '',
    first_test TEXT NOT NULL DEFAULT '',
    test_with TEXT NOT NULL DEFAULT '',
    test_by TEXT,
    evidence TEXT NOT NULL DEFAULT '',
    side_effects TEXT NOT NULL DEFAULT '',
    merged_into TEXT REFERENCES concept(ref),
    split_from TEXT REFERENCES concept(ref),
    keeps_promise TEXT CHECK (keeps_promise IN ('yes', 'partly', 'no')),
    status TEXT NOT NULL DEFAULT 'candidate' CHECK (status IN ('candidate', 'shortlisted', 'selected', 'parked',
        'rejected'))
) STRICT;
{_link("concept", "purpose")};
{_link("concept", "principle")};
{_link("concept", "touchpoint")};
CREATE TABLE idea (
    {_ITEM},
    text TEXT NOT NULL CHECK (text <> ''),
    round TEXT NOT NULL DEFAULT 'first' CHECK (round IN ('first', 'second', 'worst', 'flipped')),
    heading TEXT NOT NULL DEFAULT '',
    builds_on TEXT REFERENCES idea(ref),
    purpose TEXT REFERENCES purpose(ref),
    touchpoint TEXT REFERENCES touchpoint(ref),
    principle TEXT REFERENCES principle(ref),
    concept TEXT REFERENCES concept(ref),
    status TEXT NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'parked', 'merged'))
) STRICT;
CREATE TABLE requirement (
    {_ITEM},
    concept TEXT NOT NULL REFERENCES concept(ref),
    type TEXT NOT NULL CHECK (type IN ('technical', 'operations', 'organization', 'data', 'occurrence', 'people',
        'policy', 'process', 'product', 'partner', 'budget')),
    text TEXT NOT NULL CHECK (text <> ''),
    status TEXT CHECK (status IN ('have', 'partial', 'missing')),
    effort INTEGER CHECK (effort BETWEEN 1 AND 5),
    owner_role TEXT NOT NULL DEFAULT '',
    depends_on TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX requirement_concept ON requirement(concept);
CREATE TABLE rating (
    id INTEGER PRIMARY KEY,
    pen INTEGER NOT NULL REFERENCES pen(id),
    concept TEXT NOT NULL REFERENCES concept(ref),
    metric TEXT NOT NULL REFERENCES metric(ref),
    round INTEGER NOT NULL DEFAULT 1 CHECK (round IN (1, 2)),
    value INTEGER CHECK (value BETWEEN -3 AND 3),
    confidence INTEGER CHECK (confidence BETWEEN 1 AND 3),
    UNIQUE (pen, concept, metric, round)
) STRICT;
CREATE INDEX rating_concept ON rating(concept);
CREATE INDEX rating_metric ON rating(metric);
CREATE TABLE agreement (
    id INTEGER PRIMARY KEY,
    concept TEXT NOT NULL REFERENCES concept(ref),
    metric TEXT NOT NULL REFERENCES metric(ref),
    value INTEGER NOT NULL CHECK (value BETWEEN -3 AND 3),
    UNIQUE (concept, metric)
) STRICT;
CREATE TABLE activation (
    {_ITEM},
    concept TEXT REFERENCES concept(ref),
    promise TEXT REFERENCES promise(ref),
    kind TEXT NOT NULL CHECK (kind IN ('employees', 'leadership', 'vision', 'daily_task', 'policy', 'practice',
        'training', 'recognition', 'communication', 'research', 'partner', 'review')),
    action TEXT NOT NULL CHECK (action <> ''),
    owner_role TEXT NOT NULL DEFAULT '',
    due TEXT,
    status TEXT NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'doing', 'done', 'dropped'))
) STRICT;
CREATE TABLE decision (
    {_ITEM},
    step TEXT REFERENCES agenda(slug),
    text TEXT NOT NULL CHECK (text <> ''),
    rationale TEXT NOT NULL DEFAULT '',
    decided_by_role TEXT NOT NULL DEFAULT '',
    owner_role TEXT NOT NULL DEFAULT '',
    due TEXT,
    dissent TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE TABLE review (
    {_ITEM},
    date TEXT,
    forum TEXT NOT NULL DEFAULT '',
    result TEXT CHECK (result IN ('keep', 'change', 'stop')),
    what_changed TEXT NOT NULL DEFAULT ''
) STRICT;
{_link("review", "metric")};
CREATE TABLE question (
    {_ITEM},
    text TEXT NOT NULL CHECK (text <> ''),
    owner_role TEXT NOT NULL DEFAULT '',
    due TEXT,
    answer TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE TABLE assumption (
    {_ITEM},
    text TEXT NOT NULL CHECK (text <> ''),
    owner_role TEXT NOT NULL DEFAULT '',
    due TEXT,
    answer TEXT NOT NULL DEFAULT ''
) STRICT""",
    )


@HISTORY()
def m006_entries_and_findings(db):
    """What the room wrote before it became anything, and what a facilitator put aside of the checks."""
    _run(
        db,
        f"""CREATE TABLE entry (
    {_ITEM},
    step TEXT NOT NULL REFERENCES agenda(slug),
    text TEXT NOT NULL CHECK (text <> ''),
    heading TEXT NOT NULL DEFAULT '',
    became TEXT REFERENCES ref(ref)
) STRICT;
CREATE INDEX entry_step ON entry(step);
CREATE TABLE dismissal (
    id INTEGER PRIMARY KEY,
    rule TEXT NOT NULL,
    ref TEXT NOT NULL,
    about TEXT NOT NULL,
    reason TEXT NOT NULL CHECK (reason <> ''),
    UNIQUE (rule, ref)
) STRICT;
CREATE TABLE silenced_rule (
    id INTEGER PRIMARY KEY,
    rule TEXT NOT NULL UNIQUE
) STRICT""",
    )


@HISTORY()
def m007_time_spent(db):
    """How long the room works at each step: the agenda's plan beside what it takes."""
    _run(
        db,
        """CREATE TABLE time_spent (
    id INTEGER PRIMARY KEY,
    step TEXT NOT NULL REFERENCES agenda(slug),
    began_at TEXT NOT NULL,
    ended_at TEXT
) STRICT;
CREATE INDEX time_spent_step ON time_spent(step)""",
    )


@HISTORY()
def m008_activities(db):
    """What the room is asked, and its answers, each signed with a pen; who is ready; a break, and until when.

    What people write becomes entries at the reveal; until then it lies in `written`.
    """
    _run(
        db,
        """CREATE TABLE activity (
    id INTEGER PRIMARY KEY,
    step TEXT NOT NULL REFERENCES agenda(slug),
    kind TEXT NOT NULL CHECK (kind IN ('write', 'vote', 'rate', 'split', 'pulse')),
    prompt TEXT NOT NULL CHECK (prompt <> ''),
    round INTEGER NOT NULL DEFAULT 1 CHECK (round >= 1),
    state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'closed', 'revealed')),
    opened_at TEXT NOT NULL,
    settings TEXT NOT NULL DEFAULT '{}' CHECK (json_type(settings) = 'object'),
    feed TEXT NOT NULL,
    sealed INTEGER NOT NULL DEFAULT 0 CHECK (sealed IN (0, 1) AND (sealed = 0 OR state = 'revealed'))
) STRICT;
CREATE UNIQUE INDEX activity_one_open ON activity(state) WHERE state = 'open';
CREATE INDEX activity_step ON activity(step);
CREATE TABLE written (
    id INTEGER PRIMARY KEY,
    activity INTEGER NOT NULL REFERENCES activity(id),
    pen INTEGER NOT NULL REFERENCES pen(id),
    text TEXT NOT NULL CHECK (text <> ''),
    hidden INTEGER NOT NULL DEFAULT 0 CHECK (hidden IN (0, 1)),
    typed_by_host INTEGER NOT NULL DEFAULT 0 CHECK (typed_by_host IN (0, 1)),
    entry TEXT UNIQUE REFERENCES entry(ref)
) STRICT;
CREATE INDEX written_activity ON written(activity, pen);
CREATE TABLE vote (
    id INTEGER PRIMARY KEY,
    activity INTEGER NOT NULL REFERENCES activity(id),
    pen INTEGER NOT NULL REFERENCES pen(id),
    target TEXT NOT NULL REFERENCES ref(ref),
    dots INTEGER NOT NULL CHECK (dots >= 1),
    typed_by_host INTEGER NOT NULL DEFAULT 0 CHECK (typed_by_host IN (0, 1)),
    UNIQUE (activity, pen, target)
) STRICT;
CREATE TABLE share (
    id INTEGER PRIMARY KEY,
    activity INTEGER NOT NULL REFERENCES activity(id),
    pen INTEGER NOT NULL REFERENCES pen(id),
    target TEXT NOT NULL REFERENCES ref(ref),
    points INTEGER NOT NULL CHECK (points BETWEEN 0 AND 100),
    typed_by_host INTEGER NOT NULL DEFAULT 0 CHECK (typed_by_host IN (0, 1)),
    UNIQUE (activity, pen, target)
) STRICT;
CREATE TABLE pulse (
    id INTEGER PRIMARY KEY,
    activity INTEGER NOT NULL REFERENCES activity(id),
    pen INTEGER NOT NULL REFERENCES pen(id),
    target TEXT NOT NULL DEFAULT '',
    answer TEXT NOT NULL DEFAULT '',
    words TEXT NOT NULL DEFAULT '',
    typed_by_host INTEGER NOT NULL DEFAULT 0 CHECK (typed_by_host IN (0, 1)),
    CHECK (answer <> '' OR words <> ''),
    UNIQUE (activity, pen, target)
) STRICT;
CREATE TABLE ready (
    activity INTEGER NOT NULL REFERENCES activity(id) ON DELETE CASCADE,
    participant INTEGER NOT NULL REFERENCES participant(id),
    PRIMARY KEY (activity, participant)
) STRICT, WITHOUT ROWID;
ALTER TABLE rating ADD COLUMN activity INTEGER REFERENCES activity(id);
ALTER TABLE rating ADD COLUMN typed_by_host INTEGER NOT NULL DEFAULT 0 CHECK (typed_by_host IN (0, 1));
CREATE INDEX rating_activity ON rating(activity);
ALTER TABLE room ADD COLUMN activity INTEGER REFERENCES activity(id);
ALTER TABLE room ADD COLUMN held_at TEXT;
ALTER TABLE room ADD COLUMN back_at TEXT NOT NULL DEFAULT ''""",
    )


@HISTORY()
def m009_joining(db):
    """How people come in with their phones. Of every secret but the join code only the hash is kept."""
    _run(
        db,
        """CREATE TABLE entrance (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    join_code TEXT NOT NULL CHECK (length(join_code) = 6),
    locked INTEGER NOT NULL DEFAULT 0 CHECK (locked IN (0, 1))
) STRICT;
CREATE TABLE participant_token (
    id INTEGER PRIMARY KEY,
    participant INTEGER NOT NULL REFERENCES participant(id) ON DELETE CASCADE,
    token TEXT NOT NULL UNIQUE CHECK (length(token) = 64),
    personal_code TEXT NOT NULL UNIQUE CHECK (length(personal_code) = 64)
) STRICT;
CREATE INDEX participant_token_participant ON participant_token(participant);
CREATE TABLE personal_link (
    id INTEGER PRIMARY KEY,
    link TEXT NOT NULL UNIQUE CHECK (length(link) = 64),
    participant INTEGER REFERENCES participant(id) ON DELETE CASCADE
) STRICT""",
    )
    db.execute("INSERT INTO entrance (id, join_code) VALUES (1, ?)", [new_join_code()])


def new_join_code() -> str:
    return "".join(secrets.choice("23456789ABCDEFGHJKMNPQRSTUVWXYZ") for _sign in range(6))


@HISTORY()
def m010_whole_method(db):
    """What METHOD.md §4 asks beyond the core: evidence, promise checks, practices, readings, and fields of what is."""
    _run(
        db,
        f"""ALTER TABLE workshop ADD COLUMN aims TEXT NOT NULL DEFAULT '[]' CHECK (json_type(aims) = 'array');
ALTER TABLE workshop ADD COLUMN cost_of_standing_still TEXT NOT NULL DEFAULT '';
ALTER TABLE value ADD COLUMN match_note TEXT NOT NULL DEFAULT '';
ALTER TABLE touchpoint ADD COLUMN feeling INTEGER CHECK (feeling BETWEEN -2 AND 2);
ALTER TABLE touchpoint ADD COLUMN staff_may_decide INTEGER CHECK (staff_may_decide IN (0, 1));
ALTER TABLE touchpoint ADD COLUMN area TEXT CHECK (area IN ('policy', 'process', 'presence', 'promotion'));
ALTER TABLE touchpoint ADD COLUMN what_we_show TEXT NOT NULL DEFAULT '';
ALTER TABLE reverse_case ADD COLUMN form TEXT NOT NULL DEFAULT 'real' CHECK (form IN ('real', 'worst'));
ALTER TABLE cpi_kpi_link ADD COLUMN reinvest TEXT NOT NULL DEFAULT '';
ALTER TABLE concept ADD COLUMN tags TEXT NOT NULL DEFAULT '[]' CHECK (json_type(tags) = 'array');
ALTER TABLE requirement ADD COLUMN waits_for TEXT REFERENCES requirement(ref);
ALTER TABLE decision ADD COLUMN gives_up TEXT NOT NULL DEFAULT '';
ALTER TABLE decision ADD COLUMN state TEXT NOT NULL DEFAULT 'made' CHECK (state IN ('made', 'provisional', 'reversed'));
CREATE TABLE evidence (
    {_ITEM},
    kind TEXT NOT NULL CHECK (kind IN ('observation', 'ride-along', 'home visit', 'interview', 'call listening',
        'complaints', 'survey', 'data', 'frontline story', 'assumption')),
    note TEXT NOT NULL CHECK (note <> ''),
    date TEXT,
    strength INTEGER CHECK (strength BETWEEN 1 AND 3),
    link TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE TABLE promise_check (
    {_ITEM},
    promise TEXT REFERENCES promise(ref),
    touchpoint TEXT REFERENCES touchpoint(ref),
    concept TEXT REFERENCES concept(ref),
    answer TEXT NOT NULL CHECK (answer IN ('yes', 'partly', 'no', 'dont_know')),
    note TEXT NOT NULL DEFAULT '',
    heard_from TEXT NOT NULL DEFAULT 'room' CHECK (heard_from IN ('room', 'complaint', 'customer', 'frontline'))
) STRICT;
CREATE TABLE practice_review (
    {_ITEM},
    practice TEXT NOT NULL CHECK (practice <> ''),
    decision TEXT CHECK (decision IN ('keep', 'change', 'stop')),
    whose TEXT NOT NULL DEFAULT '',
    principle TEXT REFERENCES principle(ref)
) STRICT;
CREATE TABLE reading (
    {_ITEM},
    metric TEXT NOT NULL REFERENCES metric(ref),
    date TEXT NOT NULL,
    value REAL NOT NULL,
    note TEXT NOT NULL DEFAULT '',
    source TEXT NOT NULL DEFAULT ''
) STRICT;
{"".join(_link("evidence", other) + ";" + chr(10) for other in ("purpose", "touchpoint", "concept", "metric"))}
{"".join(_link("decision", other) + ";" + chr(10) for other in ("purpose", "promise", "value", "principle", "metric"))}
{_link("review", "concept")};
{_link("review", "promise")}""",
    )


@HISTORY()
def m011_order(db):
    """The order as it stood when something was decided, and what gives it again."""
    _run(
        db,
        """CREATE TABLE kept_order (
    id INTEGER PRIMARY KEY,
    decision TEXT NOT NULL UNIQUE REFERENCES decision(ref),
    version TEXT NOT NULL,
    replays INTEGER NOT NULL CHECK (replays >= 1),
    concentration REAL NOT NULL CHECK (concentration > 0),
    seed INTEGER NOT NULL,
    customer_share REAL NOT NULL CHECK (customer_share BETWEEN 0 AND 100),
    weights TEXT NOT NULL CHECK (json_type(weights) = 'object'),
    raters INTEGER NOT NULL CHECK (raters >= 0),
    sentence TEXT NOT NULL,
    places TEXT NOT NULL CHECK (json_type(places) = 'array')
) STRICT""",
    )


@HISTORY()
def m012_host_notes(db):
    """What hosts note for themselves at a step; no screen, phone or export reads it."""
    _run(
        db,
        """CREATE TABLE host_note (
    id INTEGER PRIMARY KEY,
    step TEXT NOT NULL UNIQUE REFERENCES agenda(slug),
    text TEXT NOT NULL CHECK (text <> '')
) STRICT""",
    )


@HISTORY()
def m013_living(db):
    """Breaks on the agenda, and which workshop this one was made from."""
    _run(
        db,
        """ALTER TABLE agenda ADD COLUMN is_break INTEGER NOT NULL DEFAULT 0 CHECK (is_break IN (0, 1));
ALTER TABLE workshop ADD COLUMN parent TEXT NOT NULL DEFAULT ''""",
    )


@HISTORY()
def m014_second_looks(db):
    """What has to be looked at again, because something upstream was changed; whether the room looks at the thread."""
    _run(
        db,
        """CREATE TABLE second_look (
    id INTEGER PRIMARY KEY,
    ref TEXT NOT NULL REFERENCES ref(ref),
    because TEXT NOT NULL REFERENCES ref(ref),
    field TEXT NOT NULL CHECK (field <> ''),
    was TEXT NOT NULL,
    UNIQUE (ref, because, field)
) STRICT;
CREATE INDEX second_look_because ON second_look(because);
ALTER TABLE room ADD COLUMN thread_while TEXT""",
    )


@HISTORY()
def m015_names(db):
    """Who wrote it, once the workshop's anonymity shows it; empty before, and always where nobody is to know."""
    _run(db, "ALTER TABLE written ADD COLUMN name TEXT NOT NULL DEFAULT ''")


@HISTORY()
def m017_weighing(db):
    """Where the weights come from and how firm they are; what each is asked to rate beyond the fair share."""
    _run(
        db,
        """CREATE TABLE further_cell (
    id INTEGER PRIMARY KEY,
    activity INTEGER NOT NULL REFERENCES activity(id),
    pen INTEGER NOT NULL REFERENCES pen(id),
    concept TEXT NOT NULL REFERENCES concept(ref),
    metric TEXT NOT NULL REFERENCES metric(ref),
    UNIQUE (activity, pen, concept, metric)
) STRICT;
CREATE TABLE weight_source (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL UNIQUE CHECK (kind IN ('cpi', 'kpi')),
    source TEXT NOT NULL CHECK (source IN ('split', 'swing', 'order')),
    weights TEXT NOT NULL CHECK (json_type(weights) = 'object')
) STRICT;
ALTER TABLE workshop ADD COLUMN firmness TEXT NOT NULL DEFAULT 'usual'
    CHECK (firmness IN ('argued', 'usual', 'agreed'));
ALTER TABLE workshop ADD COLUMN own_weights INTEGER NOT NULL DEFAULT 0 CHECK (own_weights IN (0, 1));
ALTER TABLE workshop ADD COLUMN everyone_decides INTEGER NOT NULL DEFAULT 0 CHECK (everyone_decides IN (0, 1));
ALTER TABLE kept_order ADD COLUMN kept_at TEXT NOT NULL DEFAULT '';
ALTER TABLE kept_order ADD COLUMN own_weights INTEGER NOT NULL DEFAULT 0 CHECK (own_weights IN (0, 1));
ALTER TABLE kept_order ADD COLUMN everyone_decides INTEGER NOT NULL DEFAULT 0 CHECK (everyone_decides IN (0, 1))""",
    )


@HISTORY()
def m018_beforehand(db):
    """What is asked before the day, and the secret of the link to it."""
    _run(
        db,
        """CREATE TABLE beforehand (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    secret TEXT NOT NULL CHECK (length(secret) = 16),
    questions TEXT NOT NULL CHECK (json_type(questions) = 'array'),
    locked INTEGER NOT NULL DEFAULT 0 CHECK (locked IN (0, 1)),
    answered INTEGER NOT NULL DEFAULT 0 CHECK (answered >= 0)
) STRICT""",
    )


@HISTORY()
def m019_own_names(db):
    """What a workshop calls its nouns; and a file that was taken along has no join code: its door is locked, until
    somebody unlocks it under a new one."""
    _run(
        db,
        """CREATE TABLE own_name (
    id INTEGER PRIMARY KEY,
    noun TEXT NOT NULL UNIQUE CHECK (noun IN ('promise', 'purpose', 'value', 'principle', 'touchpoint', 'concept')),
    name TEXT NOT NULL CHECK (name <> '')
) STRICT;
CREATE TABLE entrance_ (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    join_code TEXT NOT NULL CHECK (length(join_code) = 6 OR (join_code = '' AND locked = 1)),
    locked INTEGER NOT NULL DEFAULT 0 CHECK (locked IN (0, 1))
) STRICT;
INSERT INTO entrance_ SELECT id, join_code, locked FROM entrance;
DROP TABLE entrance;
ALTER TABLE entrance_ RENAME TO entrance;
""",
    )


@HISTORY()
def m020_shown_instead(db):
    """What the shared screen shows in place of the step: the thread, or how late-comers come in."""
    _run(
        db,
        """ALTER TABLE room RENAME COLUMN thread_while TO instead_while;
ALTER TABLE room ADD COLUMN instead TEXT NOT NULL DEFAULT '' CHECK (instead IN ('', 'thread', 'entrance'));
UPDATE room SET instead = 'thread' WHERE instead_while IS NOT NULL""",
    )


@HISTORY()
def m021_kinds_to_come(db):
    """What it takes may be written down before anybody has said which kind that is."""
    _run(
        db,
        f"""CREATE TABLE requirement_ (
    {_ITEM},
    concept TEXT NOT NULL REFERENCES concept(ref),
    type TEXT CHECK (type IN ('technical', 'operations', 'organization', 'data', 'occurrence', 'people',
        'policy', 'process', 'product', 'partner', 'budget')),
    text TEXT NOT NULL CHECK (text <> ''),
    status TEXT CHECK (status IN ('have', 'partial', 'missing')),
    effort INTEGER CHECK (effort BETWEEN 1 AND 5),
    owner_role TEXT NOT NULL DEFAULT '',
    depends_on TEXT NOT NULL DEFAULT '',
    waits_for TEXT REFERENCES requirement(ref)
) STRICT;
INSERT INTO requirement_ (id, ref, version, position, archived_at, concept, type, text, status, effort, owner_role,
    depends_on, waits_for)
    SELECT id, ref, version, position, archived_at, concept, type, text, status, effort, owner_role, depends_on,
    waits_for FROM requirement;
DROP TABLE requirement;
ALTER TABLE requirement_ RENAME TO requirement;
CREATE INDEX requirement_concept ON requirement(concept);
""",
    )


@HISTORY()
def m022_dark_screen(db):
    """The shared screen is light or dark as the host says, whatever the projector's browser prefers."""
    _run(
        db,
        """CREATE TABLE screen (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    dark INTEGER NOT NULL CHECK (dark IN (0, 1))
) STRICT""",
    )


@HISTORY()
def m023_wifi(db):
    """Which Wi-Fi the phones come in by, in the words of the room's own sign."""
    _run(db, "ALTER TABLE entrance ADD COLUMN wifi TEXT NOT NULL DEFAULT ''")


# in the order of their definition, which is also the order in which they are applied
NAMES = [migration.name for migration in HISTORY.pending(Database(memory=True))]


def migrate(db: Database) -> None:
    """Applies what is still missing. The caller holds BEGIN IMMEDIATE with foreign keys off."""
    HISTORY.apply(db)
    lay_guards(db)


def lay_guards(db: Database) -> None:
    """The file itself refuses every edit of the journal."""
    for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        db.execute(f'DROP TRIGGER "{name}"')
    for table in ("journal", "change"):
        for event in ("UPDATE", "DELETE"):
            db.execute(
                f"""CREATE TRIGGER "{table}_stands_{event.lower()}" BEFORE {event} ON {table} BEGIN
    SELECT RAISE(ABORT, 'the journal cannot be edited');
END"""
            )


def journal_rows(db: Database) -> None:
    """From now on this connection appends every row's old and new state to `change`.

    The triggers are the connection's own (TEMP): every connection reads the file's schema when it opens, and their
    long lists of columns, needed by writers alone, were most of the 2 ms that this took (bench store).
    """
    for table in journalled_tables(db):
        columns = [row[1] for row in db.execute(f'PRAGMA table_info("{table}")').fetchall()]
        for event, old, new in (("INSERT", None, "NEW"), ("UPDATE", "OLD", "NEW"), ("DELETE", "OLD", None)):
            states = [
                "NULL" if side is None else "json_object(" + ", ".join(f"'{c}', {side}.\"{c}\"" for c in columns) + ")"
                for side in (old, new)
            ]
            db.execute(
                f"""CREATE TEMP TRIGGER "journal_{table}_{event.lower()}" AFTER {event} ON main."{table}" BEGIN
    INSERT INTO change (journal, "table", row, old, new)
        VALUES ((SELECT journal FROM writing), '{table}', {new or old}.id, {states[0]}, {states[1]});
END"""
            )


def journalled_tables(db: Database) -> list[str]:
    tables = db.execute("SELECT name FROM main.sqlite_master WHERE type = 'table' ORDER BY rowid").fetchall()
    return [name for (name,) in tables if name not in NOT_JOURNALLED and not name.startswith("sqlite_")]
