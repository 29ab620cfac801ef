//! One folder of migrations for both engines.
//!
//! A file is written in PostgreSQL's words; for SQLite its column types are lowered to the storage
//! classes of STRICT tables. `NNNN_name.sqlite.sql` replaces `NNNN_name.sql` where SQLite needs other
//! statements. A file whose first line is `-- no-transaction` runs outside one: what rebuilds a table
//! others refer to must switch `foreign_keys` off, which SQLite ignores inside a transaction.

use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{AssertSqlSafe, SqlSafeStr};

use crate::pool::{Db, Engine, Pools};
use crate::{Error, Result};

/// A migration: `NNNN_name.sql` and its text.
#[derive(Clone, Copy, Debug)]
pub struct File {
    pub name: &'static str,
    pub sql: &'static str,
}

impl Db {
    /// Runs the files not yet run, in the order of their numbers; refuses one that was changed since.
    pub async fn migrate(&self, files: &[File]) -> Result<()> {
        let migrator = migrator(self.engine(), files)?;
        match &self.pools {
            Pools::Sqlite { write, .. } => {
                migrator.run(write).await?;
                sqlx::raw_sql(PLANNER_STATISTICS).execute(write).await?;
            }
            Pools::Postgres(leases) => {
                let (mut conn, _permit) = leases.acquire().await?.give_away();
                migrator.run(&mut *conn).await?;
            }
        }
        Ok(())
    }
}

/// Without statistics SQLite believes that `org_id = ?` finds ten rows, and would rather scan all rows
/// of the organization by primary key than use an index and sort. Until `PRAGMA optimize` has real
/// figures, assume what is true of every such table: many rows an organization, few for anything narrower. Of an empty
/// partial index it has figures, zeros: they are as good as none.
const PLANNER_STATISTICS: &str = "
    PRAGMA analysis_limit = 400;
    ANALYZE;
    DELETE FROM sqlite_stat1 WHERE stat LIKE '0 %';
    INSERT INTO sqlite_stat1 (tbl, idx, stat)
    SELECT t.name,
           CASE WHEN t.wr AND i.origin = 'pk' THEN t.name ELSE i.name END,
           '1000000 ' || group_concat(CASE
               WHEN i.\"unique\" AND c.seqno = (SELECT max(seqno) FROM pragma_index_info(i.name)) THEN 1
               WHEN c.seqno = 0 AND c.name = 'org_id' THEN 100000
               ELSE 10 END, ' ' ORDER BY c.seqno)
    FROM pragma_table_list t, pragma_index_list(t.name) i, pragma_index_info(i.name) c
    WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite%'
      AND NOT EXISTS (SELECT 1 FROM sqlite_stat1 s WHERE s.tbl = t.name)
    GROUP BY t.name, i.name;
    ANALYZE sqlite_schema;";

fn migrator(engine: Engine, files: &[File]) -> Result<Migrator> {
    let migrations = files.iter().filter(|file| runs_on(engine, file, files)).map(|file| migration(engine, file));
    Ok(Migrator::with_migrations(migrations.collect::<Result<_>>()?))
}

fn runs_on(engine: Engine, file: &File, files: &[File]) -> bool {
    match engine {
        Engine::Sqlite => {
            let twin = file.name.strip_suffix(".sql").map(|stem| format!("{stem}.sqlite.sql"));
            !files.iter().any(|other| Some(other.name) == twin.as_deref())
        }
        Engine::Postgres => !file.name.ends_with(".sqlite.sql"),
    }
}

fn migration(engine: Engine, file: &File) -> Result<Migration> {
    let parts = file.name.strip_suffix(".sql").and_then(|stem| stem.split_once('_'));
    let named = parts.and_then(|(number, name)| Some((number.parse().ok()?, name)));
    let (version, name) = named.ok_or_else(|| {
        Error::Configuration(format!("a migration is called NNNN_name.sql, not {}", file.name).into())
    })?;
    let no_transaction = file.sql.starts_with("-- no-transaction");
    // The checksum is the file's own, so that a better `lower` changes no history.
    let mut migration =
        Migration::new(version, name.to_owned().into(), MigrationType::Simple, file.sql.into_sql_str(), no_transaction);
    if engine == Engine::Sqlite && !file.name.ends_with(".sqlite.sql") {
        migration.sql = AssertSqlSafe(lower(file.sql)).into_sql_str();
    }
    Ok(migration)
}

/// Column types: as written, and on SQLite.
const TYPES: [(&str, &str); 6] = [
    ("BIGINT", "INTEGER"),
    ("BOOLEAN", "INTEGER"),
    ("NUMERIC", "TEXT"),
    ("DATE", "TEXT"),
    ("TIMESTAMPTZ", "TEXT"),
    ("JSONB", "TEXT"),
];

