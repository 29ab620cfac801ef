//! Which representation a request has and which its answer gets (`api.md` §9.1).

use axum::http::HeaderMap;
use axum::http::header::{ACCEPT, CONTENT_TYPE};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Json,
    Xml,
    /// `name1=value1&name2=value2`, also called XURL.
    Query,
}

/// For one customer; lists have no query form.
pub const ALL: [Format; 3] = [Format::Json, Format::Xml, Format::Query];

/// Media types of an `Accept` that are looked at.
const ACCEPTED_MAX: usize = 32;

impl Format {
    pub fn content_type(self) -> &'static str {
        match self {
            Format::Json => "application/json",
            Format::Xml => "text/xml; charset=UTF-8",
            Format::Query => "application/x-www-form-urlencoded",
        }
    }

    /// Of a media type without parameters.
    fn of(media_type: &str) -> Option<Format> {
        match media_type.to_ascii_lowercase().as_str() {
            "application/json" => Some(Format::Json),
            "text/xml" | "application/xml" => Some(Format::Xml),
            "application/x-www-form-urlencoded" => Some(Format::Query),
            _ => None,
        }
    }

    fn named(name: &str) -> Option<Format> {
        match name {
            "json" => Some(Format::Json),
            "xml" => Some(Format::Xml),
            "query" => Some(Format::Query),
            _ => None,
        }
    }
}

/// Why a request gets no answer in the form it asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unanswerable {
    /// `format` names nothing.
    UnknownFormat,
    /// A known form, but not for this.
    NotAcceptable,
}

/// What a request says about forms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wishes {
    parameter: Option<Result<Format, Unanswerable>>,
    /// By preference; `None` is whatever we like.
    accepted: Vec<Option<Format>>,
    body: Option<Format>,
}

impl Wishes {
    /// `has_body`: a `Content-Type` of a request without a body says nothing.
    pub fn read(parameter: Option<&str>, headers: &HeaderMap, has_body: bool) -> Wishes {
        let parameter = parameter.map(|name| Format::named(name).ok_or(Unanswerable::UnknownFormat));
        let body = if has_body { body_format(headers).flatten() } else { None };
        Wishes { parameter, accepted: accepted(headers), body }
    }

    /// `offered`: the forms that this answer can have, JSON among them.
    pub fn choose(&self, offered: &[Format]) -> Result<Format, Unanswerable> {
        let is_offered = |format: &Format| offered.contains(format);
        if let Some(parameter) = self.parameter {
            return parameter.and_then(|format| Some(format).filter(is_offered).ok_or(Unanswerable::NotAcceptable));
        }
        let default = self.body.filter(is_offered).unwrap_or(Format::Json);
        let first = self.accepted.iter().map(|wish| wish.unwrap_or(default)).find(is_offered);
        match first {
            Some(format) => Ok(format),
            None if self.accepted.is_empty() => Ok(default),
            None => Err(Unanswerable::NotAcceptable),
        }
    }

    /// A refusal is told in some form, whatever was asked for.
    pub fn for_refusals(&self) -> Format {
        self.choose(&ALL).unwrap_or(Format::Json)
    }
}

/// The form of a body: `None` where nothing is said of it, `Some(None)` where it is one that is not known.
#[expect(clippy::option_option, reason = "unsaid and unknown are answered differently")]
pub fn body_format(headers: &HeaderMap) -> Option<Option<Format>> {
    let value = headers.get(CONTENT_TYPE)?.to_str().unwrap_or("unreadable");
    let media_type = value.split(';').next().unwrap_or_default().trim();
    (!media_type.is_empty()).then(|| Format::of(media_type))
}

/// What the sender accepts and we know, by preference. Types that we do not have at all are passed over: most
/// programs send some `Accept` without meaning it, and JSON is better than nothing.
fn accepted(headers: &HeaderMap) -> Vec<Option<Format>> {
    let values = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
    let mut found: Vec<(u16, Option<Format>)> =
        values.flat_map(|value| value.split(',')).take(ACCEPTED_MAX).filter_map(wish).collect();
    found.sort_by_key(|(thousandths, _)| std::cmp::Reverse(*thousandths));
    found.into_iter().map(|(_, wish)| wish).collect()
}

