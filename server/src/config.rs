//! Settings: flag, else environment variable, else `blusynergy.toml`, else default (`operations.md` §2).

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use billing::CHARGES_AT_ONCE;
use clap::Args;
use ipnet::IpNet;
use serde::Deserialize;

const FILE: &str = "blusynergy.toml";
/// More than any processor lets one merchant ask at once.
const CHARGES_AT_ONCE_MAX: usize = 100;

/// What may be given on the command line or in the environment.
#[derive(Args, Clone, Debug, Default)]
pub struct Flags {
    /// `sqlite://PATH` or `postgres://…`; a missing SQLite file is created [default: sqlite://data/blusynergy.db]
    #[arg(long, env = "BLUSYNERGY_DATABASE_URL", global = true, hide_env_values = true)]
    database_url: Option<String>,
    /// Address to listen on; port 0: any free one [default: 127.0.0.1:3000]
    #[arg(long, env = "BLUSYNERGY_LISTEN", global = true)]
    listen: Option<String>,
    /// Organizations answer at SUBDOMAIN.BASE_DOMAIN [default: localhost]
    #[arg(long, env = "BLUSYNERGY_BASE_DOMAIN", global = true)]
    base_domain: Option<String>,
    /// How links to itself are written; {subdomain} stands for the organization
    #[arg(long, env = "BLUSYNERGY_PUBLIC_URL", global = true)]
    public_url: Option<String>,
    /// Folder of the secret key, uploaded files and mails [default: data]
    #[arg(long, env = "BLUSYNERGY_DATA_DIR", global = true)]
    data_dir: Option<PathBuf>,
    /// File of the secret key; created where there is none [default: DATA_DIR/secret.key]
    #[arg(long, env = "BLUSYNERGY_SECRET_KEY_FILE", global = true)]
    secret_key_file: Option<PathBuf>,
    /// Mail server, `smtp://host:port` or `smtps://user:pw@host`; none: mails are written to DATA_DIR/mail
    #[arg(long, env = "BLUSYNERGY_SMTP_URL", global = true, hide_env_values = true)]
    smtp_url: Option<SmtpUrl>,
    /// Certificates (PEM) that the mail server may show beside those of the public authorities
    #[arg(long, env = "BLUSYNERGY_SMTP_CA_FILE", global = true)]
    smtp_ca_file: Option<PathBuf>,
    /// CIDRs whose X-Forwarded-* are believed, comma separated
    #[arg(long, env = "BLUSYNERGY_TRUSTED_PROXIES", global = true)]
    trusted_proxies: Option<String>,
    /// API requests per user and minute; 0: no limit [default: 60000]
    #[arg(long, env = "BLUSYNERGY_API_RATE_PER_MINUTE", global = true)]
    api_rate_per_minute: Option<u32>,
    /// Customers of an organization about whom a daily run asks the processor at the same time, 1 to 100 [default: 16]
    #[arg(long, env = "BLUSYNERGY_CHARGES_AT_ONCE", global = true)]
    charges_at_once: Option<usize>,
    /// What is logged: a tracing filter [default: info]
    #[arg(long, env = "BLUSYNERGY_LOG", global = true)]
    log: Option<String>,
    /// `text` or `json` [default: text]
    #[arg(long, env = "BLUSYNERGY_LOG_FORMAT", global = true)]
    log_format: Option<String>,
}

/// Of the mail server. It may hold a password, so nothing shows it.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub struct SmtpUrl(pub String);

impl From<&str> for SmtpUrl {
    fn from(url: &str) -> SmtpUrl {
        SmtpUrl(url.to_owned())
    }
}

impl std::fmt::Debug for SmtpUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SmtpUrl(…)")
    }
}

/// The same, in a file in the working directory.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    database_url: Option<String>,
    listen: Option<String>,
    base_domain: Option<String>,
    public_url: Option<String>,
    data_dir: Option<PathBuf>,
    secret_key_file: Option<PathBuf>,
    smtp_url: Option<SmtpUrl>,
    smtp_ca_file: Option<PathBuf>,
    trusted_proxies: Option<String>,
    api_rate_per_minute: Option<u32>,
    charges_at_once: Option<usize>,
    log: Option<String>,
    log_format: Option<String>,
}

/// Settings, complete and checked.
#[derive(Clone, Debug)]
pub struct Config {
    pub database_url: String,
    pub listen: SocketAddr,
    pub base_domain: String,
    pub public_url: Option<String>,
    pub data_dir: PathBuf,
    pub secret_key_file: PathBuf,
    pub smtp_url: Option<SmtpUrl>,
    pub smtp_ca_file: Option<PathBuf>,
    pub trusted_proxies: Vec<IpNet>,
    pub api_rate_per_minute: u32,
    pub charges_at_once: usize,
    pub log: String,
    pub logs_json: bool,
    /// Development allowances: plain HTTP on this machine only.
    pub dev: bool,
}

