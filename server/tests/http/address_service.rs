//! A small AvaTax on the loopback, which does as it is told and remembers what it was asked.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

pub const ACCOUNT: &str = "2000001234";
pub const LICENSE_KEY: &str = "9F8E7D6C5B4A3921";
/// The seed's sentence (`api.md` §2.4).
pub const DOUBT: &str = "An exact street name match could not be found.";

/// What it does with a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Says {
    Found,
    Doubtful,
    NotCoded,
    /// This answer, from its first line on.
    Text(&'static str),
    /// More than anybody reads.
    TooMuch,
    Nothing,
}

/// One question, as it came in.
#[derive(Clone, Debug)]
pub struct Asked {
    /// In lower case.
    pub head: String,
    pub body: String,
}

#[derive(Default)]
struct State {
    says: Option<Says>,
    asked: Vec<Asked>,
    silent: Vec<TcpStream>,
}

pub struct AddressService {
    pub url: String,
    state: Arc<Mutex<State>>,
}

impl AddressService {
    pub fn that(says: Says) -> AddressService {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::new(Mutex::new(State { says: Some(says), ..State::default() }));
        let shared = state.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                drop(converse(stream.unwrap(), &shared));
            }
        });
        AddressService { url, state }
    }

    pub fn now(&self, says: Says) {
        self.state.lock().unwrap().says = Some(says);
    }

    pub fn asked(&self) -> Vec<Asked> {
        self.state.lock().unwrap().asked.clone()
    }

    /// The seed with addresses checked here.
    pub fn checks(&self, seed: &str) -> String {
        checked_at(seed, &self.url)
    }
}

/// The seed with addresses checked by a service at this address.
pub fn checked_at(seed: &str, url: &str) -> String {
    let table = format!(
        "[organization.avalara]\naccount = \"{ACCOUNT}\"\nlicense_key = \"{LICENSE_KEY}\"\nurl = \"{url}\"\n\n"
    );
    let on = seed.replacen("mode = \"test\"", "mode = \"test\"\naddress_validation = \"avalara\"", 1);
    on.replacen("[[organization.staff]]", &format!("{table}[[organization.staff]]"), 1)
}

fn converse(stream: TcpStream, state: &Mutex<State>) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let (mut head, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        if line.trim().is_empty() {
            break;
        }
        if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        head.push_str(&line);
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let mut state = state.lock().unwrap();
    state.asked.push(Asked { head, body: String::from_utf8(body).unwrap() });
    let says = state.says.unwrap();
    if says == Says::Nothing {
        state.silent.push(stream);
        return Ok(());
    }
    drop(state);
    (&stream).write_all(answer(says).as_bytes())
}

fn answer(says: Says) -> String {
    let found = r#"{"validatedAddresses":[{"line1":"43 MAIN AVE","country":"US"}],"resolutionQuality":"Intersection"}"#;
    let not_coded = r#"{"address":{"line1":"x"},"resolutionQuality":"NotCoded"}"#;
    let doubtful = format!(
        "{{\"messages\":[{{\"summary\":\"{DOUBT}\",\"details\":\"d\",\"refersTo\":\"Address.Line0\",\
         \"severity\":\"Error\",\"source\":\"Avalara.AvaTax.Services.Address\"}},\
         {{\"summary\":\"A hint.\",\"severity\":\"Warning\"}}],\"resolutionQuality\":\"NotCoded\"}}"
    );
    let json = match says {
        Says::Found => found.to_owned(),
        Says::NotCoded => not_coded.to_owned(),
        Says::Doubtful => doubtful,
        Says::TooMuch => format!("{found}{}", " ".repeat(1024 * 1024)),
        Says::Text(text) => return text.replace('\n', "\r\n"),
        Says::Nothing => unreachable!("it says nothing"),
    };
    format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{json}",
        json.len()
    )
}
