//! One spelling for what merchants write in several: `/rest_v1/X`, bare `/X`, trailing slashes (`api.md` §1.3), `%7E`.

use axum::extract::Request;
use axum::http::Uri;
use axum::http::uri::PathAndQuery;

/// Roots that are served without a prefix too.
const BARE_ROOTS: [&str; 14] = [
    "customer",
    "customers",
    "invoice",
    "invoices",
    "order",
    "orders",
    "payment",
    "payments",
    "credit",
    "credits",
    "refund",
    "refunds",
    "plan",
    "plans",
];
const MORE_BARE_ROOTS: [&str; 2] = ["activities", "changeOrder"];

/// Applied before routing.
pub fn rewrite(mut request: Request) -> Request {
    if let Some(path) = canonical(request.uri().path()) {
        let query = request.uri().query().map(|query| format!("?{query}")).unwrap_or_default();
        let mut parts = request.uri().clone().into_parts();
        if let Ok(path_and_query) = PathAndQuery::try_from(format!("{path}{query}")) {
            parts.path_and_query = Some(path_and_query);
            if let Ok(uri) = Uri::from_parts(parts) {
                *request.uri_mut() = uri;
            }
        }
    }
    request
}

/// The path under `/rest`, where it is another spelling of one.
fn canonical(path: &str) -> Option<String> {
    let trimmed = path.strip_suffix('/').filter(|rest| !rest.is_empty()).unwrap_or(path);
    let root = trimmed.split('/').nth(1).unwrap_or_default();
    let spelled = match root {
        "rest" => trimmed.to_owned(),
        // `~find` (`api.md` §9.1), as some libraries write it.
        "api" => trimmed.replace("/%7E", "/~").replace("/%7e", "/~"),
        "rest_v1" => format!("/rest{}", &trimmed["/rest_v1".len()..]),
        root if BARE_ROOTS.contains(&root) || MORE_BARE_ROOTS.contains(&root) => format!("/rest{trimmed}"),
        _ => return None,
    };
    (spelled != path).then_some(spelled)
}

#[cfg(test)]
mod tests {
    use super::canonical;

    #[test]
    fn all_three_prefixes_lead_to_one() {
        for (written, meant) in [
            ("/rest/customers/", Some("/rest/customers")),
            ("/rest_v1/customer/7", Some("/rest/customer/7")),
            ("/invoice/234", Some("/rest/invoice/234")),
            ("/invoices/", Some("/rest/invoices")),
            ("/rest/customer/7", None),
            ("/api/v01/customers/", Some("/api/v01/customers")),
            ("/api/v01/customers/7", None),
            ("/api/v01/customers/%7Efind/", Some("/api/v01/customers/~find")),
            ("/api/v01/customers/7/%7eload", Some("/api/v01/customers/7/~load")),
            ("/api/v01/customers/~find", None),
            ("/widget/login", None),
            ("/admin/customers", None),
            ("/customersx", None),
            ("/", None),
        ] {
            assert_eq!(canonical(written).as_deref(), meant, "{written}");
        }
    }
}
