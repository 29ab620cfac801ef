//! DaddyHost's story, told by the use cases: nothing is written into the database behind them.

use std::sync::Arc;

use anyhow::{Context, Result, anyhow};
use billing::customers::CustomerKey;
use billing::invoices::InvoiceKey;
use billing::orders::Invoicing;
use billing::payments::{Method, PayRequest};
use billing::{Billing, clock, customers, orders, payments};
use domain::access::Actor;
use domain::ids::{CustomerId, OrganizationId};
use domain::organizations::Organization;
use domain::payments::MethodType;
use domain::wallet::GatewayToken;
use wire::element::{Element, Limits};

use super::{CUSTOMER, CUSTOMER_PASSWORD, CUSTOMER_USER, SUBDOMAIN};

/// The day at which the clock of the demo stands.
pub const TODAY: &str = "September 20, 2011";

pub const SEED: &str = include_str!("daddyhost.toml");

/// (reference, user name, name, contact, plan, quantity, signed up on)
const OTHERS: [(&str, &str, &str, &str, &str, &str); 4] = [
    ("ADA1001", "adalovelace", "Analytical Engines Ltd", "Ada Lovelace", "WHITE-LBL-A", "2011-05-12"),
    ("YAMADA01", "zoe.yamada", "Zoë Łukasz 山田", "Zoë Łukasz", "STARTER", "2011-06-03"),
    ("ACMEWEB", "wileecoyote", "Acme Web & Sons", "Wile Coyote", "BUSINESS", "2011-07-18"),
    ("HOPPER42", "gracehopper", "Compilers & Co", "Grace Hopper", "STARTER", "2011-08-25"),
];
/// Paid with each step of the clock, except by the last two.
const PAYING: [&str; 2] = ["ADA1001", "YAMADA01"];

pub async fn tell(billing: &Billing) -> Result<()> {
    let entry = billing.organization(SUBDOMAIN).await?.context("the organization was just seeded")?;
    let org = &entry.organization;
    for (reference, username, name, contact, plan, day) in OTHERS {
        advance(billing, org.id, &format!("{day}T10:00:00Z")).await?;
        let customer = create(billing, org.id, &customer_xml(reference, username, name, contact)).await?;
        order(billing, org.id, customer, plan).await?;
        pay(billing, org).await?;
    }
    advance(billing, org.id, "2011-09-02T09:00:00Z").await?;
    pay(billing, org).await?;
    advance(billing, org.id, "2011-09-20T12:00:00Z").await?;
    let john = create(billing, org.id, &customer_xml(CUSTOMER, CUSTOMER_USER, "John Doe", "John Doe")).await?;
    order(billing, org.id, john, "WHITE-LBL-A").await
}

async fn advance(billing: &Billing, org: OrganizationId, to: &str) -> Result<()> {
    clock::advance(billing, org, &Actor::System, to.parse()?).await.map(drop).map_err(|error| anyhow!("{to}: {error}"))
}

fn customer_xml(reference: &str, username: &str, name: &str, contact: &str) -> String {
    let (first, last) = contact.split_once(' ').unwrap_or((contact, contact));
    let name = name.replace('&', "&amp;");
    format!(
        "<customer><name>{name}</name><extCustomerRef>{reference}</extCustomerRef><isBusinessAccount>true</isBusinessAccount>\
         <billingContact><username>{username}</username><passwd>{CUSTOMER_PASSWORD}</passwd>\
         <firstName>{first}</firstName><lastName>{last}</lastName><emailPrimary>{username}@example.com</emailPrimary>\
         <workPhone>555 555 5555</workPhone><address><street1>43 Main Av</street1><city>Chicago</city><state>IL</state>\
         <zip>12345</zip><country>United States</country><countryCode>usa</countryCode></address></billingContact></customer>"
    )
}

fn parse(xml: &str) -> Result<Element> {
    Element::parse(xml.as_bytes(), Limits::DEFAULT).map_err(|error| anyhow!("{error}"))
}

async fn create(billing: &Billing, org: OrganizationId, xml: &str) -> Result<CustomerId> {
    let new = wire::customers::read(&parse(xml)?).map_err(|problems| anyhow!("{problems}"))?;
    Ok(customers::create(billing, org, &Actor::System, new).await?.customer.id)
}

async fn order(billing: &Billing, org: OrganizationId, customer: CustomerId, plan: &str) -> Result<()> {
    let code = if plan == "WHITE-LBL-A" { "MNTHLY" } else { "MONTH" };
    let xml = format!(
        "<subscriptionOrder><contractCode>{plan}</contractCode><orderLineItems><orderLineItem><quantity>1.0</quantity>\
         <priceCode>{code}</priceCode></orderLineItem></orderLineItems></subscriptionOrder>"
    );
    let request = wire::orders::read(&parse(&xml)?).map_err(|problems| anyhow!("{problems}"))?;
    let new = &request.order;
    billing.unit(org, &Actor::System, async |unit| orders::place(unit, customer, new, Invoicing::Now).await).await?;
    Ok(())
}

/// The customers that pay do so now, in full.
async fn pay(billing: &Billing, org: &Arc<Organization>) -> Result<()> {
    for reference in PAYING {
        let mut view = billing.view(org).await?;
        let key = CustomerKey { id: None, ext_customer_ref: Some(reference.to_owned()) };
        let Ok(customer) = customers::resolve(&mut view, &key).await else { continue };
        let open = store::invoices::open(&mut view.conn, org.id, customer).await?;
        drop(view);
        for invoice in open {
            let request = PayRequest {
                customer: Some(customer),
                amount: None,
                currency: None,
                invoices: vec![InvoiceKey { id: Some(invoice.id), number: None }],
                method: Method::Token {
                    method_type: MethodType::CreditCard,
                    token: GatewayToken::new("test-approves-11"),
                    context: "Visa: 1111".to_owned(),
                    expiry: Some(EXPIRY),
                },
                keep: None,
                generate_invoice: false,
                once: None,
            };
            payments::pay(billing, org.id, &Actor::System, request).await?;
        }
    }
    Ok(())
}

const EXPIRY: domain::wallet::Expiry = domain::wallet::Expiry { year: 2035, month: 12 };
