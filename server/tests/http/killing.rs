//! The program is killed (`kill -9`) in the middle of its nights, time and again, and started again: what it comes to in
//! the end is what an undisturbed one comes to. `BLUSYNERGY_RELIABILITY=full` does it at full size.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use billing::orders::Invoicing;
use billing::payment_methods::{self, SaveRequest};
use domain::access::Actor;
use domain::payment_methods::{NewMethod, Secret};
use domain::wallet::GatewayToken;
use store::Tx;
use testkit::organization::{API_PASSWORD, API_USER};
use testkit::scene::{VAULT_KEY, new_order};
use testkit::{Scene, invariants};

use crate::harness::Folder;

/// A night may take long where much else is going on.
const PATIENCE: Duration = Duration::from_mins(20);
/// Two billings, and what they are charged for.
const UNTIL: &str = "2011-10-12T00:00:00Z";
/// Days on which what was uncertain until then is tried again.
const LATER: &str = "2011-10-14T00:00:00Z";

struct Size {
    customers: usize,
    kills: u64,
    /// A fast machine may be done before it was killed more often.
    kills_min: u64,
    /// The longest that a program lives before it is killed.
    life_ms: u64,
}

impl Size {
    fn wanted() -> Size {
        match std::env::var("BLUSYNERGY_RELIABILITY").as_deref() {
            Ok("full") => Size { customers: 20_000, kills: 50, kills_min: 50, life_ms: 4_000 },
            _ => Size { customers: 150, kills: 12, kills_min: 2, life_ms: 300 },
        }
    }
}

/// A merchant whose customers are all billed and charged tonight; of seven, one has a card that is declined, and a good
/// one in second place; one has nothing on file.
async fn merchant(scene: &Scene, size: &Size) {
    let org = scene.organization("acme").await;
    for n in 0..size.customers {
        let customer = scene.customer(&format!("C{n:05}")).await;
        let cards: &[&str] = match n % 7 {
            3 => &["test-declines-11", "test-approves-11"],
            5 => &[],
            _ => &["test-approves-11"],
        };
        for (preference, token) in (1..).zip(cards) {
            let secret = Secret::Token { token: GatewayToken::new(token), brand: None, expiry: None };
            let request = SaveRequest { customer, new: NewMethod { preference, secret }, validate: false };
            payment_methods::save(&scene.billing, &org, &Actor::System, request).await.unwrap();
        }
        scene.place(customer, new_order("WHITE-LBL-A", &[]), Invoicing::Later).await.unwrap();
    }
}

/// The one that was built with the tests, or another one.
fn program() -> String {
    std::env::var("BLUSYNERGY_BIN").unwrap_or_else(|_| env!("CARGO_BIN_EXE_blusynergy").to_owned())
}

/// A serving program; killed when dropped.
struct Serving {
    child: Child,
    address: String,
}

impl Serving {
    fn start(folder: &Folder, database: &str) -> Serving {
        let mut command = Command::new(program());
        command.args(["serve", "--dev"]).current_dir(folder.path()).env_clear().stdin(Stdio::null());
        command.env("BLUSYNERGY_LISTEN", "127.0.0.1:0").env("BLUSYNERGY_DATABASE_URL", database);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let stdout = BufReader::with_capacity(1, child.stdout.as_mut().unwrap());
        let mut lines = stdout.lines().map_while(Result::ok);
        let address = lines.find_map(|line| line.strip_prefix("listening on http://").map(str::to_owned));
        Serving { child, address: address.expect("it serves") }
    }

