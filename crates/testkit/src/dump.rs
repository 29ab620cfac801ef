//! Everything that a database holds, as text: to see that something changed nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use dbx::{Conn, Db, Engine};

const MIGRATIONS: &str = "_sqlx_migrations";

/// The rows of every table but for the columns named (`status` of every table, `mails.status` of one), sorted.
pub async fn dump(db: &Db, without: &[&str]) -> BTreeMap<String, Vec<String>> {
    let mut conn = db.read().await.expect("a connection to read with");
    let mut tables: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (table, column) in columns(&mut conn).await {
        // The list of migrations is not data, and holds bytes.
        let is_left_out = without.contains(&column.as_str()) || without.contains(&format!("{table}.{column}").as_str());
        if !is_left_out && table != MIGRATIONS {
            tables.entry(table).or_default().push(column);
        }
    }
    let mut dump: BTreeMap<String, Vec<String>> = tables.keys().map(|table| (table.clone(), Vec::new())).collect();
    if dump.is_empty() {
        return dump;
    }
    let rows: Vec<(String, String)> =
        conn.build(statement(&tables)).build().fetch_all().await.expect("tables can be read");
    for (table, row) in rows {
        dump.entry(table).or_default().push(row);
    }
    for rows in dump.values_mut() {
        rows.sort_unstable();
    }
    dump
}

/// Reads all of it in one go: there are dozens of tables, and tests that look at them a hundred times.
fn statement(tables: &BTreeMap<String, Vec<String>>) -> &'static str {
    static KNOWN: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
    let of_table = |(table, columns): (&String, &Vec<String>)| {
        let shown = columns.iter().map(|column| format!("COALESCE(CAST(\"{column}\" AS TEXT), '∅')"));
        let row = shown.collect::<Vec<_>>().join(" || '|' || ");
        format!("SELECT CAST('{table}' AS TEXT), {row} FROM \"{table}\"")
    };
    let sql = tables.iter().map(of_table).collect::<Vec<_>>().join(" UNION ALL ");
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(sql) = known.get(sql.as_str()) {
        return sql;
    }
    // Leaked, each once: only a test does this, and only a text of the program can be run.
    let sql: &'static str = sql.leak();
    known.insert(sql);
    sql
}

/// What differs, for messages; empty when nothing does.
pub fn differences(before: &BTreeMap<String, Vec<String>>, after: &BTreeMap<String, Vec<String>>) -> Vec<String> {
    let mut differences = Vec::new();
    for (table, rows) in before {
        let now = after.get(table).map_or(&[][..], Vec::as_slice);
        differences.extend(rows.iter().filter(|row| !now.contains(row)).map(|row| format!("{table} - {row}")));
    }
    for (table, rows) in after {
        let then = before.get(table).map_or(&[][..], Vec::as_slice);
        differences.extend(rows.iter().filter(|row| !then.contains(row)).map(|row| format!("{table} + {row}")));
    }
    differences
}

/// (table, column) of the whole schema.
async fn columns(conn: &mut Conn) -> Vec<(String, String)> {
    let sql = match conn.engine() {
        Engine::Sqlite => {
            "SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c
             WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' ORDER BY 1, c.cid"
        }
        Engine::Postgres => {
            // information_schema would look up everybody's rights first.
            "SELECT CAST(c.relname AS TEXT), CAST(a.attname AS TEXT)
             FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
             WHERE c.relnamespace = CAST('public' AS REGNAMESPACE) AND c.relkind = 'r' AND a.attnum > 0
               AND NOT a.attisdropped ORDER BY 1, a.attnum"
        }
    };
    conn.build(sql).build().fetch_all().await.expect("the catalogue can be read")
}
