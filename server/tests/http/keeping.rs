//! What the program itself leaves behind of the secrets that it is told: in its answers, its database, its log. And
//! what its key is for.

mod portal_forms;

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use testkit::TestDb;
use testkit::organization::{ACME, API_PASSWORD, API_USER};

use crate::address_service::{self, AddressService, LICENSE_KEY, Says};
use crate::harness::Folder;
use crate::harness::fixtures::{
    APPROVES, DECLINES, JOHN, PASSWORD, account_on_file, card_on_file, customer_xml, payment_xml, white_label, with,
};

const KEY_BYTES: usize = 32;
/// Digits that turn up nowhere by chance.
const ACCOUNT: &str = "90817263544538";
const BAD_NUMBER: &str = "4111111111111112";
const NUMBER_AS_TOKEN: &str = "5555555555554444";

/// The program on a database, in a folder of its own, with its log in a file.
struct Program {
    folder: Folder,
    database: String,
}

impl Program {
    fn new(db: &TestDb) -> Program {
        Program { folder: Folder::new(), database: db.url().to_owned() }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_blusynergy"));
        command.args(arguments).current_dir(self.folder.path()).env_clear().stdin(Stdio::null());
        command.env("BLUSYNERGY_LISTEN", "127.0.0.1:0").env("BLUSYNERGY_DATABASE_URL", &self.database);
        command
    }

    #[track_caller]
    fn run(&self, arguments: &[&str]) -> String {
        let Output { status, stdout, stderr } = self.command(arguments).output().unwrap();
        assert!(status.success(), "{}", String::from_utf8_lossy(&stderr));
        String::from_utf8_lossy(&stdout).into_owned()
    }

    fn seed(&self) {
        self.seed_with(ACME);
    }

    fn seed_with(&self, text: &str) {
        let file = self.folder.path().join("acme.toml");
        fs::write(&file, text).unwrap();
        self.run(&["seed", &file.display().to_string()]);
    }

    fn serve(&self) -> Serving {
        let log = File::create(self.log()).unwrap();
        let mut command = self.command(&["serve", "--dev"]);
        command.env("BLUSYNERGY_LOG", "trace").stdout(Stdio::piped()).stderr(log);
        let mut child = command.spawn().unwrap();
        let stdout = BufReader::with_capacity(1, child.stdout.as_mut().unwrap());
        let mut lines = stdout.lines().map_while(Result::ok);
        let address = lines.find_map(|line| line.strip_prefix("listening on http://").map(str::to_owned));
        Serving { child, address: address.expect("it serves"), said: String::new() }
    }

    fn log(&self) -> std::path::PathBuf {
        self.folder.path().join("log")
    }

    fn key(&self) -> std::path::PathBuf {
        self.folder.path().join("data/secret.key")
    }

    /// The file of the database as it lies on the disk, if there is one.
    fn database_file(&self) -> Vec<u8> {
        let Some(file) = self.database.strip_prefix("sqlite://") else { return Vec::new() };
        let mut bytes = fs::read(file).unwrap();
        bytes.extend(fs::read(format!("{file}-wal")).unwrap_or_default());
        bytes
    }
}

/// Killed when dropped.
struct Serving {
    child: Child,
    address: String,
    /// Every answer.
    said: String,
}

impl Serving {
    async fn send(&mut self, method: &str, path: &str, body: &str) -> u16 {
        let client = reqwest::Client::new();
        let url = format!("http://{}{path}", self.address);
        let request = client.request(method.parse().unwrap(), url).header("host", "acme.localhost");
        let encoded = STANDARD.encode(format!("{API_USER}:{API_PASSWORD}"));
        let request = request.header("authorization", format!("Basic {encoded}")).timeout(Duration::from_mins(1));
        let answer = request.body(body.to_owned()).send().await.unwrap();
        let status = answer.status().as_u16();
        write!(self.said, "{:?}", answer.headers()).unwrap();
        self.said.push_str(&answer.text().await.unwrap());
        status
    }

