//! An address service that never has an answer.

use billing::addresses::AddressVerdict;
use billing::ports::{AddressCheck, AddressQuestion, Answering, CannotCheck};

pub struct NoAddressService;

impl AddressCheck for NoAddressService {
    fn check<'a>(&'a self, _: AddressQuestion<'a>) -> Answering<'a, Result<AddressVerdict, CannotCheck>> {
        Box::pin(async { Err(CannotCheck("there is none in this test".to_owned())) })
    }
}
