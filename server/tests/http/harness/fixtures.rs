//! The bodies of the designed cases, and the first steps that most tests share.

use super::{Server, Xml};

pub const PASSWORD: &str = "Sachxwe001";
pub const APPROVES: &str = "4111111111111111";
pub const DECLINES: &str = "4000000000000002";
pub const JOHN: &str = "JOHNDOE001";

/// `CUST(reference, username)` of the cases.
pub fn customer_xml(reference: &str, username: &str) -> String {
    format!(
        "<customer><name>Bill Joseph</name><status>Active</status><extCustomerRef>{reference}</extCustomerRef>\
         <locale>en_US</locale><isBusinessAccount>false</isBusinessAccount><paymentTermsValue>30</paymentTermsValue>\
         <paymentTermsUnits>Days</paymentTermsUnits><currency id=\"USD\"/><billingContact><username>{username}</username>\
         <passwd>{PASSWORD}</passwd><firstName>Bill</firstName><lastName>Joseph</lastName>\
         <emailPrimary> Bill@bmontgomery.com</emailPrimary><workPhone>324 555 879</workPhone><address>\
         <street1>43 Main Av</street1><city>Chicago</city><state>IL</state><zip>12345</zip>\
         <country>United States</country><countryCode>usa</countryCode></address></billingContact></customer>"
    )
}

/// A customer that can't log in: no password to be hashed, so it is made quickly.
pub fn plain_customer_xml(reference: &str) -> String {
    without(&without(&customer_xml(reference, ""), "username"), "passwd")
}

/// The document without its first `name` element.
pub fn without(xml: &str, name: &str) -> String {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    let start = xml.find(&open).expect("the element is there");
    let end = xml.find(&close).expect("the element is there") + close.len();
    format!("{}{}", &xml[..start], &xml[end..])
}

/// The document with another text in its first `name` element.
pub fn with(xml: &str, name: &str, text: &str) -> String {
    let open = format!("<{name}>");
    let start = xml.find(&open).expect("the element is there") + open.len();
    let end = start + xml[start..].find('<').expect("the element ends");
    format!("{}{text}{}", &xml[..start], &xml[end..])
}

/// Lines are (price code, quantity).
pub fn order_xml(contract_code: &str, lines: &[(&str, &str)]) -> String {
    let line = |(code, quantity): &(&str, &str)| {
        format!("<orderLineItem><quantity>{quantity}</quantity><priceCode>{code}</priceCode></orderLineItem>")
    };
    let lines = lines.iter().map(line).collect::<Vec<_>>().concat();
    format!(
        "<subscriptionOrder><startDate>2011-09-20</startDate><contractCode>{contract_code}</contractCode>\
         <orderLineItems>{lines}</orderLineItems></subscriptionOrder>"
    )
}

/// B4 of the cases.
pub fn white_label() -> String {
    order_xml("WHITE-LBL-A", &[("MNTHLY", "1.0")])
}

/// FIXED-10, which comes to 10.00.
pub fn fixed() -> String {
    order_xml("FIXED-10", &[("FLAT", "1")])
}

/// B3 of the cases, in the first place.
pub fn card_on_file(card: &str) -> String {
    format!(
        "<autopay><paymentMethodDTO type=\"CreditCard\"><creditCardPaymentMethod>\
         <autopayPreference>1</autopayPreference><cardNumber>{card}</cardNumber><expiry>2035-12-31</expiry>\
         <cardholderName>John Villanova</cardholderName><cvv>9137</cvv><billingAddress>\
         <street1>9872 Central St</street1><city>Anytown</city><state>AK</state><zip>11001</zip><country>USA</country>\
         </billingAddress></creditCardPaymentMethod></paymentMethodDTO></autopay>"
    )
}

/// A bank account on file, in the first place.
pub fn account_on_file(routing: &str, account: &str) -> String {
    format!(
        "<autopay><paymentMethodDTO type=\"ACH\"><achPaymentMethod><routingNumber>{routing}</routingNumber>\
         <accountNumber>{account}</accountNumber><accountType>Checking</accountType>\
         <accountHolderName>Bill Joseph</accountHolderName></achPaymentMethod></paymentMethodDTO></autopay>"
    )
}

