//! Mails about access to an account: whoever can read a contact's mail is told what happened to its sign-in. They go
//! out whatever the merchant has customers told of.

use documents::MailDocument;
use domain::customers::Customer;
use domain::devices::Device;
use domain::events::EventType;
use domain::ids::MailId;
use domain::organizations::Organization;
use store::mails::Mail;
use texts::Texts;

use super::letters::one_line;
use crate::documents::texts_for;
use crate::sessions::Client;
use crate::{Billing, Error, Result, Unit};

/// What a mail tells of.
#[derive(Clone, Copy, Debug)]
pub enum Access<'a> {
    /// The way to choose a new password: the address holds a secret.
    Reset {
        link: &'a str,
    },
    Usernames(&'a [String]),
    PasswordChanged,
    UsernameChanged {
        to: &'a str,
    },
    EmailChanged {
        to: &'a str,
    },
    NewDevice(&'a Client),
    AuthenticatorAdded,
    AuthenticatorRemoved,
    RecoveryCodeUsed {
        left: i64,
    },
    RecoveryCodesRenewed,
    PasskeyAdded {
        name: &'a str,
    },
    PasskeyRemoved {
        name: &'a str,
    },
}

impl Access<'_> {
    fn holds_secret(self) -> bool {
        matches!(self, Access::Reset { .. })
    }

    /// What the records say that was done.
    pub(crate) fn action(self) -> &'static str {
        match self {
            Access::Reset { .. } => "was sent a link for a new password",
            Access::Usernames(_) => "was sent the user name",
            Access::PasswordChanged => "changed the password",
            Access::UsernameChanged { .. } => "changed the user name",
            Access::EmailChanged { .. } => "changed the email address",
            Access::NewDevice(_) => "signed in on a new device",
            Access::AuthenticatorAdded => "added an authenticator app",
            Access::AuthenticatorRemoved => "removed the authenticator app",
            Access::RecoveryCodeUsed { .. } => "used a recovery code",
            Access::RecoveryCodesRenewed => "renewed the recovery codes",
            Access::PasskeyAdded { .. } => "added a passkey",
            Access::PasskeyRemoved { .. } => "removed a passkey",
        }
    }
}

/// Queues it for the customer's address.
pub(crate) async fn tell(billing: &Billing, unit: &mut Unit, customer: &Customer, access: Access<'_>) -> Result<()> {
    tell_at(billing, unit, (customer, &customer.billing_contact.email_primary), access).await
}

/// The same for another address, such as the one that was given up. Who has none gets none.
pub(crate) async fn tell_at(
    billing: &Billing,
    unit: &mut Unit,
    (customer, address): (&Customer, &str),
    access: Access<'_>,
) -> Result<()> {
    if address.is_empty() {
        return Ok(());
    }
    let document = document(&unit.org, customer, access);
    let id = unit.id(MailId).await?;
    let mut bodies = [documents::mail_text(&document)?, documents::mail_html(&document)?];
    if access.holds_secret() {
        for body in &mut bodies {
            *body = billing.vault.seal(&place(id), body)?;
        }
    }
    let [body_text, body_html] = bodies;
    let mail = Mail {
        id,
        customer_id: customer.id,
        event: EventType::CustomerUpdated,
        object_id: customer.id.0,
        event_id: None,
        recipient: address.to_owned(),
        recipient_name: one_line(&customer.billing_contact.full_name()),
        subject: document.subject,
        body_text,
        body_html,
        is_sealed: access.holds_secret(),
        created_at: unit.now,
    };
    store::mails::insert(&mut unit.tx, unit.org.id, &mail, unit.wall).await?;
    unit.has_mail = true;
    Ok(())
}

/// Text and HTML of a mail that goes out.
pub(super) fn bodies(billing: &Billing, mail: &Mail) -> Result<[String; 2]> {
    let open = |body: &String| {
        let opened = billing.vault.open(&place(mail.id), body);
        opened.ok_or_else(|| Error::bug("a mail is opened by none of the keys"))
    };
    if mail.is_sealed {
        return Ok([open(&mail.body_text)?, open(&mail.body_html)?]);
    }
    Ok([mail.body_text.clone(), mail.body_html.clone()])
}

