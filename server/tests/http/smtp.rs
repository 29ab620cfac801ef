//! Mails through a mail server: the conversation itself, over a socket.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use server::config::SmtpUrl;
use testkit::organization::ACME;

use crate::harness::Server;

const PATIENCE: Duration = Duration::from_secs(20);

/// A mail server that answers the first letter with `first`, and takes every other. Gives its address and what came.
fn mail_server(first: &'static str) -> (String, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let (letters, came) = channel();
    std::thread::spawn(move || {
        let mut verdict = first;
        for stream in listener.incoming() {
            if let Some(letter) = converse(stream.unwrap(), verdict) {
                verdict = "250 taken";
                if letters.send(letter).is_err() {
                    return;
                }
            }
        }
    });
    (address, came)
}

/// One conversation; its letter with the envelope before it.
fn converse(stream: TcpStream, verdict: &str) -> Option<String> {
    let mut answers = stream.try_clone().unwrap();
    let mut say = |line: &str| answers.write_all(format!("{line}\r\n").as_bytes());
    say("220 sink").ok()?;
    let (mut letter, mut in_data, mut got) = (String::new(), false, None);
    for line in BufReader::new(stream).lines() {
        let line = line.ok()?;
        let answer = match line.split(' ').next().unwrap_or_default() {
            "." if in_data => {
                in_data = false;
                got = Some(std::mem::take(&mut letter));
                verdict
            }
            _ if in_data => {
                letter.push_str(&line);
                letter.push('\n');
                continue;
            }
            "EHLO" | "RSET" | "NOOP" => "250 sink",
            "MAIL" | "RCPT" => {
                letter.push_str(&line);
                letter.push('\n');
                "250 fine"
            }
            "DATA" => {
                in_data = true;
                "354 go on"
            }
            "QUIT" => {
                say("221 bye").ok()?;
                return got;
            }
            _ => "500 what?",
        };
        if say(answer).is_err() {
            return got;
        }
    }
    got
}

fn line(letter: &str, name: &str) -> String {
    letter.lines().find(|line| line.starts_with(name)).unwrap_or_default().to_owned()
}

/// Customers are told of invoices, and of nothing else.
fn seed() -> String {
    ACME.replace(r#""newInvoice", "newOrder", "paymentReceived""#, r#""newInvoice""#)
}

impl Server {
    /// Waits for a mail of which the database says this.
    async fn mail_is(&self, what: &str) {
        let there = async {
            while !self.stored().await["mails"].iter().any(|row| row.contains(what)) {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(PATIENCE, there).await.unwrap_or_else(|_| panic!("no mail is {what}"));
    }
}

on_both! {
    async fn a_mail_that_the_server_does_not_take_yet_comes_again_under_the_same_name(engine: Engine) {
        let (address, came) = mail_server("451 busy");
        let url = Some(SmtpUrl(format!("smtp://{address}")));
        let server = Server::configured(engine, &seed(), |config| server::config::Config { smtp_url: url, ..config }).await;
        server.john().await;
        let first = came.recv_timeout(PATIENCE).unwrap();
        server.mail_is("busy").await;
        server.wall.advance_seconds(30);
        let second = came.recv_timeout(PATIENCE).unwrap();
        server.mail_is("|sent|").await;
        assert_eq!(line(&first, "Message-ID:"), line(&second, "Message-ID:"));
        assert!(line(&first, "Message-ID: <mail-").ends_with("@acme.localhost>"), "{first}");
        assert!(first.contains("RCPT TO:<") && first.contains("invoice-1019.pdf"), "{first}");
        assert!(!server.data_dir().join("mail").exists(), "no file beside it");
    }

    async fn a_mail_that_the_server_refuses_is_given_up(engine: Engine) {
        let (address, came) = mail_server("554 never");
        let url = Some(SmtpUrl(format!("smtp://{address}")));
        let server = Server::configured(engine, &seed(), |config| server::config::Config { smtp_url: url, ..config }).await;
        server.john().await;
        came.recv_timeout(PATIENCE).unwrap();
        server.mail_is("|failed|").await;
    }
}

#[test]
fn the_address_of_the_mail_server_is_never_shown() {
    let shown = format!("{:?}", Some(SmtpUrl("smtps://me:Secret-1@mail.example".to_owned())));
    assert!(!shown.contains("Secret-1") && !shown.contains("mail.example"), "{shown}");
}
