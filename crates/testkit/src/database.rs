//! A fresh, migrated database for every test, on either engine, made from a template.
//!
//! SQLite: a copy of a file; the templates lie in the folder that `BLUSYNERGY_TEST_TEMPLATES` names, for all test
//! processes of a run, or in memory. PostgreSQL: `CREATE DATABASE … TEMPLATE`, on the throw-away server that
//! `BLUSYNERGY_TEST_POSTGRES` names. What a process leaves behind is removed by a later one: a killed one its files, and
//! each its databases of PostgreSQL, because there a database is dropped at once only when nobody is connected to it any
//! more, and else no sooner than a tenth of a second later.

use std::collections::BTreeMap;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Once};

use dbx::migrate::File;
use dbx::{Config, Db, Engine, Synchronous};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use tokio::sync::Mutex;

/// `async fn name(db: TestDb) {…}` becomes two tests: `name::sqlite` and `name::postgres`.
///
/// Their migrations are the `MIGRATIONS` in scope.
#[macro_export]
macro_rules! on_both {
    ($($(#[$meta:meta])* async fn $name:ident($db:ident: TestDb) $body:block)*) => {$(
        $(#[$meta])*
        #[cfg(test)]
        async fn $name($db: $crate::database::TestDb) $body

        #[cfg(test)]
        mod $name {
            #[tokio::test]
            async fn sqlite() {
                super::$name($crate::database::sqlite(super::MIGRATIONS).await).await;
            }

            #[tokio::test]
            async fn postgres() {
                super::$name($crate::database::postgres(super::MIGRATIONS).await).await;
            }
        }
    )*};
}

/// A test's own database; gone when dropped, on PostgreSQL when the process has ended.
#[derive(Debug)]
pub struct TestDb {
    db: Db,
    url: String,
    /// Of SQLite.
    folder: Option<PathBuf>,
}

impl TestDb {
    /// For a second handle on the same database, or another process.
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Deref for TestDb {
    type Target = Db;

    fn deref(&self) -> &Db {
        &self.db
    }
}

impl Drop for TestDb {
    fn drop(&mut self) {
        if let Some(folder) = &self.folder {
            drop(fs::remove_dir_all(folder));
        }
    }
}

/// A migrated SQLite file in a folder of its own.
pub async fn sqlite(migrations: &[File]) -> TestDb {
    of(Engine::Sqlite, migrations).await
}

/// A migrated database on the PostgreSQL server of the test run.
pub async fn postgres(migrations: &[File]) -> TestDb {
    of(Engine::Postgres, migrations).await
}

/// A migrated database.
pub async fn of(engine: Engine, migrations: &[File]) -> TestDb {
    prepared(engine, migrations, "", async |_| {}).await
}

/// A migrated database to which `prepare` was done. Done once for all tests that want the same `preparation`, which
/// therefore says everything that `prepare` depends on.
pub async fn prepared(
    engine: Engine,
    migrations: &[File],
    preparation: &str,
    prepare: impl AsyncFnOnce(&Db),
) -> TestDb {
    let template = Template { migrations, checksum: checksum(migrations, preparation) };
    match engine {
        Engine::Sqlite => template.sqlite(prepare).await,
        Engine::Postgres => template.postgres(prepare).await,
    }
}

/// What fresh databases are copies of.
struct Template<'m> {
    migrations: &'m [File],
    checksum: u64,
}

impl Template<'_> {
    async fn sqlite(&self, prepare: impl AsyncFnOnce(&Db)) -> TestDb {
        let content = self.sqlite_content(prepare).await;
        let folder = new_folder();
        let (file, url) = sqlite_file(&folder);
        fs::write(file, &*content).expect("the temporary folder has room");
        let db = connect(&url).await;
        TestDb { db, url, folder: Some(folder) }
    }

    async fn postgres(&self, prepare: impl AsyncFnOnce(&Db)) -> TestDb {
        static SWEPT: AtomicBool = AtomicBool::new(false);
        let server = std::env::var("BLUSYNERGY_TEST_POSTGRES").expect(
            "BLUSYNERGY_TEST_POSTGRES names the PostgreSQL server to test on, as in postgres://postgres@127.0.0.1:5433; \
             `cargo xtask test` starts one and sets it",
        );
        let server = server.trim_end_matches('/').to_owned();
        let mut admin = administrator(&server).await;
        if !SWEPT.swap(true, Ordering::Relaxed) {
            remove_left_databases(&mut admin).await;
        }
        let template = self.postgres_name(&mut admin, &server, prepare).await;
        let name = format!("t_{}_{}", std::process::id(), next_number());
        run(&mut admin, format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
        let strategy = copying(&admin);
        run(&mut admin, format!("CREATE DATABASE {name} TEMPLATE {template}{strategy}")).await;
        let url = format!("{server}/{name}");
        let db = connect(&url).await;
        TestDb { db, url, folder: None }
    }

    async fn fill(&self, url: &str, prepare: impl AsyncFnOnce(&Db)) {
        let db = connect(url).await;
        db.migrate(self.migrations).await.expect("the migrations run");
        prepare(&db).await;
        // The last connection to close moves everything of SQLite into the one file.
        db.close().await;
    }

    /// The bytes of a SQLite file.
    async fn sqlite_content(&self, prepare: impl AsyncFnOnce(&Db)) -> Arc<[u8]> {
        static KNOWN: Mutex<BTreeMap<u64, Arc<[u8]>>> = Mutex::const_new(BTreeMap::new());
        let mut known = KNOWN.lock().await;
        if let Some(content) = known.get(&self.checksum) {
            return content.clone();
        }
        let shared = std::env::var_os("BLUSYNERGY_TEST_TEMPLATES")
            .map(|folder| PathBuf::from(folder).join(format!("{:016x}.db", self.checksum)));
        let content: Arc<[u8]> = match shared.as_ref().and_then(|file| fs::read(file).ok()) {
            Some(content) => content.into(),
            None => self.new_sqlite_content(prepare, shared.as_deref()).await.into(),
        };
        known.insert(self.checksum, content.clone());
        content
    }

    /// Renamed when it is whole, so that a half-written one is never taken; two processes may both make it.
    async fn new_sqlite_content(&self, prepare: impl AsyncFnOnce(&Db), shared: Option<&Path>) -> Vec<u8> {
        let folder = new_folder();
        let (file, url) = sqlite_file(&folder);
        self.fill(&url, prepare).await;
        let content = fs::read(file).expect("the template was just written");
        drop(fs::remove_dir_all(folder));
        if let Some(shared) = shared {
            let unfinished = shared.with_extension(std::process::id().to_string());
            fs::write(&unfinished, &content).expect("the folder of BLUSYNERGY_TEST_TEMPLATES can be written");
            fs::rename(&unfinished, shared).expect("a template can be renamed");
        }
        content
    }

    /// The name of a PostgreSQL database, which is built if it is missing.
    async fn postgres_name(&self, admin: &mut PgConnection, server: &str, prepare: impl AsyncFnOnce(&Db)) -> String {
        let name = format!("template_{:016x}", self.checksum);
        if exists(admin, &name).await {
            return name;
        }
        run(admin, format!("SELECT pg_advisory_lock({TEMPLATE_LOCK})")).await;
        if !exists(admin, &name).await {
            // Named last, so that a half-built one is never taken.
            let unfinished = format!("{name}_unfinished");
            run(admin, format!("DROP DATABASE IF EXISTS {unfinished} WITH (FORCE)")).await;
            // As an operator is told to make it: text sorts by bytes, as on SQLite.
            let options = "TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'";
            run(admin, format!("CREATE DATABASE {unfinished} {options}")).await;
            self.fill(&format!("{server}/{unfinished}"), prepare).await;
            run(admin, format!("ALTER DATABASE {unfinished} RENAME TO {name}")).await;
        }
        run(admin, format!("SELECT pg_advisory_unlock({TEMPLATE_LOCK})")).await;
        name
    }
}

async fn connect(url: &str) -> Db {
    let mut config = Config::new(url);
    config.connections = 4;
    // No test cuts the power.
    config.synchronous = Synchronous::Off;
    Db::connect(&config).await.expect("a database made for this test can be opened")
}

fn sqlite_file(folder: &Path) -> (PathBuf, String) {
    let file = folder.join("test.db");
    let url = format!("sqlite://{}", file.display());
    (file, url)
}

const FOLDER_PREFIX: &str = "blusynergy-test-";

fn new_folder() -> PathBuf {
    static SWEEP: Once = Once::new();
    // In memory where there is such a place.
    let shared_memory = Path::new("/dev/shm");
    let base = if shared_memory.is_dir() { shared_memory.to_owned() } else { std::env::temp_dir() };
    SWEEP.call_once(|| remove_left_folders(&base));
    let folder = base.join(format!("{FOLDER_PREFIX}{}-{}", std::process::id(), next_number()));
    // An earlier process of our number may have left it.
    drop(fs::remove_dir_all(&folder));
    fs::create_dir(&folder).expect("a temporary folder can be made");
    folder
}

fn remove_left_folders(base: &Path) {
    for entry in fs::read_dir(base).into_iter().flatten().flatten() {
        if entry.file_name().to_str().and_then(|name| name.strip_prefix(FOLDER_PREFIX)).is_some_and(left_behind) {
            drop(fs::remove_dir_all(entry.path()));
        }
    }
}

/// Does `PID-N` or `PID_N` belong to a process that is no more? Only Linux tells.
fn left_behind(name: &str) -> bool {
    let process = name.split(['-', '_']).next().unwrap_or_default();
    process.parse::<u32>().is_ok() && Path::new("/proc/self").exists() && !Path::new("/proc").join(process).exists()
}

fn next_number() -> u32 {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

fn checksum(migrations: &[File], preparation: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    preparation.hash(&mut hasher);
    for file in migrations {
        (file.name, file.sql).hash(&mut hasher);
    }
    hasher.finish()
}

async fn administrator(server: &str) -> PgConnection {
    let url = format!("{server}/postgres");
    PgConnection::connect(&url).await.expect("the server that BLUSYNERGY_TEST_POSTGRES names runs")
}

async fn run(admin: &mut PgConnection, sql: String) {
    let outcome = sqlx::raw_sql(AssertSqlSafe(sql.clone())).execute(admin).await;
    outcome.unwrap_or_else(|error| panic!("{sql}: {error}"));
}

/// One at a time builds templates, among all test processes: the lock of this number.
const TEMPLATE_LOCK: i64 = 7_243_392;

/// From version 15 on PostgreSQL copies through its write-ahead log unless told otherwise: four times the work.
fn copying(admin: &PgConnection) -> &'static str {
    const HAS_STRATEGIES: u32 = 150_000;
    if admin.server_version_num() >= Some(HAS_STRATEGIES) { " STRATEGY FILE_COPY" } else { "" }
}

async fn exists(admin: &mut PgConnection, name: &str) -> bool {
    let found = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = $1)");
    found.bind(name).fetch_one(admin).await.expect("the catalogue can be read")
}

async fn remove_left_databases(admin: &mut PgConnection) {
    let unused = "SELECT datname FROM pg_database d WHERE datname LIKE 't\\_%'
                  AND NOT EXISTS (SELECT 1 FROM pg_stat_activity a WHERE a.datid = d.oid)";
    let names: Vec<String> =
        sqlx::query_scalar(unused).fetch_all(&mut *admin).await.expect("the catalogue can be read");
    for name in names.iter().filter(|name| name.strip_prefix("t_").is_some_and(left_behind)) {
        let sql = format!("DROP DATABASE IF EXISTS {name}");
        // Another process may be at it, too.
        drop(sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut *admin).await);
    }
}