fn place(mail: MailId) -> String {
    format!("mails/{mail}")
}

fn document(org: &Organization, customer: &Customer, access: Access<'_>) -> MailDocument {
    let t = texts_for(org, customer);
    let name = customer.billing_contact.full_name();
    let (title, text) = words(t, access);
    let is_asked_for = matches!(access, Access::Reset { .. } | Access::Usernames(_));
    let message = if is_asked_for { text.to_owned() } else { format!("{text} {}", t.mail_not_you()) };
    MailDocument {
        language: t.tag().to_owned(),
        organization: documents::Organization { name: org.name.clone(), ..documents::Organization::default() },
        subject: one_line(&format!("{title} – {}", org.name)),
        title: title.to_owned(),
        greeting: t.mail_hello(if name.is_empty() { &customer.name } else { &name }),
        message,
        amount: None,
        facts: facts(t, access).into_iter().map(|(label, value)| (label.to_owned(), value)).collect(),
        link: link(t, org, access).map(|(label, address)| (label.to_owned(), address)),
        closing: t.mail_why(&org.name),
    }
}

/// The title, and what has happened.
fn words(t: Texts, access: Access<'_>) -> (&'static str, &'static str) {
    match access {
        Access::Reset { .. } => (t.choose_password(), t.reset_mail_text()),
        Access::Usernames(_) => (t.username_mail_title(), t.username_mail_text()),
        Access::PasswordChanged => (t.password_changed(), t.password_mail_text()),
        Access::UsernameChanged { .. } => (t.username_changed(), t.username_changed_mail_text()),
        Access::EmailChanged { .. } => (t.email_changed(), t.email_changed_mail_text()),
        Access::NewDevice(_) => (t.new_device_mail_title(), t.new_device_mail_text()),
        Access::AuthenticatorAdded => (t.authenticator_added_mail_title(), t.authenticator_added_mail_text()),
        Access::AuthenticatorRemoved => (t.authenticator_removed_mail_title(), t.authenticator_removed_mail_text()),
        Access::RecoveryCodeUsed { .. } => (t.recovery_code_mail_title(), t.recovery_code_mail_text()),
        Access::RecoveryCodesRenewed => (t.recovery_codes_mail_title(), t.recovery_codes_mail_text()),
        Access::PasskeyAdded { .. } => (t.passkey_added_mail_title(), t.passkey_added_mail_text()),
        Access::PasskeyRemoved { .. } => (t.passkey_removed_mail_title(), t.passkey_removed_mail_text()),
    }
}

fn facts(t: Texts, access: Access<'_>) -> Vec<(&'static str, String)> {
    match access {
        Access::Usernames(names) => names.iter().map(|name| (t.username(), name.clone())).collect(),
        Access::UsernameChanged { to } => vec![(t.username(), to.to_owned())],
        Access::EmailChanged { to } => vec![(t.email_address(), to.to_owned())],
        Access::NewDevice(client) => {
            vec![(t.mail_device(), device_in(t, client.device)), (t.mail_internet_address(), client.address.clone())]
        }
        Access::RecoveryCodeUsed { left } => vec![(t.mail_codes_left(), left.to_string())],
        Access::PasskeyAdded { name } | Access::PasskeyRemoved { name } => vec![(t.mail_passkey(), name.to_owned())],
        Access::Reset { .. }
        | Access::PasswordChanged
        | Access::AuthenticatorAdded
        | Access::AuthenticatorRemoved
        | Access::RecoveryCodesRenewed => Vec::new(),
    }
}

fn link(t: Texts, org: &Organization, access: Access<'_>) -> Option<(&'static str, String)> {
    match access {
        Access::Reset { link } => Some((t.choose_password(), link.to_owned())),
        _ => org.portal.page_url.clone().map(|url| (t.mail_open_account(), url)),
    }
}

/// `Firefox on Windows`, as programs are told.
pub fn device(device: Device) -> String {
    device_in(Texts::english(), device)
}

/// The same as customers are told.
pub fn device_in(t: Texts, device: Device) -> String {
    match (device.browser.as_str(), device.system.as_str()) {
        ("", "") => t.device_unknown().to_owned(),
        (one, "") | ("", one) => one.to_owned(),
        (browser, system) => t.device_on(browser, system),
    }
}
