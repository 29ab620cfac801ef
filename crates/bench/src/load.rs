//! The load: kept-alive HTTP/1.1 connections that each ask again as soon as they are answered. Plain TCP and no
//! library, so that the generator takes little of the processors that it shares with what it measures.

use std::borrow::Cow;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::program::Program;

const CONNECTIONS: usize = 16;
/// No slice has more requests than this, however fast its program is.
const REQUESTS_MAX: usize = 1_000_000;
/// Requests that are looked at before the load.
const SAMPLE: usize = 20;
const READ_BYTES: usize = 64 * 1024;

/// What a program is asked.
pub enum Requests {
    /// Again and again, in random order.
    AnyOf(Vec<String>),
    /// Each once: made from a number that no other has.
    Numbered { next: AtomicU64, request: fn(u64) -> String },
    /// One after the other, and from the first one again.
    Each { next: AtomicUsize, texts: Vec<String> },
}

impl Requests {
    pub fn numbered(request: fn(u64) -> String) -> Requests {
        Requests::Numbered { next: AtomicU64::new(1), request }
    }

    pub fn each(texts: Vec<String>) -> Requests {
        Requests::Each { next: AtomicUsize::new(0), texts }
    }

    fn sample(&self) -> Vec<Cow<'_, str>> {
        match self {
            Requests::AnyOf(texts) => texts.iter().step_by(texts.len() / SAMPLE + 1).map(Cow::from).collect(),
            Requests::Numbered { .. } | Requests::Each { .. } => (0..SAMPLE).map(|_| self.one(0)).collect(),
        }
    }

    fn one(&self, random: usize) -> Cow<'_, str> {
        match self {
            Requests::AnyOf(texts) => Cow::from(&texts[random % texts.len()]),
            Requests::Numbered { next, request } => Cow::from(request(next.fetch_add(1, Ordering::Relaxed))),
            Requests::Each { next, texts } => Cow::from(&texts[next.fetch_add(1, Ordering::Relaxed) % texts.len()]),
        }
    }
}

/// A program's address and what it is asked.
pub struct Target {
    connections: Vec<Connection>,
    requests: Arc<Requests>,
    /// The size of an answer's body, the median of all of the first ones.
    pub body_bytes: usize,
}

/// What came of one stretch of load.
pub struct Slice {
    pub rate: f64,
    /// Microseconds, sorted.
    pub latencies: Vec<u32>,
    /// Processor time of the program per request, in microseconds.
    pub processor: f64,
}

impl Target {
    /// As many ask at once as there are in a busy hour.
    pub async fn new(address: SocketAddr, requests: Requests) -> Result<Target> {
        Target::with(CONNECTIONS, address, requests).await
    }

    /// One asks after the other.
    pub async fn alone(address: SocketAddr, requests: Requests) -> Result<Target> {
        Target::with(1, address, requests).await
    }

    /// Connects, and asks a sample of the requests once: every answer must be a success.
    async fn with(count: usize, address: SocketAddr, requests: Requests) -> Result<Target> {
        let mut connections = Vec::new();
        for seed in 0..count {
            connections.push(Connection::open(address, seed as u64).await?);
        }
        let mut sizes = Vec::new();
        for request in requests.sample() {
            let answer = connections[0].ask(&request).await?;
            let is_done = matches!(answer.status, 200 | 201);
            ensure!(is_done, "{request} was answered with {}: {}", answer.status, answer.body);
            sizes.push(answer.body_bytes);
        }
        sizes.sort_unstable();
        let body_bytes = sizes[sizes.len() / 2];
        Ok(Target { connections, requests: Arc::new(requests), body_bytes })
    }
}

/// Loads `target`, which is `program`, for `time`.
pub async fn run(target: &mut Target, program: &Program, time: Duration) -> Result<Slice> {
    let mut tasks = JoinSet::new();
    let (start, before) = (Instant::now(), program.processor_time()?);
    for mut connection in target.connections.drain(..) {
        let requests = target.requests.clone();
        tasks.spawn(async move {
            let latencies = connection.ask_until(&requests, start, time).await?;
            anyhow::Ok((connection, latencies))
        });
    }
    let mut latencies = Vec::new();
    while let Some(done) = tasks.join_next().await {
        let (connection, own) = done??;
        target.connections.push(connection);
        latencies.extend(own);
    }
    let (took, used) = (start.elapsed().as_secs_f64(), program.processor_time()?.saturating_sub(before));
    latencies.sort_unstable();
    let count = f64::from(u32::try_from(latencies.len())?.max(1));
    Ok(Slice { rate: count / took, latencies, processor: used.as_secs_f64() * 1e6 / count })
}

