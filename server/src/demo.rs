//! `blusynergy demo`: a believable organization and a merchant's page around its portal.

mod merchant;
mod story;

use anyhow::{Context, Result};
use tokio::net::TcpListener;

use crate::cli::say;
use crate::config::Config;
use crate::{database, seeding, serve};

pub const SUBDOMAIN: &str = "daddyhost";
pub const API_USER: &str = "api-daddyhost";
pub const API_PASSWORD: &str = "Correct-Horse-7";
const CUSTOMER: &str = "JOHNDOE001";
const CUSTOMER_USER: &str = "jdoe001";
const CUSTOMER_PASSWORD: &str = "Welcome2011";
/// Where the merchant's page is, if that port is free.
const MERCHANT_PORT: u16 = 8099;

/// Starts from nothing each time, in a folder of its own.
pub async fn demo(config: Config) -> Result<()> {
    let data_dir = config.data_dir.join("demo");
    if data_dir.exists() {
        std::fs::remove_dir_all(&data_dir).with_context(|| format!("{} can't be emptied", data_dir.display()))?;
    }
    let config = Config {
        database_url: format!("sqlite://{}", data_dir.join("demo.db").display()),
        secret_key_file: data_dir.join("secret.key"),
        data_dir,
        ..config
    };
    let billing = database::billing(&config, database::open(&config).await?)?;
    let listener = serve::bind(&config).await?;
    let merchant = merchant_listener().await?;
    let merchant_port = merchant.local_addr()?.port();
    let seed = story::SEED.replace("MERCHANT_PORT", &merchant_port.to_string());
    seeding::apply(&config, &billing, &seed, std::path::Path::new(".")).await?;
    story::tell(&billing).await.context("the demo's organization can't be filled in")?;
    let port = listener.local_addr()?.port();
    let portal = config.public_url(SUBDOMAIN, port);
    print(&portal, merchant_port)?;
    tokio::select! {
        served = serve::run(config, billing, listener) => served,
        served = merchant::serve(merchant, portal, port) => served,
    }
}

async fn merchant_listener() -> Result<TcpListener> {
    match TcpListener::bind(("127.0.0.1", MERCHANT_PORT)).await {
        Ok(listener) => Ok(listener),
        Err(_) => TcpListener::bind(("127.0.0.1", 0)).await.context("no port is free for the merchant's page"),
    }
}

fn print(portal: &str, merchant_port: u16) -> Result<()> {
    say(&format!(
        "
  DaddyHost, a merchant with customers, orders and invoices, is ready. It is {} there.

  The merchant's own page   http://127.0.0.1:{merchant_port}
    with the portal in a frame, signed in by the merchant, or with BluSynergy's login

  The portal by itself      {portal}/widget/login
    user name {CUSTOMER_USER}, password {CUSTOMER_PASSWORD}
    test card 4111 1111 1111 1111, any security code, any date to come; 4000 0000 0000 0002 is declined

  The XML API               {portal}/rest/customer?extCustomerRef={CUSTOMER}
    user name {API_USER}, password {API_PASSWORD}
",
        story::TODAY
    ))
}
