//! A server of its own for every test, what is sent to it, and what it answers.

pub mod answer;
pub mod browser;
pub mod fixtures;
pub mod mails;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use billing::secrets::Vault;
use billing::{Billing, Parts};
use reqwest::{Method, Url};
use server::config::Config;
use server::outside::avalara::Avalara;
use server::{database, seeding, serve};
use testkit::organization::{ACME, API_PASSWORD, API_USER, RIVAL, RIVAL_PASSWORD, RIVAL_USER};
use testkit::{ManualClock, TestDb, scene};
use tokio::task::JoinHandle;

pub use answer::{Answer, Xml};
pub use browser::Browser;
pub use testkit::Engine;

/// The wall clock of every server: not the time of the organizations, not today.
pub const WALL: &str = scene::WALL;

/// What changes while a mail goes out, beside whatever a test does.
const SENDING: [&str; 6] =
    ["mails.status", "mails.run_at", "mails.leased_until", "mails.attempts", "mails.last_error", "mails.ended_at"];

/// `async fn name(server: Server) {…}` becomes two tests, `name::sqlite` and `name::postgres`, each with a server
/// for `acme`. `(engine: Engine)` instead starts none.
macro_rules! on_both {
    () => {};
    ($(#[$meta:meta])* async fn $name:ident($server:ident: Server) $body:block $($rest:tt)*) => {
        $(#[$meta])*
        async fn $name($server: $crate::harness::Server) $body

        mod $name {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                let server = $crate::harness::Server::start($crate::harness::Engine::Sqlite).await;
                Box::pin(super::$name(server)).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                let server = $crate::harness::Server::start($crate::harness::Engine::Postgres).await;
                Box::pin(super::$name(server)).await;
            }
        }
        on_both!($($rest)*);
    };
    ($(#[$meta:meta])* async fn $name:ident($engine:ident: Engine) $body:block $($rest:tt)*) => {
        $(#[$meta])*
        async fn $name($engine: $crate::harness::Engine) $body

        mod $name {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                Box::pin(super::$name($crate::harness::Engine::Sqlite)).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                Box::pin(super::$name($crate::harness::Engine::Postgres)).await;
            }
        }
        on_both!($($rest)*);
    };
}

/// A folder that is gone when dropped.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Folder {
        static NEXT: AtomicU32 = AtomicU32::new(1);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("blusynergy-http-{}-{number}", std::process::id()));
        drop(std::fs::remove_dir_all(&path));
        std::fs::create_dir(&path).unwrap();
        Folder(path)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

/// A running server. Calls go out as `api-acme` to `acme.localhost`, unless told otherwise.
pub struct Server {
    pub address: SocketAddr,
    /// Of the serving process.
    pub billing: Billing,
    pub config: Config,
    pub wall: Arc<ManualClock>,
    client: reqwest::Client,
    serving: JoinHandle<()>,
    folder: Folder,
    pub db: TestDb,
}

impl Server {
    /// For `acme`, whose customers are told of nothing: making documents for mails that no test reads takes its time.
    pub async fn start(engine: Engine) -> Server {
        Server::with(engine, &ACME.replace("notifications = [", "notifications = [] # ")).await
    }

    /// With organizations of this seed.
    pub async fn with(engine: Engine, seed: &str) -> Server {
        Server::configured(engine, seed, |config| config).await
    }

    pub async fn configured(engine: Engine, seed: &str, change: impl FnOnce(Config) -> Config) -> Server {
        Server::put_together(engine, seed, change, |billing| billing).await
    }

    /// With so much patience for the service that knows addresses.
    pub async fn asking(engine: Engine, seed: &str, patience: Duration) -> Server {
        let avalara = Arc::new(Avalara::new(patience, true).unwrap());
        Server::put_together(
            engine,
            seed,
            |config| config,
            |mut billing| {
                billing.avalara = avalara;
                billing
            },
        )
        .await
    }

    async fn put_together(
        engine: Engine,
        seed: &str,
        change: impl FnOnce(Config) -> Config,
        replace: impl FnOnce(Billing) -> Billing,
    ) -> Server {
        let has_files = seed.contains("stylesheet");
        let db = if has_files {
            testkit::database::of(engine, store::MIGRATIONS).await
        } else {
            scene::seeded(engine, seed).await
        };
        let folder = Folder::new();
        let config = change(config(db.url(), folder.path()));
        let wall = Arc::new(ManualClock::at(WALL));
        let billing = replace(process(&config, &db, &wall));
        if has_files {
            seeding::apply(&config, &billing, seed, folder.path()).await.unwrap();
        }
        let listener = serve::bind(&config).await.unwrap();
        let address = listener.local_addr().unwrap();
        let running = serve::run(config.clone(), billing.clone(), listener);
        #[expect(clippy::disallowed_methods, reason = "the task ends with the test's server")]
        let serving = tokio::spawn(async move { running.await.unwrap() });
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Server { address, billing, config, wall, client, serving, folder, db }
    }

    /// Adds the other merchant.
    pub async fn rival(&self) {
        self.seed(RIVAL).await;
    }

    pub async fn seed(&self, text: &str) {
        seeding::apply(&self.config, &self.billing, text, self.folder.path()).await.unwrap();
    }

    /// Another process on the same database, with empty caches.
    pub fn process(&self) -> Billing {
        process(&self.config, &self.db, &self.wall)
    }

    pub fn call(&self, method: &str, path: &str) -> Call<'_> {
        Call {
            server: self,
            method: method.parse().unwrap(),
            path: path.to_owned(),
            host: "acme.localhost".to_owned(),
            credentials: Some((API_USER.to_owned(), API_PASSWORD.to_owned())),
            headers: Vec::new(),
            body: None,
        }
    }

    pub fn get(&self, path: &str) -> Call<'_> {
        self.call("GET", path)
    }

    pub fn post(&self, path: &str, body: impl Into<Vec<u8>>) -> Call<'_> {
        self.call("POST", path).body(body)
    }

    pub fn browser(&self) -> Browser<'_> {
        Browser::new(self, "acme.localhost")
    }

    /// Everything that is stored. Ids are fetched in blocks: that one was fetched tells nothing; nor does it that
    /// somebody looked for what is not there.
    pub async fn stored(&self) -> BTreeMap<String, Vec<String>> {
        self.stored_but(&[]).await
    }

    /// The same, whether mails have gone out or not.
    pub async fn stored_but_sending(&self) -> BTreeMap<String, Vec<String>> {
        self.stored_but(&SENDING).await
    }

    async fn stored_but(&self, columns: &[&str]) -> BTreeMap<String, Vec<String>> {
        let mut all = testkit::dump::dump(&self.db, columns).await;
        all.retain(|table, _| {
            !table.contains("id_block") && !["ids", "idempotency_keys", "probes"].contains(&table.as_str())
        });
        all
    }

    /// Sends what must be refused with this status and every reason, leaving nothing behind.
    pub async fn refuses(&self, status: u16, call: Call<'_>) -> Vec<String> {
        self.stores_nothing(async || call.send().await.refused(status)).await
    }

    pub async fn stores_nothing<T>(&self, work: impl AsyncFnOnce() -> T) -> T {
        let before = self.stored_but_sending().await;
        let outcome = work().await;
        let differences = testkit::dump::differences(&before, &self.stored_but_sending().await);
        assert!(differences.is_empty(), "stored although refused: {differences:#?}");
        outcome
    }

    /// What stays of the database when everything is over, byte for byte where there is a file.
    pub fn database_file(&self) -> Option<Vec<u8>> {
        let file = self.db.url().strip_prefix("sqlite://")?;
        let mut bytes = std::fs::read(file).unwrap();
        bytes.extend(std::fs::read(format!("{file}-wal")).unwrap_or_default());
        Some(bytes)
    }

    pub fn data_dir(&self) -> &Path {
        self.folder.path()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

fn config(database_url: &str, folder: &Path) -> Config {
    Config {
        database_url: database_url.to_owned(),
        listen: "127.0.0.1:0".parse().unwrap(),
        base_domain: "localhost".to_owned(),
        public_url: None,
        data_dir: folder.to_owned(),
        secret_key_file: folder.join("secret.key"),
        smtp_url: None,
        smtp_ca_file: None,
        trusted_proxies: Vec::new(),
        api_rate_per_minute: 0,
        charges_at_once: 16,
        log: "info".to_owned(),
        logs_json: false,
        dev: true,
    }
}

/// As the program puts it together, with a wall clock that stands.
fn process(config: &Config, db: &TestDb, wall: &Arc<ManualClock>) -> Billing {
    let real = database::billing(config, (**db).clone()).unwrap();
    let vault = Vault::new(scene::VAULT_KEY);
    let Billing { db, gateway, connect, avalara, .. } = real;
    let (clock, passwords) = (wall.clone(), scene::passwords());
    Billing::new(Parts { db, clock, gateway, connect, avalara, vault, passwords })
}

/// A request on its way.
#[derive(Clone)]
pub struct Call<'s> {
    server: &'s Server,
    method: Method,
    path: String,
    host: String,
    credentials: Option<(String, String)>,
    headers: Vec<(String, String)>,
    body: Option<Vec<u8>>,
}

