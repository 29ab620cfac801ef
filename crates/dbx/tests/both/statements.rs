//! What goes in comes out the same, and what the engines are told they understand.

use dbx::{Engine, Json, STATEMENTS, Sql, is_foreign_key_violation, is_unique_violation, q};
use futures_util::TryStreamExt;

use crate::on_both;
use crate::shop::{ANN, MIGRATIONS, ORG, Person, add_lines, add_paper, contacts, count, person, search, seed};

/// `t`, `i`, `k`, `o` and `s` of the table of many columns.
type Wide = (i64, i64, String, Option<String>, Option<bool>);

on_both! {
    async fn every_type_comes_back_as_it_went_in(db: TestDb) {
        seed(&db).await;
        let mut conn = db.read().await.unwrap();
        let expected = Person {
            id: ANN,
            email: "ann@x.io".into(),
            name: "Ann".into(),
            active: true,
            score: Some(10_000),
            tags: Json(vec!["gold".into()]),
        };
        assert_eq!(person(&mut conn, ANN).await.unwrap(), Some(expected));
        assert_eq!(person(&mut conn, 2).await.unwrap().unwrap().score, None);
        assert_eq!(person(&mut conn, 99).await.unwrap(), None);
        let kinds: Vec<_> = contacts(&mut conn, ANN).await.unwrap().into_iter().map(|c| c.kind).collect();
        assert_eq!(kinds, ["phone", "email"]);
    }

    async fn a_built_search_pages_by_key(db: TestDb) {
        seed(&db).await;
        let mut conn = db.read().await.unwrap();
        let first = search(&mut conn, None, None, 1).await.unwrap();
        assert_eq!(first, [(1, "Ann".to_owned())]);
        let second = search(&mut conn, None, Some((&first[0].1, first[0].0)), 5).await.unwrap();
        assert_eq!(second, [(2, "Bea".to_owned())]);
        assert_eq!(search(&mut conn, Some("B"), None, 9).await.unwrap(), second);
    }

    async fn fetch_one_and_scalar_miss_a_row_that_is_not_there(db: TestDb) {
        let mut conn = db.read().await.unwrap();
        let name = q!(conn, "SELECT name FROM orgs WHERE id = $1", 99i64).scalar::<String>().await;
        assert!(matches!(name, Err(dbx::Error::RowNotFound)));
        let name = q!(conn, "SELECT name FROM orgs WHERE id = $1", 99i64).scalar_optional::<String>().await;
        assert_eq!(name.unwrap(), None);
    }

    async fn many_rows_are_inserted_and_summed(db: TestDb) {
        seed(&db).await;
        let mut tx = db.begin().await.unwrap();
        add_paper(&mut tx, 1, ANN, 0).await.unwrap();
        assert_eq!(add_lines(&mut tx, 1, 1_000).await.unwrap(), 1_000);
        tx.commit().await.unwrap();
        let mut conn = db.read().await.unwrap();
        let sum: i64 = q!(conn, "SELECT CAST(SUM(amount) AS BIGINT) FROM paper_lines WHERE org_id = $1", ORG)
            .scalar()
            .await
            .unwrap();
        assert_eq!(sum, 100 * 1_000 * 1_001 / 2);
    }

    async fn a_row_of_twenty_columns_is_inserted(db: TestDb) {
        let mut tx = db.begin().await.unwrap();
        let row = |t: i64| (0i64, 1i64, 2i64, 3i64, 4i64, 5i64, 6i64, 7i64, 8i64, 9i64,
            "k", "l", "m", "n", Some("o"), true, false, true, None::<bool>, t);
        let into = "INSERT INTO wide (a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t)";
        assert_eq!(tx.insert_all(into, 0..100i64, row).execute().await.unwrap(), 100);
        let last = q!(tx, "SELECT j, o, r, s, t FROM wide ORDER BY t DESC LIMIT 1");
        let last: (i64, String, bool, Option<bool>, i64) = last.fetch_one().await.unwrap();
        assert_eq!(last, (9, "o".to_owned(), true, None, 99));
    }

    async fn every_row_of_thousands_keeps_its_own_values_and_gaps(db: TestDb) {
        for rows in [16i64, 17, 1_024, 1_025, 2_500] {
            let mut tx = db.begin().await.unwrap();
            let row = |t: i64| (0i64, 1i64, 2i64, 3i64, 4i64, 5i64, 6i64, 7i64, 8i64, -t,
                format!("k{t}"), "", "m", "n", (t % 3 == 0).then(|| format!("o{t}")), t % 2 == 0, false, true,
                (t % 5 == 0).then_some(true), t);
            let into = "INSERT INTO wide (a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t)";
            assert_eq!(tx.insert_all(into, 0..rows, row).execute().await.unwrap(), u64::try_from(rows).unwrap());
            let change = ("WITH v (t, i, o) AS", "UPDATE wide SET i = v.i, o = v.o FROM v WHERE wide.t = v.t");
            let changed = tx.update_all(change, (0..rows).filter(|t| t % 3 == 1), |t| (t, 2 * t, Some("new")));
            changed.execute().await.unwrap();
            let stored = q!(tx, "SELECT t, i, k, o, s FROM wide ORDER BY t");
            let stored: Vec<Wide> = stored.fetch_all().await.unwrap();
            let wanted = (0..rows).map(|t| {
                let o = [Some(format!("o{t}")), Some("new".to_owned()), None];
                let i = if t % 3 == 1 { 2 * t } else { 8 };
                let at = usize::try_from(t % 3).unwrap();
                (t, i, format!("k{t}"), o[at].clone(), (t % 5 == 0).then_some(true))
            });
            assert_eq!(stored, wanted.collect::<Vec<_>>(), "{rows} rows");
            drop(tx);
        }
    }

    async fn rows_are_streamed_one_at_a_time(db: TestDb) {
        seed(&db).await;
        db.transact(async |tx| add_paper(tx, 1, ANN, 300).await).await.unwrap();
        let mut conn = db.read().await.unwrap();
        let query = q!(conn, "SELECT line_no FROM paper_lines WHERE org_id = $1 ORDER BY line_no", ORG);
        let mut rows = query.stream::<(i64,)>().unwrap();
        let mut seen = 0;
        while let Some((line_no,)) = rows.try_next().await.unwrap() {
            seen += 1;
            assert_eq!(line_no, seen);
        }
        assert_eq!(seen, 300);
    }

    async fn a_foreign_key_violation_is_recognised_and_nothing_is_stored(db: TestDb) {
        seed(&db).await;
        let error = db.transact(async |tx| add_paper(tx, 1, 999, 1).await).await.unwrap_err();
        assert!(is_foreign_key_violation(&error), "{error}");
        assert!(!is_unique_violation(&error));
        assert_eq!(count(&db).await, (0, 0));
        let mut conn = db.read().await.unwrap();
        let next: i64 = q!(conn, "SELECT next_number FROM orgs WHERE id = $1", ORG).scalar().await.unwrap();
        assert_eq!(next, 1);
    }

    async fn a_unique_violation_says_which(db: TestDb) {
        seed(&db).await;
        let mut tx = db.begin().await.unwrap();
        let insert = q!(tx, "INSERT INTO people (org_id, id, email, name, tags) VALUES ($1, $2, $3, $4, '[]')",
            ORG, 3i64, "ann@x.io", "Another Ann");
        let error = insert.execute().await.unwrap_err();
        assert!(is_unique_violation(&error) && !is_foreign_key_violation(&error), "{error}");
        let expected = match db.engine() {
            Engine::Sqlite => "people.org_id, people.email",
            Engine::Postgres => "people_org_id_email_key",
        };
        assert_eq!(dbx::constraint(&error).as_deref(), Some(expected));
    }

    async fn a_violated_check_is_named(db: TestDb) {
        seed(&db).await;
        let mut tx = db.begin().await.unwrap();
        let insert = q!(tx, "INSERT INTO contacts (org_id, id, person_id, kind, value) VALUES ($1, 3, $2, 'TEXT', '')",
            ORG, ANN);
        let error = insert.execute().await.unwrap_err();
        assert_eq!(dbx::constraint(&error).as_deref(), Some("contacts_kind"));
        assert_eq!(dbx::constraint(&dbx::Error::RowNotFound), None);
    }

    async fn every_statement_prepares(db: TestDb) {
        assert!(STATEMENTS.len() > 10, "{}", STATEMENTS.len());
        let mut conn = db.read().await.unwrap();
        for statement in STATEMENTS {
            let outcome = conn.prepare(statement.sql).await;
            outcome.unwrap_or_else(|error| panic!("{}:{}: {error}", statement.file, statement.line));
        }
    }

    async fn a_wrong_statement_does_not_prepare(db: TestDb) {
        let mut conn = db.read().await.unwrap();
        assert!(conn.prepare(Sql::new("SELECT wrong FROM people")).await.is_err());
        assert!(conn.prepare(Sql::new("SELECT name FROM people")).await.is_ok());
    }
}
