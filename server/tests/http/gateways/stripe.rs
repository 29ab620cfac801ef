//! The adapter of Stripe, against localstripe.

use std::time::Duration;

use billing::ports::{Gateway, ProcessorAccount, ProcessorCredentials};
use domain::contacts::Password;
use domain::dates::Timestamp;
use domain::money::Amount;
use domain::payments::{Processor, Verdict};
use domain::wallet::Card;
use server::outside::https::Https;
use server::outside::stripe::Stripe;
use testkit::conformance::{NOW, Outage, Subject};
use testkit::conforms;

use super::card;
use super::local_stripe::{KEY, LocalStripe};

/// Long for a server on this machine, and short for a test that waits for no answer.
const TIMEOUT: Duration = Duration::from_secs(3);

struct Local {
    stripe: LocalStripe,
    gateway: Stripe,
}

impl Local {
    fn start() -> Local {
        let now: Timestamp = NOW.parse().unwrap();
        let stripe = LocalStripe::start(now.0.as_second());
        let credentials = ProcessorCredentials { login: String::new(), key: Password::new(KEY), event_key: None };
        let account = ProcessorAccount { processor: Processor::Stripe, url: stripe.url.clone(), credentials };
        Local { gateway: Stripe::new(Https::new(TIMEOUT, true).unwrap(), account), stripe }
    }
}

impl Subject for Local {
    fn gateway(&self) -> &dyn Gateway {
        &self.gateway
    }

    fn closes_keys(&self) -> bool {
        true
    }

    async fn arrange(&self, verdict: Verdict, outage: Option<Outage>) -> Option<Card> {
        if let Some(outage) = outage {
            let behaviour = match outage {
                Outage::RequestLost => "lose",
                Outage::Failed => "fail",
                Outage::AnswerLost => "lose_answer",
                Outage::TooSlow => "hang",
                Outage::Garbled => "garble",
            };
            self.stripe.next(behaviour).await;
        }
        Some(card(match verdict {
            Verdict::Approved => "4242424242424242",
            Verdict::Declined => "4000000000000002",
            Verdict::Error => return None,
        }))
    }

    async fn moved(&self) -> Amount {
        Amount(self.stripe.moved().await)
    }
}

conforms!(std::future::ready(Local::start()));