impl Config {
    pub fn load(flags: &Flags, dev: bool) -> Result<Config> {
        let file = File::read(Path::new(FILE))?;
        let flags = flags.clone();
        let data_dir = flags.data_dir.or(file.data_dir).unwrap_or_else(|| "data".into());
        let listen = flags.listen.or(file.listen).unwrap_or_else(|| "127.0.0.1:3000".to_owned());
        let listen = listen.parse().with_context(|| format!("listen: {listen} is not an ADDRESS:PORT"))?;
        let proxies = flags.trusted_proxies.or(file.trusted_proxies).unwrap_or_default();
        let format = flags.log_format.or(file.log_format).unwrap_or_else(|| "text".to_owned());
        ensure!(matches!(format.as_str(), "text" | "json"), "log_format: {format} is neither text nor json");
        let config = Config {
            database_url: flags.database_url.or(file.database_url).unwrap_or_else(|| default_database(&data_dir)),
            listen,
            base_domain: flags.base_domain.or(file.base_domain).unwrap_or_else(|| "localhost".to_owned()),
            public_url: flags.public_url.or(file.public_url),
            secret_key_file: flags
                .secret_key_file
                .or(file.secret_key_file)
                .unwrap_or_else(|| data_dir.join("secret.key")),
            data_dir,
            smtp_url: flags.smtp_url.or(file.smtp_url),
            smtp_ca_file: flags.smtp_ca_file.or(file.smtp_ca_file),
            trusted_proxies: parse_proxies(&proxies)?,
            api_rate_per_minute: flags.api_rate_per_minute.or(file.api_rate_per_minute).unwrap_or(60_000),
            charges_at_once: flags.charges_at_once.or(file.charges_at_once).unwrap_or(CHARGES_AT_ONCE),
            log: flags.log.or(file.log).unwrap_or_else(|| "info".to_owned()),
            logs_json: format == "json",
            dev,
        };
        let at_once = config.charges_at_once;
        ensure!((1..=CHARGES_AT_ONCE_MAX).contains(&at_once), "charges_at_once: {at_once} is not 1 to 100");
        let is_local = !dev || config.listen.ip().is_loopback();
        ensure!(is_local, "--dev listens on loopback only, not on {}", config.listen);
        Ok(config)
    }

    /// The address of an organization, as links to it are written; `port` is the one that is listened on.
    pub fn public_url(&self, subdomain: &str, port: u16) -> String {
        let template = match &self.public_url {
            Some(url) => url.trim_end_matches('/').to_owned(),
            None if self.dev => format!("http://{{subdomain}}.{}:{port}", self.base_domain),
            None => format!("https://{{subdomain}}.{}", self.base_domain),
        };
        template.replace("{subdomain}", subdomain)
    }
}

impl File {
    fn read(path: &Path) -> Result<File> {
        if !path.exists() {
            return Ok(File::default());
        }
        let text = std::fs::read_to_string(path).with_context(|| format!("{} can't be read", path.display()))?;
        toml::from_str(&text).with_context(|| format!("{} is not right", path.display()))
    }
}

fn default_database(data_dir: &Path) -> String {
    format!("sqlite://{}", data_dir.join("blusynergy.db").display())
}

fn parse_proxies(text: &str) -> Result<Vec<IpNet>> {
    let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
    items.map(|item| item.parse().with_context(|| format!("trusted_proxies: {item} is not a CIDR"))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flags() -> Flags {
        Flags { listen: Some("127.0.0.1:0".to_owned()), ..Flags::default() }
    }

    #[test]
    fn links_are_written_as_configured() {
        let config = Config::load(&flags(), true).unwrap();
        assert_eq!(config.public_url("acme", 3000), "http://acme.localhost:3000");
        let live = Config { dev: false, ..config.clone() };
        assert_eq!(live.public_url("acme", 3000), "https://acme.localhost");
        let own = Config { public_url: Some("https://{subdomain}.bill.example/".to_owned()), ..config };
        assert_eq!(own.public_url("acme", 3000), "https://acme.bill.example");
    }

    #[test]
    fn a_run_charges_some_at_once_but_not_very_many() {
        let at_once =
            |count| Config::load(&Flags { charges_at_once: count, ..flags() }, true).map(|it| it.charges_at_once);
        assert_eq!((at_once(None).unwrap(), at_once(Some(1)).unwrap(), at_once(Some(100)).unwrap()), (16, 1, 100));
        assert!(at_once(Some(0)).is_err());
        assert!(at_once(Some(101)).unwrap_err().to_string().contains("101 is not 1 to 100"));
    }

    #[test]
    fn dev_listens_on_loopback_only() {
        let open = Flags { listen: Some("0.0.0.0:3000".to_owned()), ..Flags::default() };
        assert!(Config::load(&open, true).is_err());
        assert!(Config::load(&open, false).is_ok());
    }
}
