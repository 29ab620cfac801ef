//! Methods on file (`api.md` §2.6): `<autopay>` with one `paymentMethodDTO` comes in; what goes out is masked, in
//! elements of which none ends in `PaymentMethod`.

use domain::checks::Problems;
use domain::dates::Date;
use domain::payment_methods::{NewMethod, PaymentMethod};
use jiff::tz::TimeZone;

use crate::element::Element;
use crate::fields;
use crate::payment_methods::{TYPE_SENTENCE, check_number, method_type, preference, secret};
use crate::reader::{self, Field};
use crate::writer::Writer;

/// Where a method is kept that does not say where.
const PREFERENCE_DEFAULT: i64 = 1;

pub fn read(autopay: &Element) -> Result<NewMethod, Problems> {
    reader::expect_root(autopay, &["autopay"])?;
    reader::read(autopay, |autopay| {
        let name = "paymentMethodDTO";
        let dto = match autopay.child(name) {
            Field::Cleared => {
                autopay.wrong_sentence(name, TYPE_SENTENCE);
                return None;
            }
            dto => autopay.required(name, dto)?,
        };
        let method_type = method_type(&dto)?;
        let preference = preference(&dto, method_type).unwrap_or(PREFERENCE_DEFAULT);
        check_number(&dto);
        let secret = secret(&dto, method_type);
        Some(NewMethod { preference, secret: secret? })
    })
}

/// All methods of a customer, as far as they may be shown.
pub fn write(methods: &[PaymentMethod], today: Date, zone: &TimeZone) -> String {
    let mut writer = Writer::with_capacity(1024);
    writer.element("list", |list| {
        for method in methods {
            list.object("autopay", method.id, |autopay| {
                autopay.value("autopayPreference", method.preference);
                autopay.value("paymentMethodType", method.method_type);
                autopay.text("paymentMethodContext", &method.context());
                autopay.boolean("isExpired", method.is_expired(today));
                fields::write_stamps(autopay, method.created_at, method.updated_at, zone);
            });
        }
    });
    writer.finish()
}
