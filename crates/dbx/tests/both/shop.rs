//! The tables the tests work on, written the way `store` is.

use dbx::{Conn, Db, Json, Result, Sql, Tx, migrate, q};

pub const MIGRATIONS: &[migrate::File] =
    &[migrate::File { name: "0001_shop.sql", sql: include_str!("migrations/0001_shop.sql") }];

pub const ORG: i64 = 7;
pub const ANN: i64 = 1;

#[derive(Debug, PartialEq, sqlx::FromRow)]
pub struct Person {
    pub id: i64,
    pub email: String,
    pub name: String,
    pub active: bool,
    pub score: Option<i64>,
    pub tags: Json<Vec<String>>,
}

#[derive(Debug, PartialEq, sqlx::FromRow)]
pub struct Contact {
    pub id: i64,
    pub kind: String,
    pub value: String,
}

/// An organization with Ann (who has two contacts) and Bea.
pub async fn seed(db: &Db) {
    let mut tx = db.begin().await.unwrap();
    q!(tx, "INSERT INTO orgs (id, name) VALUES ($1, $2)", ORG, "Acme").execute().await.unwrap();
    let people = [(ANN, "ann@x.io", "Ann", Some(10_000)), (2, "bea@x.io", "Bea", None)];
    tx.insert_all(
        "INSERT INTO people (org_id, id, email, name, active, score, tags)",
        people,
        |(id, email, name, score)| (ORG, id, email, name, true, score, Json(vec!["gold".to_owned()])),
    )
    .execute()
    .await
    .unwrap();
    tx.insert_all(
        "INSERT INTO contacts (org_id, id, person_id, kind, value)",
        [(1i64, "phone", "1"), (2, "email", "2")],
        |(id, kind, value)| (ORG, id, ANN, kind, value),
    )
    .execute()
    .await
    .unwrap();
    tx.commit().await.unwrap();
}

pub async fn person(conn: &mut Conn, id: i64) -> Result<Option<Person>> {
    q!(conn, "SELECT id, email, name, active, score, tags FROM people WHERE org_id = $1 AND id = $2", ORG, id)
        .fetch_optional()
        .await
}

pub async fn contacts(conn: &mut Conn, person: i64) -> Result<Vec<Contact>> {
    q!(conn, "SELECT id, kind, value FROM contacts WHERE org_id = $1 AND person_id = $2 ORDER BY id", ORG, person)
        .fetch_all()
        .await
}

/// One page of names, after the last row of the page before.
pub async fn search(
    conn: &mut Conn,
    prefix: Option<&str>,
    after: Option<(&str, i64)>,
    limit: i64,
) -> Result<Vec<(i64, String)>> {
    let mut sql = conn.build("SELECT id, name FROM people WHERE org_id = ");
    sql.push_bind(ORG);
    if let Some(prefix) = prefix {
        sql.push(" AND name >= ").push_bind(prefix);
        sql.push(" AND name < ").push_bind(format!("{prefix}\u{10FFFF}"));
    }
    if let Some((name, id)) = after {
        sql.push(" AND (name, id) > (").push_bind(name).push(", ").push_bind(id).push(")");
    }
    sql.push(" ORDER BY name, id LIMIT ").push_bind(limit);
    sql.build().fetch_all().await
}

/// The next number without a gap, a paper and its lines.
pub async fn add_paper(tx: &mut Tx, id: i64, person: i64, lines: i64) -> Result<i64> {
    let number: i64 =
        q!(tx, "UPDATE orgs SET next_number = next_number + 1 WHERE id = $1 RETURNING next_number - 1", ORG)
            .scalar()
            .await?;
    q!(tx, "INSERT INTO papers (org_id, id, person_id, number) VALUES ($1, $2, $3, $4)", ORG, id, person, number)
        .execute()
        .await?;
    add_lines(tx, id, lines).await?;
    Ok(number)
}

pub async fn add_lines(tx: &mut Tx, paper: i64, lines: i64) -> Result<u64> {
    tx.insert_all("INSERT INTO paper_lines (org_id, paper_id, line_no, text, amount)", 1..=lines, |line_no| {
        (ORG, paper, line_no, format!("line {line_no}"), line_no * 100)
    })
    .execute()
    .await
}

/// How many papers and lines there are.
pub async fn count(db: &Db) -> (i64, i64) {
    let mut conn = db.read().await.unwrap();
    q!(
        conn,
        "SELECT (SELECT COUNT(*) FROM papers WHERE org_id = $1), (SELECT COUNT(*) FROM paper_lines WHERE org_id = $1)",
        ORG
    )
    .fetch_one()
    .await
    .unwrap()
}

const TAKE_JOB: Sql = Sql {
    sqlite: "UPDATE jobs SET leased_until = $2 WHERE id = (
        SELECT id FROM jobs WHERE run_at <= $1 AND (leased_until IS NULL OR leased_until < $1)
        ORDER BY run_at, id LIMIT 1) RETURNING id, payload",
    postgres: "UPDATE jobs SET leased_until = $2 WHERE id = (
        SELECT id FROM jobs WHERE run_at <= $1 AND (leased_until IS NULL OR leased_until < $1)
        ORDER BY run_at, id LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING id, payload",
};

pub async fn take_job(tx: &mut Tx, now: i64) -> Result<Option<(i64, Json<Vec<i64>>)>> {
    q!(tx, TAKE_JOB, now, now + 60).fetch_optional().await
}

const CLAIM: Sql = Sql::new("INSERT INTO used_keys (org_id, key) VALUES ($1, $2) ON CONFLICT (org_id, key) DO NOTHING");

/// `None`: the key is ours, do the work. `Some`: it was used before; the stored answer.
pub async fn claim_key(tx: &mut Tx, key: &str) -> Result<Option<Option<String>>> {
    if q!(tx, CLAIM, ORG, key).execute().await? == 1 {
        return Ok(None);
    }
    q!(tx, "SELECT response FROM used_keys WHERE org_id = $1 AND key = $2", ORG, key).scalar_optional().await
}
