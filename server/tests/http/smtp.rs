//! Mails through a mail server that is not ours: aiosmtpd, in a process of its own.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde::Deserialize;
use server::config::{Config, SmtpUrl};
use testkit::Scene;
use testkit::organization::ACME;

use crate::harness::{Engine, Folder, Server};

const PATIENCE: Duration = Duration::from_secs(30);
const USER: &str = "merchant";
const PASSWORD: &str = "Mail-Box-Key-4711";
const WRONG_PASSWORD: &str = "Wrong-Key-0815";

/// What the mail server says of a letter that it was given.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
struct Came {
    sender: String,
    recipients: Vec<String>,
    encrypted: bool,
    authenticated: bool,
    answer: String,
    headers: BTreeMap<String, String>,
    text: String,
    html: String,
    attachments: Vec<Attached>,
    /// What its reader found wrong.
    defects: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
struct Attached {
    name: String,
    r#type: String,
    begins: String,
}

#[derive(Deserialize)]
struct Listening {
    port: u16,
}

/// A mail server; killed when dropped. It has a certificate for `localhost` that no authority has signed.
struct MailServer {
    process: Child,
    port: u16,
    came: Receiver<Came>,
    folder: Folder,
}

impl MailServer {
    /// With settings of `smtp/server.py`, as in `tls=none`.
    fn start(settings: &[&str]) -> MailServer {
        let python = std::env::var_os("BLUSYNERGY_TEST_PYTHON").expect(
            "BLUSYNERGY_TEST_PYTHON names a Python with requirements.txt installed; `cargo xtask test` makes one \
             and sets it",
        );
        let folder = Folder::new();
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let [certificate, key] = ["certificate.pem", "key.pem"].map(|name| folder.path().join(name));
        std::fs::write(&certificate, made.cert.pem()).unwrap();
        std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
        let mut process = Command::new(python)
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/http/smtp/server.py"))
            .args(settings)
            .arg(format!("certificate={}", certificate.display()))
            .arg(format!("key={}", key.display()))
            // Its warnings are about what it was told to do.
            .stderr(Stdio::null())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines().map_while(Result::ok);
        let first: Listening = serde_json::from_str(&lines.next().expect("the mail server starts")).unwrap();
        let (letters, came) = channel();
        std::thread::spawn(move || {
            for line in lines {
                if letters.send(serde_json::from_str(&line).unwrap()).is_err() {
                    return;
                }
            }
        });
        MailServer { process, port: first.port, came, folder }
    }

    /// Its address, with what stands before the host.
    fn url(&self, before: &str) -> String {
        format!("{before}localhost:{}", self.port)
    }

    fn certificate(&self) -> PathBuf {
        self.folder.path().join("certificate.pem")
    }

    fn next(&self) -> Came {
        self.came.recv_timeout(PATIENCE).expect("a letter comes")
    }

