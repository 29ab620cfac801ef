//! Mails about access to an account: whoever can read a contact's mail is told what happened to its sign-in. They go
//! out whatever the merchant has customers told of.

use documents::MailDocument;
use domain::customers::Customer;
use domain::devices::Device;
use domain::events::EventType;
use domain::ids::MailId;
use domain::organizations::Organization;
use store::mails::Mail;

use super::letters::one_line;
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
    let name = customer.billing_contact.full_name();
    let title = title(access);
    MailDocument {
        language: customer.locale.replace('_', "-"),
        organization: documents::Organization { name: org.name.clone(), ..documents::Organization::default() },
        subject: one_line(&format!("{title} – {}", org.name)),
        title: title.to_owned(),
        greeting: format!("Hello {},", if name.is_empty() { &customer.name } else { &name }),
        message: message(access),
        amount: None,
        facts: facts(access).into_iter().map(|(label, value)| (label.to_owned(), value)).collect(),
        link: link(org, access).map(|(label, address)| (label.to_owned(), address)),
        closing: format!("You receive this mail because you are a customer of {}.", org.name),
    }
}

fn title(access: Access<'_>) -> &'static str {
    match access {
        Access::Reset { .. } => "Choose a new password",
        Access::Usernames(_) => "Your user name",
        Access::PasswordChanged => "Your password was changed",
        Access::UsernameChanged { .. } => "Your user name was changed",
        Access::EmailChanged { .. } => "Your email address was changed",
        Access::NewDevice(_) => "New sign-in",
        Access::AuthenticatorAdded => "Your authenticator app was added",
        Access::AuthenticatorRemoved => "Your authenticator app was removed",
        Access::RecoveryCodeUsed { .. } => "A recovery code was used",
        Access::RecoveryCodesRenewed => "You have new recovery codes",
        Access::PasskeyAdded { .. } => "A passkey was added",
        Access::PasskeyRemoved { .. } => "A passkey was removed",
    }
}

fn message(access: Access<'_>) -> String {
    let what = match access {
        Access::Reset { .. } => {
            return "Somebody asked for a new password for your account. The button below leads to where you choose \
                    one; it works once, for an hour. If it was not you, ignore this mail: nothing has changed."
                .to_owned();
        }
        Access::Usernames(_) => {
            return "Somebody asked for the user name that belongs to this address. Here it is. If it was not you, \
                    ignore this mail."
                .to_owned();
        }
        Access::PasswordChanged => "You sign in with your new password from now on.",
        Access::UsernameChanged { .. } => "You sign in with your new user name from now on.",
        Access::EmailChanged { .. } => "Invoices and all other mail go to your new address from now on.",
        Access::NewDevice(_) => "Somebody signed in to your account on a device that we have not seen before.",
        Access::AuthenticatorAdded => "When you sign in, you are asked for a code from your app from now on.",
        Access::AuthenticatorRemoved => "When you sign in, you are not asked for a code any more.",
        Access::RecoveryCodeUsed { .. } => "Somebody signed in with one of your recovery codes; it is used up now.",
        Access::RecoveryCodesRenewed => "Your recovery codes from before do not work any more.",
        Access::PasskeyAdded { .. } => "You can sign in with it from now on.",
        Access::PasskeyRemoved { .. } => "Nobody can sign in with it any more.",
    };
    format!("{what} If this was not you, choose a new password now and tell us.")
}

fn facts(access: Access<'_>) -> Vec<(&'static str, String)> {
    match access {
        Access::Usernames(names) => names.iter().map(|name| ("User name", name.clone())).collect(),
        Access::UsernameChanged { to } => vec![("User name", to.to_owned())],
        Access::EmailChanged { to } => vec![("Email", to.to_owned())],
        Access::NewDevice(client) => {
            vec![("Device", device(client.device)), ("Internet address", client.address.clone())]
        }
        Access::RecoveryCodeUsed { left } => vec![("Recovery codes left", left.to_string())],
        Access::PasskeyAdded { name } | Access::PasskeyRemoved { name } => vec![("Passkey", name.to_owned())],
        Access::Reset { .. }
        | Access::PasswordChanged
        | Access::AuthenticatorAdded
        | Access::AuthenticatorRemoved
        | Access::RecoveryCodesRenewed => Vec::new(),
    }
}

fn link(org: &Organization, access: Access<'_>) -> Option<(&'static str, String)> {
    match access {
        Access::Reset { link } => Some(("Choose a new password", link.to_owned())),
        _ => org.portal.page_url.clone().map(|url| ("Open your account", url)),
    }
}

/// `Firefox on Windows`
pub fn device(device: Device) -> String {
    let (browser, system) = (device.browser.as_str(), device.system.as_str());
    match (browser, system) {
        ("", "") => "Unknown device".to_owned(),
        (one, "") | ("", one) => one.to_owned(),
        (browser, system) => format!("{browser} on {system}"),
    }
}
