//! A mail to a customer, as text and as HTML: the same words twice, nothing from outside, readable in the dark.

use askama::Template;

use crate::colour::{self, Colour};
use crate::{Error, Organization, language};

/// What a mail says, as finished text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MailDocument {
    /// As a BCP 47 tag.
    pub language: String,
    pub organization: Organization,
    pub subject: String,
    pub title: String,
    pub greeting: String,
    pub message: String,
    /// The sum that the mail is about, shown large.
    pub amount: Option<MailAmount>,
    /// Names and values, in the order they are read.
    pub facts: Vec<(String, String)>,
    /// What a button says, and where it leads: an address of http or https.
    pub link: Option<(String, String)>,
    pub closing: String,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MailAmount {
    pub label: String,
    pub value: String,
    /// When it is due, or was received.
    pub note: String,
}

#[derive(Template)]
#[template(path = "mail.html")]
struct Page<'a> {
    mail: &'a MailDocument,
    accent: Colour,
}

#[derive(Template)]
#[template(path = "mail.txt")]
struct Text<'a> {
    mail: &'a MailDocument,
}

impl Page<'_> {
    fn direction(&self) -> &'static str {
        language::direction(&self.mail.language)
    }

    /// Where lines start and end. Mail programs know no logical sides.
    fn sides(&self) -> (&'static str, &'static str) {
        if language::is_right_to_left(&self.mail.language) { ("right", "left") } else { ("left", "right") }
    }
}

pub fn html(mail: &MailDocument) -> Result<String, Error> {
    Ok(Page { mail, accent: colour::accent(&mail.organization) }.render()?)
}

pub fn text(mail: &MailDocument) -> Result<String, Error> {
    Ok(Text { mail }.render()?)
}
