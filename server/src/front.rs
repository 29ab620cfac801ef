//! The page at `/`: where to sign in.

/// `organization`: the one that answers at this host, if any.
pub fn page(organization: Option<&str>, css: &str) -> String {
    let name = organization.unwrap_or("BluSynergy");
    let mark = escape(&name.chars().take(1).flat_map(char::to_uppercase).collect::<String>());
    let name = escape(name);
    let body = match organization {
        Some(_) => {
            "<h1>My account</h1>\
             <p class=\"page-intro\">See your balance, invoices and payments, and pay online.</p>\
             <div class=\"entrance-form\"><a class=\"button button-primary button-large button-wide\" \
             href=\"/widget/login\">Sign in to My Account</a></div>"
        }
        None => {
            "<h1>This server is running</h1>\
             <p class=\"page-intro\">Organizations answer at their own host names, such as \
             <code>acme.localhost</code>. This one belongs to nobody.</p>"
        }
    };
    format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{name}</title>\
         <meta name=\"color-scheme\" content=\"light dark\">\
         <link rel=\"icon\" href=\"/favicon.svg\"><link rel=\"stylesheet\" href=\"{css}\"></head>\
         <body class=\"portal\"><header class=\"portal-header\"><span class=\"brand\">\
         <span class=\"brand-mark\" aria-hidden=\"true\">{mark}</span> <span class=\"brand-name\">{name}</span></span></header>\
         <main class=\"portal-main entrance\" id=\"main\"><div class=\"narrow\">{body}</div></main></body></html>"
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