    /// Moves the clock of the organization, in which all its nights are worked.
    async fn advance(&self, to: &str) -> u16 {
        let url = format!("http://{}/rest/testClock?action=advance", self.address);
        let encoded = STANDARD.encode(format!("{API_USER}:{API_PASSWORD}"));
        let body = format!("<testClock><now>{to}</now></testClock>");
        let request = reqwest::Client::new().post(url).header("host", "acme.localhost");
        let request = request.header("authorization", format!("Basic {encoded}")).timeout(PATIENCE).body(body);
        request.send().await.map_or(0, |answer| answer.status().as_u16())
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn folder() -> Folder {
    let folder = Folder::new();
    fs::create_dir_all(folder.path().join("data")).unwrap();
    fs::write(folder.path().join("data/secret.key"), VAULT_KEY).unwrap();
    folder
}

/// Whatever is worth comparing of each customer: invoices, what was paid and what is owed. Attempts that charged nothing
/// are left out: of those there are more where somebody was killed.
const OF_CUSTOMERS: &str = "
    SELECT c.ext_customer_ref, CAST('invoice ' || CAST(i.invoiced_on AS TEXT) || ' ' || CAST(i.total AS TEXT) || ' ' || i.status AS TEXT)
    FROM customers c JOIN invoices i ON i.org_id = c.org_id AND i.customer_id = c.id
    UNION ALL SELECT c.ext_customer_ref, CAST('paid ' || CAST(SUM(p.amount) AS TEXT) AS TEXT)
    FROM customers c JOIN payments p ON p.org_id = c.org_id AND p.customer_id = c.id WHERE p.status = 'Paid'
    GROUP BY c.ext_customer_ref
    UNION ALL SELECT c.ext_customer_ref, CAST('owes ' || CAST(f.outstanding_balance AS TEXT) AS TEXT)
    FROM customers c JOIN customer_financials f ON f.org_id = c.org_id AND f.customer_id = c.id
    UNION ALL SELECT c.ext_customer_ref, CAST('is ' || c.status AS TEXT) FROM customers c
    UNION ALL SELECT '', CAST('pending ' || number AS TEXT) FROM payments WHERE status = 'Pending'
    UNION ALL SELECT '', CAST('charged by the processor: ' || CAST(SUM(amount) AS TEXT) AS TEXT)
    FROM test_processor_charges WHERE verdict = 'Approved'";

async fn outcome(scene: &Scene) -> BTreeMap<String, Vec<String>> {
    let mut conn = scene.db.read().await.unwrap();
    let rows: Vec<(String, String)> = conn.build(OF_CUSTOMERS).build().fetch_all().await.unwrap();
    let mut outcome: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (customer, text) in rows {
        outcome.entry(customer).or_default().push(text);
    }
    for texts in outcome.values_mut() {
        texts.sort();
    }
    outcome
}

/// Nights without trouble.
async fn undisturbed(scene: &Scene) -> BTreeMap<String, Vec<String>> {
    let folder = folder();
    let serving = Serving::start(&folder, scene.db.url());
    assert_eq!(serving.advance(UNTIL).await, 200);
    assert_eq!(serving.advance(LATER).await, 200);
    drop(serving);
    invariants::index(&scene.db).await;
    invariants::check(&scene.db, scene.org).await;
    outcome(scene).await
}

/// Nights in which the program is killed again and again; how often.
async fn disturbed(scene: &Scene, size: &Size) -> (BTreeMap<String, Vec<String>>, u64) {
    let folder = folder();
    let mut kills = 0;
    // Fixed, so that it can be repeated, and different each time.
    let mut state: u64 = 88_172_645_463_325_252;
    let mut random = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    loop {
        let serving = Serving::start(&folder, scene.db.url());
        let life = Duration::from_millis(random() % size.life_ms);
        let life = if kills < size.kills { life } else { PATIENCE };
        if let Ok(status) = tokio::time::timeout(life, serving.advance(UNTIL)).await {
            assert_eq!(status, 200);
            break;
        }
        kills += 1;
    }
    // The janitor asks after a minute; here at once, and what it finds is tried again on the days after.
    let due = "UPDATE jobs SET run_at = created_at, leased_until = created_at WHERE kind = 'checkPayment'";
    let due = async |tx: &mut Tx| tx.build(due).build().execute().await;
    scene.db.transact(due).await.unwrap();
    let serving = Serving::start(&folder, scene.db.url());
    while pending(scene).await > 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(serving.advance(LATER).await, 200);
    drop(serving);
    invariants::index(&scene.db).await;
    invariants::check(&scene.db, scene.org).await;
    (outcome(scene).await, kills)
}

async fn pending(scene: &Scene) -> i64 {
    let count = "SELECT COUNT(*) FROM payments WHERE status = 'Pending'";
    scene.db.read().await.unwrap().build(count).build().scalar().await.unwrap()
}

async fn killed_and_not([one, other]: [Scene; 2]) {
    let size = Size::wanted();
    merchant(&one, &size).await;
    merchant(&other, &size).await;
    let expected = undisturbed(&one).await;
    let (found, kills) = disturbed(&other, &size).await;
    assert!(kills >= size.kills_min, "it was killed {kills} times only");
    for (customer, expected) in &expected {
        assert_eq!(found.get(customer), Some(expected), "{customer}, after {kills} kills");
    }
    assert_eq!(found.len(), expected.len());
}

#[tokio::test]
async fn a_program_that_is_killed_again_and_again_comes_to_what_an_undisturbed_one_does_on_sqlite() {
    killed_and_not([Scene::sqlite().await, Scene::sqlite().await]).await;
}

#[tokio::test]
async fn a_program_that_is_killed_again_and_again_comes_to_what_an_undisturbed_one_does_on_postgres() {
    killed_and_not([Scene::postgres().await, Scene::postgres().await]).await;
}
