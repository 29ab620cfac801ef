//! Numbers of invoices: the organization's next ones, without gaps, and those that merchants choose.
//!
//! Both lock the counter, so that whoever counts sees every number that was chosen before, and passes over it.

use domain::checks::Problems;
use store::numbers::Counter;

use crate::{Error, Result, Unit};

/// The next `count` numbers, without those that somebody has chosen, or chooses in this transaction.
pub(crate) async fn take(unit: &mut Unit, count: usize, chosen: &[String]) -> Result<Vec<String>> {
    let mut numbers: Vec<String> = Vec::with_capacity(count);
    while numbers.len() < count {
        let missing = i64::try_from(count - numbers.len()).map_err(|_| Error::bug("more invoices than numbers"))?;
        let first = store::numbers::take(&mut unit.tx, unit.org.id, Counter::Invoice, missing).await?;
        let next: Vec<String> = (first..first + missing).map(|number| number.to_string()).collect();
        let taken = store::invoice_lists::taken(&mut unit.tx, unit.org.id, &next).await?;
        numbers.extend(next.into_iter().filter(|number| !taken.contains(number) && !chosen.contains(number)));
    }
    Ok(numbers)
}

/// Of the numbers that a merchant chooses those that another invoice has.
pub(crate) async fn taken(unit: &mut Unit, chosen: &[String]) -> Result<Vec<String>> {
    if chosen.is_empty() {
        return Ok(Vec::new());
    }
    store::numbers::take(&mut unit.tx, unit.org.id, Counter::Invoice, 0).await?;
    Ok(store::invoice_lists::taken(&mut unit.tx, unit.org.id, chosen).await?)
}

pub(crate) fn already_used() -> Problems {
    Problems::one("invoiceNumber", "invoiceNumber is already used by another invoice; it must be unique.")
}
