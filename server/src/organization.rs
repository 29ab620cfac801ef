//! Which organization a request is for: the left-most label of its host (`api.md` §1.1).

use axum::http::HeaderMap;
use axum::http::header::HOST;
use billing::organizations::Entry;

use crate::state::State;

/// The organization at the request's host; `None` where there is none.
pub async fn find(state: &State, headers: &HeaderMap) -> billing::Result<Option<Entry>> {
    match subdomain(headers, &state.config.base_domain) {
        Some(subdomain) => state.billing.organization(&subdomain).await,
        None => Ok(None),
    }
}

/// `acme` of `Acme.localhost:3000`; the port is ignored.
pub fn subdomain(headers: &HeaderMap, base_domain: &str) -> Option<String> {
    let mut hosts = headers.get_all(HOST).iter();
    let host = hosts.next()?.to_str().ok()?.to_ascii_lowercase();
    // A proxy may have looked at the other one.
    if hosts.next().is_some() {
        return None;
    }
    let name = host.rsplit_once(':').map_or(host.as_str(), |(name, _)| name);
    let label = name.strip_suffix(&base_domain.to_ascii_lowercase())?.strip_suffix('.')?;
    (!label.is_empty() && !label.contains('.')).then(|| label.to_owned())
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn of(host: &str) -> Option<String> {
        let mut headers = HeaderMap::new();
        headers.insert(HOST, host.parse().unwrap());
        subdomain(&headers, "localhost")
    }

    #[test]
    fn the_organization_is_the_label_before_the_base_domain() {
        assert_eq!(of("acme.localhost").as_deref(), Some("acme"));
        assert_eq!(of("ACME.Localhost:3000").as_deref(), Some("acme"));
        let mut two = HeaderMap::new();
        two.append(HOST, HeaderValue::from_static("acme.localhost"));
        two.append(HOST, HeaderValue::from_static("rival.localhost"));
        assert_eq!(subdomain(&two, "localhost"), None);
        for none in ["localhost", "a.b.localhost", "acme.example", "127.0.0.1:3000", "acmelocalhost", ".localhost"] {
            assert_eq!(of(none), None, "{none}");
        }
    }
}