    /// Ends cleanly, so that everything is written; what it said.
    fn stop(mut self) -> String {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        assert!(self.child.wait().unwrap().success());
        std::mem::take(&mut self.said)
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Everything that is told a secret, with the status that it answers.
fn calls() -> Vec<(&'static str, &'static str, String, u16)> {
    let customer = customer_xml(JOHN, "jdoe001");
    let autopay = "/rest/customer/autopay?extCustomerRef=JOHNDOE001";
    let validated = "/rest/customer/autopay?extCustomerRef=JOHNDOE001&validate=true";
    let card = card_on_file(APPROVES);
    let token = "<autopay><paymentMethodDTO type=\"Token\"><tokenPaymentMethod><token>5555555555554444</token>\
        </tokenPaymentMethod></paymentMethodDTO></autopay>";
    vec![
        ("POST", "/rest/customers", customer.clone(), 201),
        ("POST", "/rest/customers", customer, 400),
        ("PUT", autopay, card.clone(), 200),
        ("PUT", autopay, with(&card, "cardholderName", APPROVES), 200),
        ("PUT", autopay, with(&card, "expiry", "2010-12-31"), 200),
        ("PUT", validated, with(&card, "autopayPreference", "2"), 200),
        ("PUT", validated, with(&card, "expiry", "2010-12-31"), 400),
        ("PUT", validated, card_on_file(DECLINES), 400),
        ("PUT", autopay, card_on_file(BAD_NUMBER), 400),
        ("PUT", autopay, with(&card, "expiry", APPROVES), 400),
        ("PUT", autopay, with(&card, "autopayPreference", APPROVES), 400),
        ("PUT", autopay, with(&card, "cvv", "91371"), 400),
        ("PUT", autopay, card.replace("</autopay>", ""), 400),
        ("PUT", autopay, account_on_file("021000021", ACCOUNT), 200),
        ("PUT", autopay, account_on_file("123456789", ACCOUNT), 400),
        ("PUT", autopay, account_on_file(ACCOUNT, ACCOUNT), 400),
        ("POST", autopay, token.to_owned(), 200),
        ("GET", autopay, String::new(), 200),
        ("DELETE", "/rest/customer/autopay?extCustomerRef=JOHNDOE001&autopayPreference=2", String::new(), 200),
        ("POST", "/rest/orders?extCustomerRef=JOHNDOE001&generateInvoice=true", white_label(), 201),
        ("POST", "/rest/payments?extCustomerRef=JOHNDOE001", payment_xml("1.00", &[], APPROVES), 201),
        ("POST", "/rest/payments?extCustomerRef=JOHNDOE001", payment_xml("1.00", &[], DECLINES), 201),
    ]
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

#[track_caller]
fn assert_free(what: &str, bytes: &[u8]) {
    let numbers = [APPROVES, DECLINES, BAD_NUMBER, NUMBER_AS_TOKEN, ACCOUNT, PASSWORD, API_PASSWORD];
    for secret in numbers {
        assert!(!holds(bytes, secret), "{secret} is in {what}");
    }
    for code in [">9137", "\"9137\"", "|9137|", "91371"] {
        assert!(!holds(bytes, code), "the security code is in {what}");
    }
}

on_both! {
    async fn c_pay_m26_no_answer_no_log_and_no_database_holds_what_it_was_told(engine: Engine) {
        let db = testkit::database::of(engine, store::MIGRATIONS).await;
        let program = Program::new(&db);
        program.seed();
        let mut serving = program.serve();
        for (method, path, body, status) in calls() {
            assert_eq!(serving.send(method, path, &body).await, status, "{method} {path} {body}: {}", serving.said);
        }
        let said = serving.stop();
        let log = fs::read(program.log()).unwrap();
        assert!(holds(&log, "/rest/customer/autopay") && said.contains("Token"), "it ran");
        assert_free("an answer", said.as_bytes());
        assert_free("the log", &log);
        let stored = testkit::dump::dump(&db, &[]).await;
        assert!(!stored["payment_methods"].is_empty());
        assert_free("the database", format!("{stored:?}").as_bytes());
        assert_free("the file of the database", &program.database_file());
    }

    async fn the_licence_key_of_the_address_service_is_sealed_and_what_goes_wrong_there_is_logged_without_it(engine: Engine) {
        let db = testkit::database::of(engine, store::MIGRATIONS).await;
        let program = Program::new(&db);
        let service = AddressService::that(Says::Doubtful);
        program.seed_with(&service.checks(ACME));
        program.seed_with(&service.checks(ACME));
        let mut serving = program.serve();
        assert_eq!(serving.send("POST", "/rest/customers", &customer_xml("A", "anna0001")).await, 201);
        // The callback of the seed and the licence key.
        let said = program.run(&["rotate-key"]);
        assert!(said.trim().ends_with("; sealed anew: 2"), "{said}");
        service.now(Says::Text("HTTP/1.1 401 Unauthorized\nconnection: close\ncontent-length: 0\n\n"));
        assert_eq!(serving.send("POST", "/rest/customers", &customer_xml("B", "bert0001")).await, 200);
        let account = address_service::ACCOUNT;
        let credentials = STANDARD.encode(format!("{account}:{LICENSE_KEY}"));
        let asked = service.asked();
        assert_eq!(asked.len(), 2);
        assert!(asked.iter().all(|asked| asked.head.contains(&credentials)), "the running program follows the new key");
        let said = serving.stop();
        let log = String::from_utf8_lossy(&fs::read(program.log()).unwrap()).into_owned();
        let lines: Vec<&str> = log.lines().filter(|line| line.contains("count as valid")).collect();
        assert!(lines.len() == 1 && lines[0].contains("WARN") && lines[0].contains("status 401"), "{lines:?}");
        for secret in ["43 Main Av", "Chicago", account] {
            assert!(!lines[0].contains(secret), "{secret} is in the log");
        }
        let stored = format!("{:?}", testkit::dump::dump(&db, &[]).await);
        assert!(stored.contains(account), "it is there");
        for secret in [LICENSE_KEY, &credentials] {
            assert!(!said.contains(secret) && !log.contains(secret) && !stored.contains(secret), "{secret}");
            assert!(!holds(&program.database_file(), secret), "{secret} is in the file of the database");
        }
    }

    async fn rotate_key_adds_a_key_and_seals_anew_what_there_is(engine: Engine) {
        let db = testkit::database::of(engine, store::MIGRATIONS).await;
        let program = Program::new(&db);
        program.seed();
        let mut serving = program.serve();
        serving.send("POST", "/rest/customers", &customer_xml(JOHN, "jdoe001")).await;
        let autopay = "/rest/customer/autopay?extCustomerRef=JOHNDOE001";
        assert_eq!(serving.send("PUT", autopay, &card_on_file(APPROVES)).await, 200);
        let keys = |count: usize| {
            let bytes = fs::read(program.key()).unwrap();
            assert_eq!(bytes.len(), count * KEY_BYTES);
            bytes
        };
        let first = keys(1);
        // Beside the serving program, which follows. The card and the callback of the seed are sealed.
        let said = program.run(&["rotate-key"]);
        assert!(said.starts_with("key added: ") && said.trim().ends_with("; sealed anew: 2"), "{said}");
        assert_eq!(keys(2)[..KEY_BYTES], first);
        let id = said["key added: ".len()..].split(';').next().unwrap().to_owned();
        let stored = async || testkit::dump::dump(&db, &[]).await["payment_methods"].concat();
        assert!(stored().await.contains(&id), "{id}");
        let second = with(&card_on_file(APPROVES), "autopayPreference", "2");
        assert_eq!(serving.send("PUT", autopay, &second).await, 200);
        assert_eq!(stored().await.matches(&id).count(), 2, "the running program seals with the new key");
        // Cut off after the key was written: the next run finishes, and brings in no other.
        fs::write(program.key().with_extension("rotation"), &id).unwrap();
        assert_eq!(program.run(&["rotate-key"]).trim(), format!("rotation finished: {id}; sealed anew: 0"));
        keys(2);
        let said = program.run(&["rotate-key"]);
        assert!(said.starts_with("key added: ") && said.trim().ends_with("; sealed anew: 3"), "{said}");
        keys(3);
        serving.stop();
        assert_free("the log", &fs::read(program.log()).unwrap());
        assert!(is_private(&program.key()));
    }
}

fn is_private(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(file).unwrap().permissions().mode() & 0o777 == 0o600
}