/// PostgreSQL's words to SQLite's: column types, and STRICT tables clustered on their primary key,
/// but for those closed by `); -- rowid`. Quoted text stays as it is; comments go.
fn lower(sql: &str) -> String {
    let mut out = String::with_capacity(sql.len());
    let (mut quoted, mut in_table) = (false, false);
    for line in sql.lines() {
        let (code, comment) = split_comment(line, quoted);
        if !quoted && code.starts_with("CREATE TABLE") {
            in_table = true;
        }
        if !quoted && in_table && code.trim() == ");" {
            let rowid = comment.trim() == "rowid";
            out.push_str(if rowid { ") STRICT;" } else { ") STRICT, WITHOUT ROWID;" });
            in_table = false;
        } else {
            for (n, piece) in code.split('\'').enumerate() {
                if n > 0 {
                    out.push('\'');
                    quoted = !quoted;
                }
                if quoted { out.push_str(piece) } else { lower_types(piece, &mut out) }
            }
        }
        out.push('\n');
    }
    out
}

/// The line before its `--`, and what follows; a `--` inside quotes is none.
fn split_comment(line: &str, mut quoted: bool) -> (&str, &str) {
    for (at, character) in line.char_indices() {
        if character == '\'' {
            quoted = !quoted;
        } else if !quoted && let Some(comment) = line[at..].strip_prefix("--") {
            return (&line[..at], comment);
        }
    }
    (line, "")
}

fn lower_types(code: &str, out: &mut String) {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    for piece in code.split_inclusive(|c| !is_word(c)) {
        let word = piece.trim_end_matches(|c| !is_word(c));
        let known = TYPES.iter().find(|(written, _)| *written == word);
        out.push_str(known.map_or(word, |(_, sqlite)| sqlite));
        out.push_str(&piece[word.len()..]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: File = File { name: "0001_a.sql", sql: "CREATE TABLE a (\n  id BIGINT\n);" };
    const TWIN: File = File { name: "0001_a.sqlite.sql", sql: "CREATE TABLE a (\n  id BIGINT\n);" };

    #[test]
    fn column_types_become_storage_classes() {
        let sql = "a BIGINT, b BOOLEAN NOT NULL DEFAULT FALSE, c NUMERIC, d DATE, e TIMESTAMPTZ, f JSONB, g TEXT";
        let lowered = "a INTEGER, b INTEGER NOT NULL DEFAULT FALSE, c TEXT, d TEXT, e TEXT, f TEXT, g TEXT\n";
        assert_eq!(lower(sql), lowered);
    }

    #[test]
    fn parts_of_words_are_left_alone() {
        assert_eq!(lower("UPDATE t SET DATE_DUE = date;"), "UPDATE t SET DATE_DUE = date;\n");
    }

    #[test]
    fn quoted_text_is_left_alone() {
        assert_eq!(lower("CHECK (kind IN ('DATE', 'it''s DATE'))"), "CHECK (kind IN ('DATE', 'it''s DATE'))\n");
        assert_eq!(lower("'a -- DATE\nDATE' DATE"), "'a -- DATE\nDATE' TEXT\n");
    }

    #[test]
    fn comments_go() {
        assert_eq!(lower("-- a DATE, isn't it?\na DATE -- due"), "\na TEXT \n");
    }

    #[test]
    fn tables_are_strict_and_clustered_on_their_key() {
        let sql = "CREATE TABLE a (\n    id BIGINT\n);";
        assert_eq!(lower(sql), "CREATE TABLE a (\n    id INTEGER\n) STRICT, WITHOUT ROWID;\n");
    }

    #[test]
    fn a_table_keeps_its_rowid_when_it_says_so() {
        let sql = "CREATE TABLE a (\n    id BIGINT\n); -- rowid";
        assert_eq!(lower(sql), "CREATE TABLE a (\n    id INTEGER\n) STRICT;\n");
    }

    #[test]
    fn only_tables_become_strict() {
        let sql = "CREATE INDEX i ON a (\n    id\n);";
        assert_eq!(lower(sql), format!("{sql}\n"));
    }

    #[test]
    fn a_sqlite_twin_replaces_the_file_on_sqlite_only_and_is_not_lowered() {
        let texts = |engine| -> Vec<String> {
            let migrator = migrator(engine, &[FILE, TWIN]).unwrap();
            migrator.iter().map(|m| format!("{} {}", m.description, m.sql.as_str())).collect()
        };
        assert_eq!(texts(Engine::Sqlite), [format!("a.sqlite {}", TWIN.sql)]);
        assert_eq!(texts(Engine::Postgres), [format!("a {}", FILE.sql)]);
    }

    #[test]
    fn the_checksum_is_that_of_the_file_on_both_engines() {
        let checksum = |engine| migrator(engine, &[FILE]).unwrap().iter().next().unwrap().checksum.clone();
        assert_eq!(checksum(Engine::Sqlite), checksum(Engine::Postgres));
    }

    #[test]
    fn a_wrong_file_name_is_an_error() {
        assert!(migrator(Engine::Sqlite, &[File { name: "first.sql", sql: "" }]).is_err());
    }
}
