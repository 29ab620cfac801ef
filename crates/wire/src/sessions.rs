//! Sessions of the portal, for the merchant's program. Ours; other systems have nothing like it.

use domain::dates::Timestamp;
use domain::ids::{ContactId, CustomerId, SessionId};

use crate::writer::Writer;

/// Bytes that one session takes.
const SESSION_BYTES: usize = 512;

#[derive(Clone, Debug)]
pub struct Session {
    pub id: SessionId,
    pub customer: CustomerId,
    /// `None`: let in by the merchant.
    pub contact: Option<ContactId>,
    /// `Firefox on Linux`
    pub device: String,
    pub address: String,
    pub started_at: Timestamp,
    pub seen_at: Timestamp,
    pub expires_at: Timestamp,
}

pub fn write(sessions: &[Session]) -> String {
    let mut writer = Writer::with_capacity(SESSION_BYTES * (sessions.len() + 1));
    writer.element("list", |writer| sessions.iter().for_each(|session| write_into(writer, session)));
    writer.finish()
}

fn write_into(writer: &mut Writer, session: &Session) {
    writer.object("session", session.id, |writer| {
        writer.reference("customer", session.customer);
        writer.boolean("isSingleSignOn", session.contact.is_none());
        writer.text("device", &session.device);
        writer.text("ipAddress", &session.address);
        writer.text("startTime", &session.started_at.to_wire());
        writer.text("lastTime", &session.seen_at.to_wire());
        writer.text("endTime", &session.expires_at.to_wire());
    });
}