fn wish(item: &str) -> Option<(u16, Option<Format>)> {
    let mut parts = item.split(';').map(str::trim);
    let format = match parts.next()? {
        "*/*" | "application/*" => None,
        "text/*" => Some(Format::Xml),
        media_type => Some(Format::of(media_type)?),
    };
    let quality = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
    let thousandths = quality.map_or(1000, thousandths);
    (thousandths > 0).then_some((thousandths, format))
}

/// `0.8` as 800; what can't be read counts as not said.
fn thousandths(quality: &str) -> u16 {
    let (whole, fraction) = quality.split_once('.').unwrap_or((quality, ""));
    let digits = format!("{whole}{fraction:0<3}");
    digits.parse().ok().filter(|value| *value <= 1000).unwrap_or(1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choose(
        parameter: Option<&str>,
        accept: &str,
        content_type: &str,
        offered: &[Format],
    ) -> Result<Format, Unanswerable> {
        let mut headers = HeaderMap::new();
        if !accept.is_empty() {
            headers.insert(ACCEPT, accept.parse().unwrap());
        }
        if !content_type.is_empty() {
            headers.insert(CONTENT_TYPE, content_type.parse().unwrap());
        }
        Wishes::read(parameter, &headers, true).choose(offered)
    }

    const LIST: [Format; 2] = [Format::Json, Format::Xml];

    #[test]
    fn format_wins_over_accept_which_wins_over_the_body_and_all_else_is_json() {
        const FORM: &str = "application/x-www-form-urlencoded";
        for (parameter, accept, body, chosen) in [
            (None, "", "", Format::Json),
            (None, "", "text/xml; charset=utf-8", Format::Xml),
            (None, "", FORM, Format::Query),
            (None, "*/*", FORM, Format::Query),
            (None, "application/json", FORM, Format::Json),
            (None, "application/xml", "application/json", Format::Xml),
            (None, "text/html, application/json;q=0.5, text/xml;q=0.9", "", Format::Xml),
            (None, "application/json;q=0, */*;q=0.1", "text/xml", Format::Xml),
            (None, "text/html", "text/xml", Format::Xml),
            (None, FORM, "text/xml", Format::Query),
            (Some("xml"), "application/json", "application/json", Format::Xml),
            (Some("query"), "application/json", "application/json", Format::Query),
        ] {
            assert_eq!(choose(parameter, accept, body, &ALL), Ok(chosen), "{parameter:?} {accept} {body}");
        }
    }

    #[test]
    fn a_list_has_no_query_form() {
        assert_eq!(choose(Some("query"), "", "", &LIST), Err(Unanswerable::NotAcceptable));
        assert_eq!(choose(None, "application/x-www-form-urlencoded", "", &LIST), Err(Unanswerable::NotAcceptable));
        let either = "application/x-www-form-urlencoded, application/json;q=0.5";
        assert_eq!(choose(None, either, "", &LIST), Ok(Format::Json));
        assert_eq!(choose(None, "", "application/x-www-form-urlencoded", &LIST), Ok(Format::Json));
    }

    #[test]
    fn an_unknown_format_is_not_guessed() {
        for name in ["JSON", "pdf", "xurl"] {
            assert_eq!(choose(Some(name), "", "", &ALL), Err(Unanswerable::UnknownFormat));
        }
    }

    #[test]
    fn qualities_are_read_as_thousandths() {
        for (text, expected) in
            [("1", 1000), ("0.5", 500), ("0.05", 50), ("0", 0), ("0.001", 1), ("2", 1000), ("x", 1000)]
        {
            assert_eq!(thousandths(text), expected, "{text}");
        }
    }
}
