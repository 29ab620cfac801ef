//! The program itself: its commands, its exit codes, and what it leaves on disk (`operations.md` §1, §2).

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use testkit::organization::{ACME, API_PASSWORD, API_USER};

use crate::harness::Folder;

/// Long enough for any machine; nothing below waits for it unless something is broken.
const PATIENCE: Duration = Duration::from_mins(1);
const STOPS_WITHIN: Duration = Duration::from_secs(10);

/// The program in a folder of its own, with nothing of our environment.
fn program(folder: &Folder, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_blusynergy"));
    command.args(arguments).current_dir(folder.path()).env_clear().stdin(Stdio::null());
    command.env("BLUSYNERGY_LISTEN", "127.0.0.1:0");
    command
}

fn run(folder: &Folder, database: &str, arguments: &[&str]) -> Output {
    program(folder, arguments).env("BLUSYNERGY_DATABASE_URL", database).output().unwrap()
}

#[track_caller]
fn ends(output: &Output, code: i32) -> String {
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(code), "{errors}{}", String::from_utf8_lossy(&output.stdout));
    assert!(!errors.contains("panicked"), "{errors}");
    errors
}

/// A serving program; killed when dropped.
struct Serving {
    child: Child,
    address: String,
}

impl Serving {
    fn start(mut command: Command) -> Serving {
        let child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut serving = Serving { child, address: String::new() };
        let stdout = serving.child.stdout.as_mut().unwrap();
        let mut lines = BufReader::with_capacity(1, stdout).lines().map_while(Result::ok);
        let address = lines.find_map(|line| line.strip_prefix("listening on http://").map(str::to_owned));
        serving.address = address.expect("it serves");
        serving
    }

    /// The status for `api-acme`, or for nobody where there is no password.
    async fn get(&self, client: &reqwest::Client, path: &str, password: Option<&str>) -> u16 {
        let mut request = client.get(format!("http://{}{path}", self.address)).header("host", "acme.localhost");
        if let Some(password) = password {
            let encoded = STANDARD.encode(format!("{API_USER}:{password}"));
            request = request.header("authorization", format!("Basic {encoded}"));
        }
        request.send().await.unwrap().status().as_u16()
    }

    /// Ends as `systemctl stop` does; its exit code, and how long it took.
    fn stop(mut self, signal: &str) -> (Option<i32>, Duration) {
        let start = Instant::now();
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return (status.code(), start.elapsed());
            }
            assert!(start.elapsed() < PATIENCE, "it does not stop");
            std::thread::yield_now();
        }
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn write(folder: &Folder, name: &str, text: &str) -> String {
    let file = folder.path().join(name);
    std::fs::write(&file, text).unwrap();
    file.display().to_string()
}

fn mode(file: &Path) -> u32 {
    std::fs::metadata(file).unwrap().permissions().mode() & 0o777
}

#[tokio::test]
async fn serve_makes_what_is_missing_and_stops_cleanly() {
    let folder = Folder::new();
    for (signal, start) in [("-TERM", "first"), ("-INT", "second")] {
        let serving = Serving::start(program(&folder, &["serve", "--dev"]));
        let client = reqwest::Client::new();
        assert!(serving.address.starts_with("127.0.0.1:") && !serving.address.ends_with(":0"), "{}", serving.address);
        assert_eq!(serving.get(&client, "/healthz", None).await, 200);
        assert_eq!(serving.get(&client, "/readyz", None).await, 200);
        assert_eq!(serving.get(&client, "/rest/testClock", Some(API_PASSWORD)).await, 401);
        assert!(folder.path().join("data/blusynergy.db").is_file(), "{start}");
        let key = folder.path().join("data/secret.key");
        assert_eq!((std::fs::read(&key).unwrap().len(), mode(&key)), (32, 0o600), "{start}");
        // A connection that is kept open does not hold it up.
        let (code, took) = serving.stop(signal);
        assert_eq!(code, Some(0), "{start}");
        assert!(took < STOPS_WITHIN, "{start}: {took:?}");
        drop(client);
    }
}

#[tokio::test]
async fn the_key_stays_the_same() {
    let folder = Folder::new();
    let key = folder.path().join("data/secret.key");
    let seed = write(&folder, "acme.toml", ACME);
    ends(&program(&folder, &["seed", &seed]).output().unwrap(), 0);
    let first = std::fs::read(&key).unwrap();
    drop(Serving::start(program(&folder, &["serve"])));
    assert_eq!(std::fs::read(&key).unwrap(), first);
    std::fs::write(&key, b"short").unwrap();
    let errors = ends(&program(&folder, &["serve"]).output().unwrap(), 1);
    assert!(errors.contains("secret.key") && errors.contains("5 bytes"), "{errors}");
}