#[cfg(test)]
mod tests {
    use dbx::migrate::File;
    const MIGRATIONS: &[File] =
        &[File { name: "0001_a.sql", sql: "CREATE TABLE a (\n    id BIGINT NOT NULL PRIMARY KEY\n);" }];

    on_both! {
        async fn a_database_is_nobody_elses_and_a_file_is_gone_when_dropped(db: TestDb) {
            let other = super::of(db.engine(), MIGRATIONS).await;
            db.transact(async |tx| tx.insert_all("INSERT INTO a (id)", [1i64], |id| (id,)).execute().await).await.unwrap();
            let mut conn = other.read().await.unwrap();
            let rows: Vec<(i64,)> = conn.build("SELECT id FROM a").build().fetch_all().await.unwrap();
            assert!(rows.is_empty());
            if let Some(folder) = db.folder.clone() {
                drop(db);
                assert!(!folder.exists());
            }
        }
    }

    #[tokio::test]
    async fn what_a_process_left_behind_on_postgresql_is_removed_when_it_has_ended() {
        let db = super::postgres(MIGRATIONS).await;
        let server = db.url().rsplit_once('/').unwrap().0;
        let mut ended = std::process::Command::new("true").spawn().unwrap();
        ended.wait().unwrap();
        let left = format!("t_{}_1", ended.id());
        let mut admin = super::administrator(server).await;
        super::run(&mut admin, format!("CREATE DATABASE {left}")).await;

        super::remove_left_databases(&mut admin).await;

        assert!(!super::exists(&mut admin, &left).await);
        assert!(super::exists(&mut admin, db.url().rsplit_once('/').unwrap().1).await, "ours is in use");
    }
}
