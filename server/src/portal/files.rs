//! Files of the portal: an invoice of the session's customer, as PDF and as a table of its lines.

use std::fmt::Write;

use app::{Notice, Portal};
use axum::extract::{Path, Request};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use super::answers::{failed_in, notice_in, private};
use super::{open, portal};
use crate::state::State;

/// GET: the invoice as a PDF.
pub(super) async fn pdf(
    axum::extract::State(state): axum::extract::State<State>,
    Path((key, number)): Path<(String, String)>,
    request: Request,
) -> Response {
    let make = async |portal: &Portal| portal.me.invoice_pdf(portal.texts, &number).await;
    answer(&state, &key, request, (&format!("invoice-{number}.pdf"), "application/pdf"), make).await
}

/// GET: the invoice's lines as a table.
pub(super) async fn csv(
    axum::extract::State(state): axum::extract::State<State>,
    Path((key, number)): Path<(String, String)>,
    request: Request,
) -> Response {
    let make = async |portal: &Portal| portal.me.invoice_csv(portal.texts, &number).await;
    answer(&state, &key, request, (&format!("invoice-{number}.csv"), "text/csv; charset=utf-8"), make).await
}

async fn answer(
    state: &State,
    key: &str,
    request: Request,
    (name, content_type): (&str, &'static str),
    make: impl AsyncFnOnce(&Portal) -> billing::Result<Vec<u8>>,
) -> Response {
    let (request, _) = request.into_parts();
    let (org, session) = match open(state, key, &request).await {
        Ok(opened) => opened,
        Err(refused) => return *refused,
    };
    let portal = match portal(state, &org, key, &session) {
        Ok(portal) => portal,
        Err(refused) => return *refused,
    };
    match make(&portal).await {
        Ok(file) => {
            let headers = [(CONTENT_TYPE, content_type.to_owned()), (CONTENT_DISPOSITION, attachment(name))];
            private((headers, file).into_response())
        }
        Err(billing::Error::NotFound(_)) => notice_in(state, portal.texts, Some(&org), Notice::NotFound),
        Err(error) => failed_in(state, portal.texts, Some(&org), error),
    }
}

/// To be saved under this name, which may hold anything: numbers are the merchant's. RFC 6266: first for old browsers, in
/// ASCII, then as it is.
fn attachment(name: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    let plain: String = name.chars().map(|c| if is_plain(c) { c } else { '-' }).collect();
    let mut value = format!("attachment; filename=\"{plain}\"");
    if plain != name {
        value.push_str("; filename*=UTF-8''");
        for byte in name.bytes() {
            if is_plain(char::from(byte)) {
                value.push(char::from(byte));
            } else {
                write!(value, "%{byte:02X}").expect("writing to a String can't fail");
            }
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::attachment;

    #[test]
    fn a_name_of_a_file_can_not_break_out_of_its_header() {
        assert_eq!(attachment("invoice-1019.pdf"), "attachment; filename=\"invoice-1019.pdf\"");
        assert_eq!(
            attachment("invoice-Ü/\"\r\n1.csv"),
            "attachment; filename=\"invoice------1.csv\"; filename*=UTF-8''invoice-%C3%9C%2F%22%0D%0A1.csv"
        );
    }
}
