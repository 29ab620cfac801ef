//! How mails leave: through SMTP where a server is configured, else as files that anybody can open.
//!
//! A mail has the same `Message-ID` and the same file name at every attempt: who gets it twice after a crash can
//! tell. Headers are built from typed addresses and encoded texts, never from raw lines.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use anyhow::{Result, anyhow};
use billing::mails::{Letter, Mailer, NotDelivered};
use billing::ports::Answering;
use lettre::message::header::ContentType;
use lettre::message::{Attachment, Mailbox, MultiPart, SinglePart};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

use crate::config::Config;

/// Shorter than the lease on a mail, for all steps of a conversation together.
const SMTP_TIMEOUT: Duration = Duration::from_mins(2);

/// As configured. An address that is wrong is not shown: it may hold a password.
pub fn mailer(config: &Config) -> Result<Box<dyn Mailer>> {
    let domain = config.base_domain.clone();
    Ok(match &config.smtp_url {
        None => Box::new(Files { folder: config.data_dir.join("mail"), domain }),
        Some(url) => {
            let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(&url.0)
                .map_err(|_| anyhow!("smtp_url must be smtp://HOST:PORT or smtps://USER:PASSWORD@HOST"))?;
            Box::new(Smtp { transport: builder.build(), domain })
        }
    })
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
                Ok(Err(error)) if error.is_permanent() => Err(NotDelivered::Ever(error.to_string())),
                Ok(Err(error)) => Err(NotDelivered::Yet(error.to_string())),
                Err(_) => Err(NotDelivered::Yet("the mail server did not answer in time".to_owned())),
            }
        })
    }
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
        .subject(letter.subject.clone());
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
