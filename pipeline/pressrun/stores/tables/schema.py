"""The tables, as the list of migrations that made them: append, never edit."""

from __future__ import annotations

# Keys and digests are lower-case hex. Money is whole nano-dollars: exact for every price per token, also halved.
MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """CREATE TABLE results (
            key TEXT PRIMARY KEY, kind TEXT NOT NULL, digest TEXT NOT NULL, size INTEGER NOT NULL, facts TEXT NOT NULL
        ) STRICT, WITHOUT ROWID""",
        # Every opened journal that spends or claims; never reused, so a number tells one of them for ever.
        "CREATE TABLE holders (id INTEGER PRIMARY KEY AUTOINCREMENT, pid INTEGER NOT NULL, host TEXT NOT NULL) STRICT",
        """CREATE TABLE batches (
            id TEXT PRIMARY KEY, state TEXT NOT NULL, remote TEXT, holder INTEGER NOT NULL REFERENCES holders,
            shard TEXT NOT NULL
        ) STRICT, WITHOUT ROWID""",
        """CREATE TABLE attempts (
            id INTEGER PRIMARY KEY AUTOINCREMENT, picture TEXT NOT NULL, run TEXT NOT NULL,
            provider TEXT NOT NULL, model TEXT NOT NULL, quoted INTEGER, detail TEXT NOT NULL,
            holder INTEGER NOT NULL REFERENCES holders, batch TEXT REFERENCES batches,
            state TEXT NOT NULL DEFAULT 'open', cost INTEGER, usage TEXT, digest TEXT
        ) STRICT""",
        "CREATE INDEX attempts_picture ON attempts (picture)",
        "CREATE INDEX attempts_open ON attempts (state) WHERE state = 'open'",
        "CREATE TABLE claims (key TEXT PRIMARY KEY, holder INTEGER NOT NULL REFERENCES holders) STRICT, WITHOUT ROWID",
        """CREATE TABLE decisions (
            id INTEGER PRIMARY KEY AUTOINCREMENT, subject TEXT NOT NULL, verdict TEXT NOT NULL,
            who TEXT NOT NULL, reason TEXT NOT NULL
        ) STRICT""",
        "CREATE INDEX decisions_subject ON decisions (subject)",
        """CREATE TABLE lineage (
            child TEXT NOT NULL, parent TEXT NOT NULL, kind TEXT NOT NULL, instruction TEXT NOT NULL,
            PRIMARY KEY (child, parent)
        ) STRICT, WITHOUT ROWID""",
        "CREATE INDEX lineage_parent ON lineage (parent)",
    ),
    (
        "ALTER TABLE decisions ADD COLUMN content TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE decisions ADD COLUMN at TEXT NOT NULL DEFAULT ''",
        # Both are logs: the latest line of a root (and name) counts.
        """CREATE TABLE branches (
            id INTEGER PRIMARY KEY AUTOINCREMENT, root TEXT NOT NULL, name TEXT NOT NULL, head TEXT NOT NULL
        ) STRICT""",
        "CREATE INDEX branches_head ON branches (head)",
        "CREATE TABLE choices (id INTEGER PRIMARY KEY AUTOINCREMENT, root TEXT NOT NULL, name TEXT NOT NULL) STRICT",
    ),
    (
        """CREATE TABLE runs (
            name TEXT PRIMARY KEY, job TEXT NOT NULL, started TEXT NOT NULL, exit INTEGER,
            holder INTEGER REFERENCES holders
        ) STRICT, WITHOUT ROWID""",
        # A run is called by its time and its job: 20270301-101500-spring.
        """INSERT INTO runs (name, job, started, exit)
            SELECT DISTINCT run, substr(run, 17),
                substr(run, 1, 4) || '-' || substr(run, 5, 2) || '-' || substr(run, 7, 2) || 'T' || substr(run, 10, 2)
                || ':' || substr(run, 12, 2) || ':' || substr(run, 14, 2) || '+00:00', 0
            FROM attempts WHERE run GLOB '[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]-[0-9][0-9][0-9][0-9][0-9][0-9]-*'""",
        "CREATE INDEX attempts_run ON attempts (run)",
    ),
    (
        "ALTER TABLE attempts ADD COLUMN held INTEGER",
        # Where the picture of a charged attempt lies that nobody could fetch yet.
        "ALTER TABLE attempts ADD COLUMN address TEXT",
    ),
    ("CREATE TABLE damaged (id INTEGER PRIMARY KEY AUTOINCREMENT, row TEXT NOT NULL) STRICT",),
    # Few among millions of files: workers on other machines are told of them.
    ("CREATE INDEX results_painted ON results (key) WHERE kind IN ('plate', 'piece')",),
)
