//! An example invoice for tests, previews and screenshots.

use crate::invoice::{Charge, CreatedAt, Customer, InvoiceDocument, Organization, Payment, Section, StatusKind, Total};
use crate::words::Words;

impl InvoiceDocument {
    /// A plausible invoice with several sections, a credit and a payment.
    pub fn sample() -> Self {
        let words = words();
        Self {
            locale: "en".into(),
            organization: organization(),
            customer: customer(),
            number: "1019".into(),
            title: "Invoice 1019".into(),
            status: "Outstanding".into(),
            status_kind: StatusKind::Outstanding,
            invoice_date: "1 October 2026".into(),
            due_date: "15 October 2026".into(),
            due_by: "Due 15 October 2026".into(),
            billing_period: "1 – 31 October 2026".into(),
            amount_due: "€245.30".into(),
            sections: vec![hosting(), usage()],
            totals: totals(&words),
            payments: vec![Payment {
                date: "3 October 2026".into(),
                method: "Visa ending in 4242".into(),
                number: "P-20077".into(),
                amount: "€100.00".into(),
            }],
            notes: Some("Reverse charge: VAT is to be accounted for by the recipient.".into()),
            created_at: CreatedAt { year: 2026, month: 10, day: 1, hour: 6, minute: 30, second: 0 },
            words,
        }
    }
}

fn words() -> Words {
    Words {
        invoice: "Invoice".into(),
        invoice_number: "Invoice number".into(),
        invoice_date: "Invoice date".into(),
        due_date: "Due date".into(),
        billing_period: "Billing period".into(),
        from: "From".into(),
        bill_to: "Bill to".into(),
        reference: "Reference".into(),
        description: "Description".into(),
        quantity: "Quantity".into(),
        unit_price: "Unit price".into(),
        amount: "Amount".into(),
        total: "Total".into(),
        amount_due: "Amount due".into(),
        payments: "Payments".into(),
        payment_date: "Date".into(),
        payment_method: "Method".into(),
        payment_number: "Payment number".into(),
        notes: "Notes".into(),
        page_of_pages: "Page {page} of {pages}".into(),
        thank_you: "Thank you for your business.".into(),
    }
}

fn organization() -> Organization {
    Organization {
        name: "Northwind Cloud GmbH".into(),
        address_lines: vec!["Lindengasse 12".into(), "1070 Wien, Austria".into(), "VAT ATU12345678".into()],
        email: "billing@northwind.example".into(),
        accent_colour: None,
    }
}

fn customer() -> Customer {
    Customer {
        name: "Zoë Łukasz 山田".into(),
        address_lines: vec!["ul. Żółta 7/3".into(), "00-950 Warszawa, Poland".into()],
        email: "zoe@example.com".into(),
        reference: "JOHNDOE001".into(),
    }
}

fn hosting() -> Section {
    Section {
        title: "Managed hosting".into(),
        period: "1 – 31 October 2026".into(),
        charges: vec![
            Charge {
                description: "Team plan".into(),
                period: "20 – 30 September 2026".into(),
                quantity: "1".into(),
                unit_price: "€165.00".into(),
                amount: "€60.50".into(),
                explanation: Some("11 of 30 days, from the start of the subscription".into()),
            },
            charge("Team plan", "1", "€165.00", "€165.00"),
            charge("Additional seats", "4", "€12.50", "€50.00"),
        ],
    }
}

fn usage() -> Section {
    Section {
        title: "Usage".into(),
        period: "1 – 30 September 2026".into(),
        charges: vec![
            Charge {
                explanation: Some("First 10,000 requests included, then €0.002 each".into()),
                ..charge("API requests", "52,400", "€0.002", "€84.80")
            },
            charge("Service credit for the outage of 12 September", "1", "−€15.00", "−€15.00"),
        ],
    }
}

fn charge(description: &str, quantity: &str, unit_price: &str, amount: &str) -> Charge {
    Charge {
        description: description.into(),
        quantity: quantity.into(),
        unit_price: unit_price.into(),
        amount: amount.into(),
        ..Charge::default()
    }
}

fn totals(words: &Words) -> Vec<Total> {
    let line = |label: &str, amount: &str, emphasis| Total { label: label.into(), amount: amount.into(), emphasis };
    vec![
        line(&words.total, "€345.30", false),
        line("Paid", "−€100.00", false),
        line(&words.amount_due, "€245.30", true),
    ]
}