#[test]
fn dev_on_other_addresses_than_loopback_is_refused() {
    let folder = Folder::new();
    for address in ["0.0.0.0:0", "[::]:0"] {
        let output = program(&folder, &["serve", "--dev", "--listen", address]).output().unwrap();
        let errors = ends(&output, 1);
        assert!(errors.contains("loopback") && errors.trim().lines().count() == 1, "{errors}");
        assert!(!folder.path().join("data").exists(), "nothing is made before it is refused");
    }
}

#[test]
fn bad_usage_ends_with_2_and_help_with_0() {
    let folder = Folder::new();
    for arguments in [&["explode"][..], &[], &["serve", "--nope"], &["seed"], &["serve", "--dev", "twice"]] {
        ends(&program(&folder, arguments).output().unwrap(), 2);
    }
    let help = program(&folder, &["--help"]).output().unwrap();
    ends(&help, 0);
    let text = String::from_utf8_lossy(&help.stdout).into_owned();
    for word in
        ["serve", "demo", "seed", "migrate", "BLUSYNERGY_DATABASE_URL", "BLUSYNERGY_LISTEN", "BLUSYNERGY_PUBLIC_URL"]
    {
        assert!(text.contains(word), "{word} is not in {text}");
    }
    ends(&program(&folder, &["--version"]).output().unwrap(), 0);
}