impl Call<'_> {
    pub fn host(mut self, host: &str) -> Self {
        host.clone_into(&mut self.host);
        self
    }

    pub fn user(mut self, name: &str, password: &str) -> Self {
        self.credentials = Some((name.to_owned(), password.to_owned()));
        self
    }

    pub fn anonymous(mut self) -> Self {
        self.credentials = None;
        self
    }

    /// As the other merchant's API user, at its host.
    pub fn rival(self) -> Self {
        self.host("rival.localhost").user(RIVAL_USER, RIVAL_PASSWORD)
    }

    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = Some(body.into());
        self
    }

    pub async fn send(self) -> Answer {
        let base = Url::parse(&format!("http://{}", self.server.address)).unwrap();
        let mut request = self.server.client.request(self.method.clone(), base.join(&self.path).unwrap());
        request = request.header("host", format!("{}:{}", self.host, self.server.address.port()));
        if let Some((name, password)) = &self.credentials {
            let encoded = STANDARD.encode(format!("{name}:{password}"));
            request = request.header("authorization", format!("Basic {encoded}"));
        }
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        if let Some(body) = self.body {
            request = request.body(body);
        }
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let what = format!("{} {}", self.method, self.path);
        Answer { what, status, headers, body: response.bytes().await.unwrap().to_vec() }
    }

    /// Sends it, and reads the object that is answered with this status.
    pub async fn gives(self, status: u16) -> Xml {
        self.send().await.xml(status)
    }
}

/// All at the same time.
pub async fn join_all<T>(futures: impl Iterator<Item = impl Future<Output = T>>) -> Vec<T> {
    let mut waiting: Vec<_> = futures.map(|future| (Box::pin(future), None)).collect();
    std::future::poll_fn(|context| {
        let mut open = false;
        for (future, outcome) in &mut waiting {
            if outcome.is_none() {
                match future.as_mut().poll(context) {
                    std::task::Poll::Ready(value) => *outcome = Some(value),
                    std::task::Poll::Pending => open = true,
                }
            }
        }
        if open { std::task::Poll::Pending } else { std::task::Poll::Ready(()) }
    })
    .await;
    waiting.into_iter().filter_map(|(_, outcome)| outcome).collect()
}
