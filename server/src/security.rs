//! What holds for every request and answer: unsafe methods come from our own pages, answers say
//! how they may be used.

use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, Request};
use axum::http::header::{CONTENT_SECURITY_POLICY, HOST, HeaderName, ORIGIN, USER_AGENT};
use axum::http::{Extensions, HeaderMap, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::Response;
use billing::sessions::Client;
use domain::devices::Device;
use ipnet::IpNet;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Whether a request may change something: a browser says that it comes from one of our own pages.
/// Who says nothing at all is no browser; the form token decides then.
pub fn is_own(method: &Method, headers: &HeaderMap) -> bool {
    if method.is_safe() {
        return true;
    }
    let text = |name: HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or("unreadable"));
    match (text(SEC_FETCH_SITE), text(ORIGIN)) {
        (Some(site), _) => site == "same-origin",
        (None, Some(origin)) => {
            let origin_host = origin.split_once("://").map(|(_, host)| host);
            origin_host.is_some() && origin_host == text(HOST)
        }
        (None, None) => true,
    }
}

/// Whether the browser only loads ahead, and nobody has asked yet.
pub fn is_prefetch(headers: &HeaderMap) -> bool {
    ["sec-purpose", "purpose", "x-moz"].iter().any(|name| {
        headers.get(*name).and_then(|value| value.to_str().ok()).is_some_and(|value| value.contains("prefetch"))
    })
}

/// Whether the answer is shown within another page. Browsers that don't say are taken to show it alone.
pub fn is_framed(headers: &HeaderMap) -> bool {
    headers.get("sec-fetch-dest").is_some_and(|shown_as| shown_as != "document")
}

/// Headers that every answer carries. `is_https`: everything is, and stays so. What is no part of the portal and has no
/// policy of its own is framed by nobody.
pub async fn headers(request: Request, next: Next, is_https: bool) -> Response {
    let is_portal = request.uri().path().starts_with("/widget");
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    if !is_portal {
        headers.entry(CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static("frame-ancestors 'none'"));
    }
    headers.insert("x-content-type-options", HeaderValue::from_static("nosniff"));
    // No window that opens a page, or is opened by it, has a hand on it.
    headers.insert("cross-origin-opener-policy", HeaderValue::from_static("same-origin"));
    headers.entry("referrer-policy").or_insert(HeaderValue::from_static("no-referrer"));
    if is_https {
        let policy = HeaderValue::from_static("max-age=31536000; includeSubDomains");
        headers.insert("strict-transport-security", policy);
    }
    response
}

/// The address of the client: behind trusted proxies, the last one that no trusted proxy has written.
pub fn client_address(headers: &HeaderMap, extensions: &Extensions, trusted: &[IpNet]) -> IpAddr {
    let peer = extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip().to_canonical());
    let peer = peer.unwrap_or(IpAddr::from([127, 0, 0, 1]));
    let is_trusted = |address: &IpAddr| trusted.iter().any(|net| net.contains(address));
    if !is_trusted(&peer) {
        return peer;
    }
    let forwarded = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
    let addresses: Vec<IpAddr> =
        forwarded.flat_map(|value| value.split(',')).filter_map(|item| item.trim().parse().ok()).collect();
    addresses.into_iter().rev().find(|address| !is_trusted(address)).unwrap_or(peer)
}

/// From where somebody comes, as it is kept with a session.
pub fn client(headers: &HeaderMap, extensions: &Extensions, trusted: &[IpNet]) -> Client {
    let agent = headers.get(USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    Client { device: Device::of(agent), address: client_address(headers, extensions, trusted).to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(headers: &[(&'static str, &str)]) -> bool {
        let mut map = HeaderMap::new();
        map.insert(HOST, "acme.localhost:3000".parse().unwrap());
        for (name, value) in headers {
            map.insert(*name, value.parse().unwrap());
        }
        is_own(&Method::POST, &map)
    }

    #[test]
    fn unsafe_methods_come_from_our_own_pages() {
        assert!(own(&[("sec-fetch-site", "same-origin")]));
        assert!(own(&[("sec-fetch-site", "same-origin"), ("origin", "null")]));
        assert!(own(&[("origin", "http://acme.localhost:3000")]));
        assert!(own(&[]));
        for foreign in [
            [("sec-fetch-site", "cross-site"), ("origin", "http://acme.localhost:3000")],
            [("sec-fetch-site", "same-site"), ("origin", "http://rival.localhost:3000")],
            [("sec-fetch-site", "none"), ("origin", "null")],
        ] {
            assert!(!own(&foreign), "{foreign:?}");
        }
        assert!(!own(&[("origin", "https://evil.example")]));
        assert!(!own(&[("origin", "null")]));
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", "6.6.6.6, 203.0.113.9, 10.0.0.2".parse().unwrap());
        let mut extensions = Extensions::new();
        extensions.insert(ConnectInfo(SocketAddr::from(([10, 0, 0, 1], 9))));
        let trusted = ["10.0.0.0/8".parse().unwrap()];
        assert_eq!(client_address(&headers, &extensions, &trusted), IpAddr::from([203, 0, 113, 9]));
        assert_eq!(client_address(&headers, &extensions, &[]), IpAddr::from([10, 0, 0, 1]));
    }
}
