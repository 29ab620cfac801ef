//! Everything that a database holds, as text: to see that something changed nothing.

use std::collections::BTreeMap;

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
    let mut dump = BTreeMap::new();
    for (table, columns) in tables {
        let shown = columns.iter().map(|column| format!("COALESCE(CAST(\"{column}\" AS TEXT), '∅')"));
        let row = shown.collect::<Vec<_>>().join(" || '|' || ");
        // Leaked: only a test does this, and only a text of the program can be run.
        let sql = format!("SELECT {row} FROM \"{table}\" ORDER BY 1").leak();
        let rows: Vec<(String,)> = conn.build(sql).build().fetch_all().await.expect("a table can be read");
        dump.insert(table, rows.into_iter().map(|row| row.0).collect());
    }
    dump
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
            "SELECT CAST(table_name AS TEXT), CAST(column_name AS TEXT) FROM information_schema.columns
             WHERE table_schema = 'public' ORDER BY 1, ordinal_position"
        }
    };
    conn.build(sql).build().fetch_all().await.expect("the catalogue can be read")
}