#[test]
fn settings_that_make_no_sense_end_with_1_and_a_sentence() {
    let folder = Folder::new();
    // Refused, it would be tried again for a while: PostgreSQL may be about to start.
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let no_postgres = format!("postgres://nobody@{}/none", other.local_addr().unwrap());
    let answering =
        std::thread::spawn(move || other.accept().unwrap().0.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n"));
    for (name, value, word) in [
        ("BLUSYNERGY_LISTEN", "nowhere", "nowhere"),
        ("BLUSYNERGY_LOG_FORMAT", "yaml", "yaml"),
        ("BLUSYNERGY_TRUSTED_PROXIES", "everybody", "everybody"),
        ("BLUSYNERGY_DATABASE_URL", "mysql://x", "database"),
        ("BLUSYNERGY_DATABASE_URL", no_postgres.as_str(), "database"),
    ] {
        let output = program(&folder, &["serve"]).env(name, value).output().unwrap();
        let errors = ends(&output, 1);
        assert!(errors.contains(word) && errors.starts_with("blusynergy: "), "{name}: {errors}");
    }
    answering.join().unwrap().unwrap();
    write(&folder, "blusynergy.toml", "listne = \"127.0.0.1:0\"\n");
    let errors = ends(&program(&folder, &["migrate"]).output().unwrap(), 1);
    assert!(errors.contains("blusynergy.toml") && errors.contains("listne"), "{errors}");
}

#[tokio::test]
async fn settings_come_from_flags_then_the_environment_then_the_file() {
    let folder = Folder::new();
    write(&folder, "blusynergy.toml", "data_dir = \"from-file\"\nlog = \"error\"\n");
    ends(&program(&folder, &["migrate"]).output().unwrap(), 0);
    assert!(folder.path().join("from-file/blusynergy.db").is_file());
    ends(&program(&folder, &["migrate"]).env("BLUSYNERGY_DATA_DIR", "from-env").output().unwrap(), 0);
    assert!(folder.path().join("from-env/blusynergy.db").is_file());
    let flags = ["migrate", "--data-dir", "from-flag"];
    ends(&program(&folder, &flags).env("BLUSYNERGY_DATA_DIR", "from-env-2").output().unwrap(), 0);
    assert!(folder.path().join("from-flag/blusynergy.db").is_file() && !folder.path().join("from-env-2").exists());
}

#[tokio::test]
async fn an_address_that_is_taken_ends_with_1() {
    let folder = Folder::new();
    let taken = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let errors = ends(&program(&folder, &["serve", "--listen", &address]).output().unwrap(), 1);
    assert!(errors.contains(&address), "{errors}");
}

on_both! {
    async fn migrate_makes_the_tables_and_a_second_time_nothing(engine: Engine) {
        let empty = testkit::database::of(engine, &[]).await;
        let folder = Folder::new();
        ends(&run(&folder, empty.url(), &["migrate"]), 0);
        let made = testkit::dump::dump(&empty, &[]).await;
        assert!(made.contains_key("customers") && made.contains_key("sessions"), "{:?}", made.keys());
        ends(&run(&folder, empty.url(), &["migrate"]), 0);
        assert_eq!(testkit::dump::dump(&empty, &[]).await, made);
    }

    async fn a_seed_applied_twice_changes_nothing(engine: Engine) {
        let db = testkit::database::of(engine, store::MIGRATIONS).await;
        let folder = Folder::new();
        let seed = write(&folder, "acme.toml", ACME);
        let output = run(&folder, db.url(), &["seed", &seed]);
        ends(&output, 0);
        assert_eq!(String::from_utf8_lossy(&output.stdout), "acme: seeded\n");
        // When it was last seeded is no content; ids are fetched in blocks.
        let stored = async || {
            let mut stored = testkit::dump::dump(&db, &["updated_at"]).await;
            stored.retain(|table, _| table != "id_blocks" && table != "audit");
            stored
        };
        let first = stored().await;
        ends(&run(&folder, db.url(), &["seed", &seed]), 0);
        assert_eq!(testkit::dump::differences(&first, &stored().await), Vec::<String>::new());
        let changed = write(&folder, "changed.toml", &ACME.replace("165.00", "166.00"));
        ends(&run(&folder, db.url(), &["seed", &changed]), 0);
        let differences = testkit::dump::differences(&first, &stored().await);
        assert!(differences.iter().any(|row| row.contains("166")), "{differences:?}");
    }

    async fn a_bad_seed_is_refused_whole_with_the_line_and_the_reason(engine: Engine) {
        let db = testkit::database::of(engine, store::MIGRATIONS).await;
        let folder = Folder::new();
        let before = testkit::dump::dump(&db, &[]).await;
        for (bad, line, word) in [
            (ACME.replace("currency = \"USD\"", "curency = \"USD\""), "line 5", "curency"),
            (ACME.replace("currency = \"USD\"", "currency = \"XXX\""), "line 5", "currency"),
            (ACME.replace("name = \"Acme Hosting\"", "name = "), "line 4", ""),
            (ACME.replace("ROLE_STAFF", "ROLE_KING"), "line", "role must be"),
            (ACME.replace("165.00", "cheap"), "line", "price"),
            (ACME.replace("http://127.0.0.1:8098", "http://10.0.0.1"), "line", "callback"),
            (format!("{ACME}{}", ACME.replace("Acme", "Other")), "line", "subdomain appears twice"),
        ] {
            let seed = write(&folder, "bad.toml", &bad);
            let errors = ends(&run(&folder, db.url(), &["seed", &seed]), 1);
            assert!(errors.contains(line) && errors.contains(word) && errors.contains("bad.toml"), "{word}: {errors}");
            let differences = testkit::dump::differences(&before, &testkit::dump::dump(&db, &[]).await);
            assert!(differences.is_empty(), "{word}: {differences:?}");
        }
        let errors = ends(&run(&folder, db.url(), &["seed", "none.toml"]), 1);
        assert!(errors.contains("none.toml"), "{errors}");
    }

    async fn a_seed_beside_a_running_server_takes_effect(engine: Engine) {
        let db = testkit::database::of(engine, store::MIGRATIONS).await;
        let folder = Folder::new();
        let mut command = program(&folder, &["serve", "--dev"]);
        command.env("BLUSYNERGY_DATABASE_URL", db.url());
        let serving = Serving::start(command);
        let client = reqwest::Client::new();
        assert_eq!(serving.get(&client, "/rest/testClock", Some(API_PASSWORD)).await, 401);
        let changed = ACME.replace(API_PASSWORD, "Quite-New-11");
        for (text, old, new) in [(ACME, None, API_PASSWORD), (changed.as_str(), Some(API_PASSWORD), "Quite-New-11")] {
            let seed = write(&folder, "acme.toml", text);
            ends(&run(&folder, db.url(), &["seed", &seed]), 0);
            let start = Instant::now();
            while serving.get(&client, "/rest/testClock", Some(new)).await != 200 {
                assert!(start.elapsed() < PATIENCE, "the seed is not seen");
                tokio::task::yield_now().await;
            }
            if let Some(old) = old {
                // Believed for a moment more, but not for long.
                while serving.get(&client, "/rest/testClock", Some(old)).await != 401 {
                    assert!(start.elapsed() < PATIENCE, "the old password still works");
                    tokio::task::yield_now().await;
                }
            }
        }
        assert_eq!(serving.stop("-TERM").0, Some(0));
    }

    async fn two_that_start_at_once_migrate_one_after_the_other(engine: Engine) {
        let empty = testkit::database::of(engine, &[]).await;
        let folder = Folder::new();
        let start = || {
            let mut command = program(&folder, &["migrate"]);
            command.env("BLUSYNERGY_DATABASE_URL", empty.url()).stderr(Stdio::piped()).stdout(Stdio::piped());
            command.spawn().unwrap()
        };
        let both = [start(), start(), start()];
        for child in both {
            ends(&child.wait_with_output().unwrap(), 0);
        }
        assert!(testkit::dump::dump(&empty, &[]).await.contains_key("customers"));
    }
}
