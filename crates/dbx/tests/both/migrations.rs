//! Migrations run once, in order, and leave SQLite with statistics to plan by.

use dbx::migrate::File;
use dbx::q;

use crate::on_both;
use crate::shop::{ANN, MIGRATIONS, ORG, contacts, person, seed};

const SHOP: File = MIGRATIONS[0];

/// SQLite can't drop NOT NULL: the table is built anew, while contacts refer to it.
const OPTIONAL_NAME: &[File] = &[
    SHOP,
    File { name: "0002_optional_name.sql", sql: "ALTER TABLE people ALTER COLUMN name DROP NOT NULL;" },
    File {
        name: "0002_optional_name.sqlite.sql",
        sql: "-- no-transaction
            PRAGMA foreign_keys = OFF;
            BEGIN;
            CREATE TABLE new_people (
                org_id INTEGER NOT NULL, id INTEGER NOT NULL, email TEXT NOT NULL, name TEXT,
                active INTEGER NOT NULL DEFAULT FALSE, score INTEGER, tags TEXT NOT NULL,
                PRIMARY KEY (org_id, id), UNIQUE (org_id, email), FOREIGN KEY (org_id) REFERENCES orgs (id)
            ) STRICT, WITHOUT ROWID;
            INSERT INTO new_people SELECT org_id, id, email, name, active, score, tags FROM people;
            DROP TABLE people;
            ALTER TABLE new_people RENAME TO people;
            CREATE INDEX people_by_name ON people (org_id, name, id);
            COMMIT;
            PRAGMA foreign_keys = ON;",
    },
];

on_both! {
    async fn migrating_again_changes_nothing(db: TestDb) {
        seed(&db).await;
        db.migrate(MIGRATIONS).await.unwrap();
        db.migrate(MIGRATIONS).await.unwrap();
        assert!(person(&mut db.read().await.unwrap(), ANN).await.unwrap().is_some());
    }

    async fn a_changed_migration_is_refused(db: TestDb) {
        let changed = File { name: SHOP.name, sql: "CREATE TABLE other (\n    id BIGINT NOT NULL PRIMARY KEY\n);" };
        let error = db.migrate(&[changed]).await.unwrap_err();
        assert!(error.to_string().contains("has been modified"), "{error}");
    }

    async fn a_table_is_rebuilt_and_what_refers_to_it_stays(db: TestDb) {
        seed(&db).await;
        db.migrate(OPTIONAL_NAME).await.unwrap();
        let mut tx = db.begin().await.unwrap();
        assert_eq!(contacts(&mut tx, ANN).await.unwrap().len(), 2);
        let rename = q!(tx, "UPDATE people SET name = NULL WHERE org_id = $1 AND id = $2", ORG, ANN);
        assert_eq!(rename.execute().await.unwrap(), 1);
        let gone = q!(tx, "DELETE FROM people WHERE org_id = $1 AND id = $2", ORG, ANN);
        assert_eq!(gone.execute().await.unwrap(), 1);
        assert!(contacts(&mut tx, ANN).await.unwrap().is_empty(), "foreign keys are in force again");
    }
}

#[tokio::test]
async fn sqlite_uses_the_index_from_the_first_row_on() {
    let db = crate::database::sqlite(MIGRATIONS).await;
    for mut conn in [db.read().await.unwrap(), db.read().await.unwrap()] {
        let mut sql = conn.build("EXPLAIN QUERY PLAN SELECT id, kind, value FROM contacts WHERE org_id = ");
        sql.push_bind(ORG).push(" AND person_id = ").push_bind(ANN).push(" ORDER BY id");
        let plan: Vec<(i64, i64, i64, String)> = sql.build().fetch_all().await.unwrap();
        assert!(plan[0].3.contains("contacts_by_person"), "{plan:?}");
    }
}

#[tokio::test]
async fn sqlite_tables_are_strict_and_only_one_has_a_rowid() {
    let db = crate::database::sqlite(MIGRATIONS).await;
    let mut conn = db.read().await.unwrap();
    let sql = "SELECT name, strict, wr FROM pragma_table_list WHERE schema = 'main' AND name <> 'sqlite_schema'
        AND name NOT LIKE '%sqlx%' AND name NOT LIKE 'sqlite_stat%' AND (strict = 0 OR wr = 0)";
    let odd: Vec<(String, bool, bool)> = conn.build(sql).build().fetch_all().await.unwrap();
    assert_eq!(odd, [("blobs".to_owned(), true, false)]);
}