/// B6 of the cases; an empty `amount` is left out.
pub fn payment_xml(amount: &str, invoices: &[i64], card: &str) -> String {
    let method = format!(
        "<paymentMethodDTO type=\"CreditCard\"><creditCardPaymentMethod><cardNumber>{card}</cardNumber>\
         <expiry>2035-12-31</expiry><cvv>9137</cvv><billingAddress><street1>43 Main Av</street1></billingAddress>\
         </creditCardPaymentMethod></paymentMethodDTO>"
    );
    payment_by(amount, invoices, &method)
}

/// B5 of the cases.
pub fn payment_plan_xml() -> String {
    "<paymentPlan><chargeAmount>199.00</chargeAmount><startDate>2016-11-01</startDate>\
     <totalNumberOfInstallments>4</totalNumberOfInstallments><frequencyValue>1</frequencyValue>\
     <frequencyUnits>Months</frequencyUnits></paymentPlan>"
        .to_owned()
}

/// With a method of its own.
pub fn payment_by(amount: &str, invoices: &[i64], method: &str) -> String {
    let invoice = |id: &i64| format!("<invoice id=\"{id}\"/>");
    let invoices = invoices.iter().map(invoice).collect::<Vec<_>>().concat();
    let amount = if amount.is_empty() { String::new() } else { format!("<amount>{amount}</amount>") };
    format!("<payment><action>processPayment</action>{amount}<invoices>{invoices}</invoices>{method}</payment>")
}

pub const CASH: &str = "<paymentMethodDTO type=\"Cash\"><cashPaymentMethod/></paymentMethodDTO>";

/// An invoice that a merchant makes, 2 × 30.25, with `more` in it.
pub fn invoice_xml(more: &str) -> String {
    format!(
        "<invoice>{more}<invoiceLineItems><invoiceLineItem><invoiceText>Consulting</invoiceText>\
         <invoiceLineItemCharges><invoiceLineItemCharge><invoiceText>Hours</invoiceText><quantity>2</quantity>\
         <unitPrice>30.25</unitPrice><chargeDate>2011-09-19</chargeDate></invoiceLineItemCharge></invoiceLineItemCharges>\
         </invoiceLineItem></invoiceLineItems></invoice>"
    )
}

impl Server {
    /// With a login whose password is [`PASSWORD`].
    pub async fn customer(&self, reference: &str, username: &str) -> i64 {
        self.post("/rest/customers", customer_xml(reference, username)).gives(201).await.id()
    }

    /// Without a login.
    pub async fn plain_customer(&self, reference: &str) -> i64 {
        self.post("/rest/customers", plain_customer_xml(reference)).gives(201).await.id()
    }

    /// Orders and invoices; the invoice.
    pub async fn order(&self, reference: &str, order: String) -> Invoice {
        let path = format!("/rest/orders?extCustomerRef={reference}&generateInvoice=true");
        let order = self.post(&path, order).gives(201).await;
        Invoice {
            id: order.at("invoices/invoice/@id").parse().unwrap(),
            number: order.at("invoices/invoice/invoiceNumber"),
        }
    }

    /// The customer of the story, without a login, and the invoice of 60.50.
    pub async fn john(&self) -> Invoice {
        self.plain_customer(JOHN).await;
        self.order(JOHN, white_label()).await
    }

    /// The link for a customer, with more parameters as in `&showNavigation=false`.
    pub async fn link(&self, reference: &str, more: &str) -> String {
        let answer = self.get(&format!("/rest/widget/start?extCustomerRef={reference}{more}")).send().await;
        answer.is(200).text()
    }

    pub async fn advance(&self, to: &str) {
        let body = format!("<testClock><now>{to}</now></testClock>");
        self.post("/rest/testClock?action=advance", body).gives(200).await.has(&[("now", to)]);
    }

    pub async fn balance(&self, reference: &str) -> String {
        let customer = self.get(&format!("/rest/customer?extCustomerRef={reference}")).gives(200).await;
        customer.at("customerFinancials/outstandingBalance")
    }

    pub async fn invoice(&self, id: i64) -> Xml {
        self.get(&format!("/rest/invoice/{id}")).gives(200).await
    }
}

/// What a test knows of an invoice.
pub struct Invoice {
    pub id: i64,
    pub number: String,
}