/// A kept-alive connection.
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
    state: u64,
}

pub struct Answer {
    pub status: u16,
    /// In lower case.
    pub head: String,
    pub body: String,
    pub body_bytes: usize,
}

impl Connection {
    pub async fn open(address: SocketAddr, seed: u64) -> Result<Connection> {
        let stream = TcpStream::connect(address).await.context("no connection")?;
        stream.set_nodelay(true)?;
        Ok(Connection { stream, buffer: Vec::with_capacity(READ_BYTES), state: seed })
    }

    async fn ask_until(&mut self, requests: &Requests, start: Instant, time: Duration) -> Result<Vec<u32>> {
        let mut latencies = Vec::new();
        while start.elapsed() < time && latencies.len() < REQUESTS_MAX / CONNECTIONS {
            let request = requests.one(self.random());
            let asked = Instant::now();
            self.exchange(&request).await?;
            latencies.push(u32::try_from(asked.elapsed().as_micros())?);
            let is_done = self.buffer.starts_with(b"HTTP/1.1 20");
            ensure!(is_done, "an answer is no success: {}", String::from_utf8_lossy(&self.buffer));
        }
        Ok(latencies)
    }

    /// Asks once and keeps the answer.
    pub async fn ask(&mut self, request: &str) -> Result<Answer> {
        let whole = self.exchange(request).await?;
        let text = String::from_utf8_lossy(&self.buffer);
        let (head, body) = text.split_once("\r\n\r\n").context("an answer has a head")?;
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).context("an answer has a status")?;
        Ok(Answer { status, head: head.to_owned(), body: body.to_owned(), body_bytes: whole.body_bytes })
    }

    /// Writes the request and reads one answer, all of it, into the buffer.
    async fn exchange(&mut self, request: &str) -> Result<Whole> {
        self.stream.write_all(request.as_bytes()).await?;
        self.buffer.clear();
        loop {
            let read = self.stream.read_buf(&mut self.buffer).await?;
            ensure!(read > 0, "the connection was closed");
            if let Some(whole) = whole(&self.buffer)? {
                return Ok(whole);
            }
        }
    }

    /// Steele's and Vigna's SplitMix64: fast, and the same numbers in each run.
    fn random(&mut self) -> usize {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = self.state;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((bits ^ (bits >> 31)) >> 33).unwrap_or_default()
    }
}

/// An answer that has arrived to its end.
#[derive(Debug)]
struct Whole {
    body_bytes: usize,
}

/// `None`: more is to come.
fn whole(bytes: &[u8]) -> Result<Option<Whole>> {
    let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else { return Ok(None) };
    let head = std::str::from_utf8(&bytes[..end])?;
    let body = &bytes[end + 4..];
    let field = |name: &str| {
        head.lines().filter_map(|line| line.split_once(':')).find(|(given, _)| given.eq_ignore_ascii_case(name))
    };
    if let Some((_, length)) = field("content-length") {
        let body_bytes = length.trim().parse()?;
        return Ok((body.len() >= body_bytes).then_some(Whole { body_bytes }));
    }
    match field("transfer-encoding") {
        Some((_, coding)) if coding.trim() == "chunked" => chunked(body),
        _ => bail!("an answer without a length"),
    }
}

fn chunked(mut body: &[u8]) -> Result<Option<Whole>> {
    let mut body_bytes = 0;
    loop {
        let Some(line) = body.windows(2).position(|two| two == b"\r\n") else { return Ok(None) };
        let size = usize::from_str_radix(std::str::from_utf8(&body[..line])?, 16)?;
        let next = line + 2 + size + 2;
        if body.len() < next {
            return Ok(None);
        }
        if size == 0 {
            return Ok(Some(Whole { body_bytes }));
        }
        body_bytes += size;
        body = &body[next..];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn size(text: &str) -> Option<usize> {
        whole(text.as_bytes()).unwrap().map(|whole| whole.body_bytes)
    }

    #[test]
    fn an_answer_ends_where_its_length_says() {
        assert_eq!(size("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab"), None);
        assert_eq!(size("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc"), Some(3));
        assert_eq!(size("HTTP/1.1 200 OK\r\nContent-Le"), None);
    }

    #[test]
    fn a_chunked_answer_ends_with_its_empty_chunk() {
        let head = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
        assert_eq!(size(&format!("{head}3\r\nabc\r\n2\r\nde")), None);
        assert_eq!(size(&format!("{head}3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")), Some(5));
    }

    #[test]
    fn an_answer_without_a_length_is_an_error() {
        assert!(whole(b"HTTP/1.1 200 OK\r\n\r\nabc").is_err());
    }
}
