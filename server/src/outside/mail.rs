//! How mails leave: through SMTP where a server is configured, else as files that anybody can open.
//!
//! A mail has the same `Message-ID` and the same file name at every attempt: who gets it twice after a crash can
//! tell. Headers are built from typed addresses and encoded texts, never from raw lines.
//!
//! A mail server is believed to be who it says by its certificate, always: no setting turns that off. A password goes
//! through TLS or not at all.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result, anyhow, ensure};
use billing::mails::{Letter, Mailer, NotDelivered};
use billing::ports::Answering;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Attachment, Mailbox, MultiPart, SinglePart};
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

use crate::config::Config;

/// The server wants another user or password: wrong in our settings, not in the letter.
const LOGIN_REFUSED: [u16; 4] = [530, 534, 535, 538];
/// Shorter than the lease on a mail, for all steps of a conversation together.
const SMTP_TIMEOUT: Duration = Duration::from_mins(2);

/// As configured. An address that is wrong is not shown: it may hold a password.
pub fn mailer(config: &Config) -> Result<Box<dyn Mailer>> {
    let domain = config.base_domain.clone();
    Ok(match &config.smtp_url {
        None => Box::new(Files { folder: config.data_dir.join("mail"), domain }),
        Some(url) => Box::new(Smtp { transport: transport(&url.0, config.smtp_ca_file.as_deref())?, domain }),
    })
}

fn transport(url: &str, ca_file: Option<&Path>) -> Result<AsyncSmtpTransport<Tokio1Executor>> {
    let wrong = || anyhow!("smtp_url must be smtp://HOST:PORT or smtps://USER:PASSWORD@HOST");
    let parsed = reqwest::Url::parse(url).map_err(|_| wrong())?;
    let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(url).map_err(|_| wrong())?;
    let mut parameters = TlsParameters::builder(parsed.host_str().ok_or_else(wrong)?.to_owned());
    if let Some(file) = ca_file {
        parameters = parameters.add_root_certificate(certificates(file)?);
    }
    let parameters = parameters.build().context("smtp_ca_file can't be used")?;
    let is_required = parsed.password().is_some() || parsed.query() == Some("tls=required");
    let tls = match parsed.scheme() {
        "smtps" => Tls::Wrapper(parameters),
        _ if is_required => Tls::Required(parameters),
        _ => Tls::Opportunistic(parameters),
    };
    Ok(builder.tls(tls).build())
}

fn certificates(file: &Path) -> Result<Certificate> {
    let wrong = || format!("smtp_ca_file: {} holds no certificate in PEM form", file.display());
    let pem = std::fs::read(file).with_context(|| format!("smtp_ca_file: {} can't be read", file.display()))?;
    ensure!(String::from_utf8_lossy(&pem).contains("-----BEGIN CERTIFICATE-----"), wrong());
    Certificate::from_pem(&pem).with_context(wrong)
}

struct Files {
    folder: PathBuf,
    domain: String,
}

impl Mailer for Files {
    fn deliver<'a>(&'a self, letter: &'a Letter) -> Answering<'a, Result<(), NotDelivered>> {
        Box::pin(async move {
            let message = message(letter, &self.domain)?;
            let file = self.folder.join(format!("mail-{}.eml", letter.id));
            write(&self.folder, &file, &message.formatted())
                .await
                .map_err(|error| NotDelivered::Yet(format!("{}: {error}", file.display())))
        })
    }
}

/// Whole or not at all, and over what an earlier attempt has left.
async fn write(folder: &Path, file: &Path, bytes: &[u8]) -> std::io::Result<()> {
    tokio::fs::create_dir_all(folder).await?;
    let unfinished = file.with_extension("tmp");
    tokio::fs::write(&unfinished, bytes).await?;
    tokio::fs::rename(&unfinished, file).await
}

struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    domain: String,
}

impl Mailer for Smtp {
    fn deliver<'a>(&'a self, letter: &'a Letter) -> Answering<'a, Result<(), NotDelivered>> {
        Box::pin(async move {
            let message = message(letter, &self.domain)?;
            match tokio::time::timeout(SMTP_TIMEOUT, self.transport.send(message)).await {
                Ok(Ok(_)) => Ok(()),
                Ok(Err(error)) if error.is_permanent() && !is_about_login(&error) => {
                    Err(NotDelivered::Ever(error.to_string()))
                }
                Ok(Err(error)) => Err(NotDelivered::Yet(error.to_string())),
                Err(_) => Err(NotDelivered::Yet("the mail server did not answer in time".to_owned())),
            }
        })
    }
}

fn is_about_login(error: &lettre::transport::smtp::Error) -> bool {
    error.status().is_some_and(|code| LOGIN_REFUSED.contains(&code.into()))
}

/// A letter that can't be written down is refused for good: the next attempt would be the same.
fn message(letter: &Letter, domain: &str) -> Result<Message, NotDelivered> {
    build(letter, domain).map_err(|error| NotDelivered::Ever(error.to_string()))
}

fn build(letter: &Letter, domain: &str) -> Result<Message> {
    let host = format!("{}.{domain}", letter.subdomain);
    let from = Mailbox::new(Some(letter.sender_name.clone()), Address::new("no-reply", &host)?);
    let name = Some(letter.recipient_name.clone()).filter(|name| !name.is_empty());
    let to = Mailbox::new(name, letter.recipient.parse()?);
    let message = Message::builder()
        .message_id(Some(format!("<mail-{}@{host}>", letter.id)))
        .date(SystemTime::from(letter.written_at.0))
        .from(from)
        .to(to)
        .subject(letter.subject.clone())
        // Nobody is to be told by a machine that somebody is on holiday (RFC 3834).
        .raw_header(HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned()));
    let bodies = MultiPart::alternative()
        .singlepart(SinglePart::plain(letter.text.clone()))
        .singlepart(SinglePart::html(letter.html.clone()));
    Ok(match &letter.attachment {
        None => message.multipart(bodies)?,
        Some(attached) => {
            let pdf = Attachment::new(attached.file_name.clone())
                .body(attached.pdf.clone(), ContentType::parse("application/pdf")?);
            message.multipart(MultiPart::mixed().multipart(bodies).singlepart(pdf))?
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(url: &str, ca_file: Option<&Path>) -> String {
        transport(url, ca_file).map(drop).expect_err("it is wrong").to_string()
    }

    #[test]
    fn an_address_that_is_none_is_refused_without_being_shown() {
        for wrong in ["mail.example", "http://me:Secret-1@mail.example", "smtp://", "smtp://me:Secret-1@h?tls=never"] {
            let message = refusal(wrong, None);
            assert!(message.contains("smtp_url must be") && !message.contains("Secret-1"), "{message}");
        }
    }

    #[test]
    fn a_file_of_certificates_must_hold_some() {
        let message = refusal("smtp://localhost", Some(Path::new("nowhere.pem")));
        assert!(message.contains("smtp_ca_file: nowhere.pem can't be read"), "{message}");
        let message = refusal("smtp://localhost", Some(Path::new("Cargo.toml")));
        assert!(message.contains("Cargo.toml holds no certificate"), "{message}");
    }
}
