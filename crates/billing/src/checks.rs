//! Small rules about text that several inputs share.

use std::net::IpAddr;

use domain::checks::Problems;

/// An absolute address of a web page: one that no browser reads as another, so without user, backslash or blank.
pub fn is_web_url(text: &str) -> bool {
    origin(text).is_some() && is_printable(text) && !text.contains('\\')
}

/// `https://host:port` of an absolute address, in lower case.
pub fn origin(text: &str) -> Option<String> {
    let (scheme, rest) = text.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let is_host = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
    let is_good = !authority.is_empty() && authority.starts_with(|c: char| c != ':') && authority.chars().all(is_host);
    (matches!(scheme, "https" | "http") && is_good).then(|| format!("{scheme}://{}", authority.to_ascii_lowercase()))
}

/// A path on this host: `/css/acme.css`, and not the `//host` of another one.
pub fn is_local_path(text: &str) -> bool {
    text.starts_with('/')
        && !text.starts_with("//")
        && !text.contains('\\')
        && !text.contains("..")
        && is_printable(text)
}

/// An origin: scheme, host, port, and nothing behind it.
pub fn is_origin(text: &str) -> bool {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    host.is_some_and(|host| {
        !host.is_empty() && host.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']'))
    })
}

fn is_printable(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_graphic() && !matches!(c, '"' | '\'' | '<' | '>' | ';'))
}

/// https to a public name or address; plain http only to this machine (`operations.md` §3).
pub fn is_allowed_callback(url: &str) -> bool {
    if !is_web_url(url) {
        return false;
    }
    let is_https = url.starts_with("https://");
    let host = host(url);
    match host.parse::<IpAddr>() {
        Ok(address) => address.is_loopback() || (is_https && is_public(address)),
        Err(_) if host == "localhost" => true,
        // A number in another notation is no host name: 0x7f000001, 2130706433, 127.1
        Err(_) => is_https && host.contains('.') && !host.ends_with(|c: char| c.is_ascii_digit()),
    }
}

/// Whether an allowed address leads to this machine: only `serve --dev` goes there.
pub fn is_on_loopback(url: &str) -> bool {
    let host = host(url);
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.to_canonical().is_loopback())
}

fn host(url: &str) -> &str {
    let authority = url.split("://").nth(1).unwrap_or_default().split(['/', '?', '#']).next().unwrap_or_default();
    match authority.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    }
}

fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => {
            let [a, b, ..] = v4.octets();
            let shared = a == 100 && (64..128).contains(&b);
            !(v4.is_private()
                || v4.is_loopback()
                || v4.is_link_local()
                || v4.is_multicast()
                || v4.is_broadcast()
                || v4.is_documentation()
                || v4.is_unspecified()
                || shared
                || a == 0
                || a >= 240)
        }
        IpAddr::V6(v6) => {
            let first = v6.segments()[0];
            let local = (first & 0xfe00) == 0xfc00 || (first & 0xffc0) == 0xfe80;
            !(v6.is_loopback() || v6.is_multicast() || v6.is_unspecified() || local)
        }
    }
}

/// A locale as the wire has it: `en` or `en_US`.
pub fn is_locale(text: &str) -> bool {
    let (language, region) = text.split_once('_').map_or((text, None), |(l, r)| (l, Some(r)));
    let letters = |part: &str, upper: bool| {
        part.chars().all(|c| if upper { c.is_ascii_uppercase() } else { c.is_ascii_lowercase() })
    };
    matches!(language.len(), 2 | 3)
        && letters(language, false)
        && region.is_none_or(|region| region.len() == 2 && letters(region, true))
}

pub fn check_locale(problems: &mut Problems, field: &str, locale: Option<&str>) {
    if locale.is_some_and(|locale| !is_locale(locale)) {
        problems.add(field, format!("{field} must have the form en_US."));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_web_addresses_and_local_paths_are_safe() {
        assert!(is_web_url("https://myapp.com/mylogin?x=1"));
        for bad in ["javascript:alert(1)", "data:text/css,x", "//evil.example", "ftp://x.y", "https://", "https://a@b"]
        {
            assert!(!is_web_url(bad), "{bad}");
        }
        assert!(is_local_path("/css/widget.css"));
        for bad in ["//evil.example/x.css", "css/x.css", "/a/../b", "/\\evil.example", "/x y"] {
            assert!(!is_local_path(bad), "{bad}");
        }
    }

    #[test]
    fn an_origin_has_no_path() {
        assert!(is_origin("https://www.acme.example") && is_origin("http://127.0.0.1:8099"));
        assert!(!is_origin("https://a.example/") && !is_origin("*") && !is_origin("https://a b"));
    }

    #[test]
    fn a_locale_has_the_form_en_us() {
        assert!(is_locale("en_US") && is_locale("de"));
        assert!(!is_locale("en-US") && !is_locale("EN_us") && !is_locale(""));
    }

    #[test]
    fn a_callback_goes_to_the_public_or_to_loopback() {
        for good in [
            "https://hooks.acme.example/x?a=1",
            "http://127.0.0.1:8098/hook",
            "http://localhost:1/",
            "https://93.184.216.34/",
        ] {
            assert!(is_allowed_callback(good), "{good}");
        }
        for bad in [
            "http://hooks.acme.example/",
            "http://169.254.169.254/",
            "https://169.254.169.254/",
            "https://10.0.0.1/",
            "https://[fd00::1]/",
            "https://[::ffff:10.0.0.1]/",
            "https://2130706433/",
            "https://0x7f.1/",
            "https://intranet/",
            "ftp://127.0.0.1/",
        ] {
            assert!(!is_allowed_callback(bad), "{bad}");
        }
    }
}
