//! What is charged by itself next, to which method on file, or why it is not.

use billing::portal::{Coming, FirstOnFile};
use domain::customers::Account;
use domain::invoices::OpenTotals;
use domain::next_charge::NextCharge;
use leptos::prelude::*;
use texts::Texts;

use crate::ui::Icon;

/// Something that the customer has to see to.
pub fn problem(t: Texts, account: &Account, autopay: &FirstOnFile) -> Option<impl IntoView + use<>> {
    let method = t.method(&autopay.method);
    let charge = autopay.next.map(|next| next.charge);
    let text = match charge {
        _ if autopay.is_refused => t.next_charge_refused(method),
        Some(NextCharge::Retry { on, declined_on, .. }) => t.next_charge_retry(t.day(on), t.day(declined_on), method),
        Some(NextCharge::Stopped { declined_on }) => t.next_charge_stopped(t.day(declined_on), method),
        None if !account.status.is_charged_by_run() => t.next_charge_suspended().to_owned(),
        Some(NextCharge::Due { .. } | NextCharge::Installment { .. }) | None => return None,
    };
    Some(view! {
        <div class="alert alert-warning" role="status">
            <Icon name="card"/>
            <div>
                <h2 class="alert-title">{t.next_autopay()}</h2>
                <p>{text}</p>
            </div>
        </div>
    })
}

/// What happens as it should.
pub fn plan(t: Texts, account: &Account, totals: &OpenTotals, autopay: &FirstOnFile) -> Option<impl IntoView + use<>> {
    let method = t.method(&autopay.method);
    let money = |amount| t.money(account.currency, amount);
    let text = match autopay.next {
        Some(Coming { charge: NextCharge::Due { on, amount }, is_exact: true }) => {
            t.next_charge_amount(money(amount), t.day(on), method)
        }
        Some(Coming { charge: NextCharge::Due { on, .. }, is_exact: false }) => t.next_charge_due(t.day(on), method),
        Some(Coming { charge: NextCharge::Installment { on, amount, number, of }, .. }) => {
            t.next_charge_installment(money(amount), t.day(on), method, number, of)
        }
        Some(Coming { charge: NextCharge::Retry { .. } | NextCharge::Stopped { .. }, .. }) => return None,
        None if autopay.is_refused || !account.status.is_charged_by_run() || totals.payable.is_positive() => {
            return None;
        }
        None => t.next_charge_none(method),
    };
    Some(view! {
        <p class="balance-autopay">
            <Icon name="card"/>
            <span><strong>{t.next_autopay()}</strong>" "{text}</span>
        </p>
    })
}
