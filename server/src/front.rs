//! The page at `/`: where to sign in.

/// `organization`: the one that answers at this host, if any.
pub fn page(organization: Option<&str>, css: &str) -> String {
    let name = escape(organization.unwrap_or("BluSynergy"));
    let body = match organization {
        Some(_) => {
            "<p class=\"page-intro\">See your balance, invoices and payments, and pay online.</p>\
             <p><a class=\"button button-primary button-wide\" href=\"/widget/login\">Sign in to My Account</a></p>"
        }
        None => {
            "<p class=\"page-intro\">This server is running. Organizations answer at their own host names, \
             such as <code>acme.localhost</code>; this one belongs to nobody.</p>"
        }
    };
    format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{name}</title>\
         <link rel=\"icon\" href=\"/favicon.svg\"><link rel=\"stylesheet\" href=\"{css}\"></head>\
         <body class=\"portal\"><main class=\"portal-main entrance\" id=\"main\">\
         <h1 class=\"page-title\">{name}</h1>{body}</main></body></html>"
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_name_is_text_and_nothing_else() {
        assert!(super::page(Some("<b>&\"x"), "/x.css").contains("&lt;b&gt;&amp;&quot;x"));
    }
}
