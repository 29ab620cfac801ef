//! The answer to minting a link into the portal (`api.md` §8.1).

use domain::dates::Timestamp;

use crate::writer::Writer;

/// `jwt` is the same credential for merchants who POST it instead of showing it in an address.
pub fn write(token: &str, url: &str, expires_at: Timestamp, jwt: Option<&str>) -> String {
    let mut writer = Writer::with_capacity(1024);
    writer.object("widget", token, |writer| {
        writer.text("url", url);
        writer.text("expiresAt", &expires_at.to_wire());
        if let Some(jwt) = jwt {
            writer.text("token", jwt);
        }
    });
    writer.finish()
}
