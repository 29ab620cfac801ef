//! The processors of live organizations, by the kind of their account.

use std::sync::Arc;

use billing::ports::{Connect, Gateway, ProcessorAccount};
use domain::payments::Processor;

use super::authorize_net::AuthorizeNet;
use super::https::Https;
use super::stripe::Stripe;

pub struct Processors {
    pub https: Https,
}

impl Connect for Processors {
    fn connect(&self, account: &ProcessorAccount) -> Option<Arc<dyn Gateway>> {
        match account.processor {
            Processor::Stripe => Some(Arc::new(Stripe::new(self.https.clone(), account.clone()))),
            Processor::AuthorizeNet => Some(Arc::new(AuthorizeNet::new(self.https.clone(), account.clone()))),
            Processor::Test => None,
        }
    }
}
