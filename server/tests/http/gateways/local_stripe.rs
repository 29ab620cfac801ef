//! Stripe as tests have it: localstripe from PyPI, in a process of its own.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde::Deserialize;

pub const KEY: &str = "sk_test_4eC39HqLyjWDarjtT1zdp7dc";

/// Killed when dropped.
pub struct LocalStripe {
    process: Child,
    pub url: String,
}

#[derive(Deserialize)]
struct Listening {
    port: u16,
}

impl LocalStripe {
    /// Whose clock stands at `now`, in seconds.
    pub fn start(now: i64) -> LocalStripe {
        let python = std::env::var_os("BLUSYNERGY_TEST_PYTHON").expect(
            "BLUSYNERGY_TEST_PYTHON names a Python with requirements.txt installed; `cargo xtask test` makes one and \
             sets it",
        );
        let mut process = Command::new(python)
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/http/gateways/stripe.py"))
            .arg(now.to_string())
            // Its warnings are about what it was told to do.
            .stderr(Stdio::null())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut first = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut first).unwrap();
        let Listening { port } = serde_json::from_str(&first).expect("localstripe starts");
        LocalStripe { process, url: format!("http://127.0.0.1:{port}") }
    }

    /// What it does with the next request that moves money; see `stripe.py`.
    pub async fn next(&self, behaviour: &str) {
        let client = reqwest::Client::new();
        let answer = client.post(format!("{}/_config/next", self.url)).body(behaviour.to_owned()).send().await;
        assert!(answer.unwrap().status().is_success());
    }

    /// What was charged and not given back.
    pub async fn moved(&self) -> i64 {
        let answer = reqwest::Client::new().get(format!("{}/_config/moved", self.url)).send().await.unwrap();
        answer.json().await.unwrap()
    }
}

impl Drop for LocalStripe {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}