    fn nothing_came(&self) {
        assert_eq!(self.came.try_recv().ok(), None);
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

/// Customers are told of invoices, and of nothing else.
fn seed() -> String {
    ACME.replace(r#""newInvoice", "newOrder", "paymentReceived""#, r#""newInvoice""#)
}

impl Server {
    /// With a mail server at this address, whose certificate may be the one in the file.
    async fn mailing(engine: Engine, url: String, ca_file: Option<PathBuf>) -> Server {
        let (smtp_url, smtp_ca_file) = (Some(SmtpUrl(url)), ca_file);
        Server::configured(engine, &seed(), |config| Config { smtp_url, smtp_ca_file, ..config }).await
    }

    /// Waits for a mail of which the database says this.
    async fn mail_is(&self, what: &str) -> String {
        let there = async {
            loop {
                let mails = self.stored().await.remove("mails").unwrap_or_default();
                if let Some(row) = mails.into_iter().find(|row| row.contains(what)) {
                    return row;
                }
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(PATIENCE, there).await.unwrap_or_else(|_| panic!("no mail is {what}"))
    }
}

on_both! {
    async fn a_mail_arrives_with_text_html_and_its_document(engine: Engine) {
        let mail_server = MailServer::start(&["tls=none"]);
        let server = Server::mailing(engine, mail_server.url("smtp://"), None).await;
        server.john().await;
        let came = mail_server.next();
        assert_eq!((came.sender.as_str(), came.recipients.as_slice()), ("no-reply@acme.localhost", &["Bill@bmontgomery.com".to_owned()][..]));
        let header = |name: &str| came.headers.get(name).map_or("", String::as_str);
        assert_eq!(header("From"), "Acme Hosting <no-reply@acme.localhost>");
        assert_eq!(header("To"), "Bill Joseph <Bill@bmontgomery.com>");
        assert_eq!(header("Subject"), "Invoice 1019 – Acme Hosting");
        assert_eq!(header("Date"), "Tue, 20 Sep 2011 12:00:00 +0000", "by the organization's clock");
        assert_eq!(header("Auto-Submitted"), "auto-generated");
        assert_eq!(header("Reply-To"), "", "there is nobody else to answer to");
        let id = header("Message-ID").strip_prefix("<mail-").and_then(|rest| rest.strip_suffix("@acme.localhost>"));
        assert!(id.is_some_and(|id| id.parse::<i64>().is_ok()), "{came:?}");
        assert!(came.text.contains("Amount due: $60.50") && !came.text.contains('<'), "{}", came.text);
        assert!(came.html.contains("$60.50") && came.html.contains("<h1"), "{}", came.html);
        let pdf = Attached { name: "invoice-1019.pdf".into(), r#type: "application/pdf".into(), begins: "%PDF-".into() };
        assert_eq!((came.attachments, came.defects), (vec![pdf], Vec::new()));
        assert!(!came.encrypted && !came.authenticated);
        server.mail_is("|sent|").await;
        mail_server.nothing_came();
        assert!(!server.data_dir().join("mail").exists(), "no file beside it");
    }

    async fn a_mail_that_the_server_does_not_take_yet_comes_again_under_the_same_name(engine: Engine) {
        let mail_server = MailServer::start(&["tls=none", "first=451 busy"]);
        let server = Server::mailing(engine, mail_server.url("smtp://"), None).await;
        server.john().await;
        let first = mail_server.next();
        assert_eq!(first.answer, "451 busy");
        server.mail_is("busy").await;
        server.wall.advance_seconds(30);
        let second = mail_server.next();
        server.mail_is("|sent|").await;
        // Only what separates the parts is another.
        let compared = |mut came: Came| {
            came.headers.remove("Content-Type");
            (came.headers, came.text, came.html, came.attachments)
        };
        assert_eq!(compared(first), compared(second), "in every header");
    }

    async fn a_mail_that_the_server_refuses_is_given_up(engine: Engine) {
        let mail_server = MailServer::start(&["tls=none", "first=554 never"]);
        let server = Server::mailing(engine, mail_server.url("smtp://"), None).await;
        server.john().await;
        mail_server.next();
        let failed = server.mail_is("|failed|").await;
        assert!(failed.contains("never"), "{failed}");
    }

    async fn a_connection_is_encrypted_where_the_server_offers_that(engine: Engine) {
        let mail_server = MailServer::start(&["tls=starttls"]);
        let server = Server::mailing(engine, mail_server.url("smtp://"), Some(mail_server.certificate())).await;
        server.john().await;
        assert!(mail_server.next().encrypted);
        server.mail_is("|sent|").await;
    }

    async fn a_server_whose_certificate_nobody_vouches_for_gets_nothing(engine: Engine) {
        for (settings, before) in [("tls=starttls", "smtp://"), ("tls=wrapper", "smtps://")] {
            let mail_server = MailServer::start(&[settings]);
            let server = Server::mailing(engine, mail_server.url(before), None).await;
            server.john().await;
            let waiting = server.mail_is("certificate").await;
            assert!(waiting.contains("|queued|"), "{waiting}");
            mail_server.nothing_came();
        }
    }

    async fn a_login_goes_through_tls_from_the_first_byte_or_by_starttls(engine: Engine) {
        let (user, password) = (format!("user={USER}"), format!("password={PASSWORD}"));
        for (tls, scheme) in [("tls=wrapper", "smtps"), ("tls=starttls", "smtp")] {
            let mail_server = MailServer::start(&[tls, &user, &password]);
            let url = mail_server.url(&format!("{scheme}://{USER}:{PASSWORD}@"));
            let server = Server::mailing(engine, url, Some(mail_server.certificate())).await;
            server.john().await;
            let came = mail_server.next();
            assert!(came.encrypted && came.authenticated, "{scheme}");
            server.mail_is("|sent|").await;
        }
    }

    async fn a_password_is_not_sent_to_a_server_without_tls(engine: Engine) {
        let mail_server = MailServer::start(&["tls=none", &format!("user={USER}"), &format!("password={PASSWORD}")]);
        let url = mail_server.url(&format!("smtp://{USER}:{PASSWORD}@"));
        let server = Server::mailing(engine, url, None).await;
        server.john().await;
        let waiting = server.mail_is("STARTTLS").await;
        assert!(waiting.contains("|queued|"), "{waiting}");
        mail_server.nothing_came();
    }

    /// The program itself, to see its log.
    async fn with_a_wrong_password_mails_wait_with_the_reason_and_no_secret_is_logged(engine: Engine) {
        let mail_server = MailServer::start(&["tls=wrapper", &format!("user={USER}"), &format!("password={PASSWORD}")]);
        let scene = Scene::new(testkit::scene::acme(engine).await).await;
        scene.seed(&seed()).await.unwrap();
        scene.invoice(scene.customer("JOHN").await).await;
        let folder = Folder::new();
        let mut program = Command::new(env!("CARGO_BIN_EXE_blusynergy"))
            .args(["serve", "--dev"])
            .current_dir(folder.path())
            .env_clear()
            .env("BLUSYNERGY_LISTEN", "127.0.0.1:0")
            .env("BLUSYNERGY_LOG", "trace")
            .env("BLUSYNERGY_DATABASE_URL", scene.db.url())
            .env("BLUSYNERGY_SMTP_URL", mail_server.url(&format!("smtps://{USER}:{WRONG_PASSWORD}@")))
            .env("BLUSYNERGY_SMTP_CA_FILE", mail_server.certificate())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut log = String::new();
        for line in BufReader::new(program.stderr.take().unwrap()).lines().map_while(Result::ok) {
            log.push_str(&line);
            log.push('\n');
            if line.contains("a mail was not delivered") {
                break;
            }
        }
        let row = async {
            loop {
                let row = testkit::dump::dump(&scene.db, &[]).await["mails"][0].clone();
                if row.contains("535") {
                    return row;
                }
                tokio::task::yield_now().await;
            }
        };
        let row = tokio::time::timeout(PATIENCE, row).await.expect("the reason is stored");
        program.kill().unwrap();
        program.wait().unwrap();
        assert!(row.contains("|queued|"), "{row}");
        assert!(log.contains("535"), "{log}");
        let encoded = base64(&format!("\0{USER}\0{WRONG_PASSWORD}"));
        for secret in [WRONG_PASSWORD, &encoded, &base64(WRONG_PASSWORD)] {
            assert!(!log.contains(secret) && !row.contains(secret), "{secret}: {log}{row}");
        }
        mail_server.nothing_came();
    }
}

fn base64(text: &str) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(text)
}

#[test]
fn the_address_of_the_mail_server_is_never_shown() {
    let shown = format!("{:?}", Some(SmtpUrl("smtps://me:Secret-1@mail.example".to_owned())));
    assert!(!shown.contains("Secret-1") && !shown.contains("mail.example"), "{shown}");
}
