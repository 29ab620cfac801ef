//! Appendix A.2 and A.3 of `api.md`, element for element.

use wire::element::Element;
use wire::{invoices, orders};

use crate::samples::{element, invoice, order, plan, zone};

const ORDER: &str = r#"<subscriptionOrder id="381">
  <startDate>2011-09-20</startDate><endDate/><orderNumber>1007</orderNumber><orderStatus>Active</orderStatus>
  <contractCode>WHITE-LBL-A</contractCode><contractOffering id="7"/><contractOfferingName>White label A</contractOfferingName>
  <customer id="366"/><currency id="USD"/><billingPeriod>Monthly</billingPeriod>
  <dueDateValue>0</dueDateValue><dueDateUnits>Days</dueDateUnits><isAutoPay>true</isAutoPay><isAutoRenew>true</isAutoRenew>
  <isSeparateInvoice>false</isSeparateInvoice><jobCode/><notes/><invoiceNotes/><invoiceText>White label hosting</invoiceText>
  <nextBillableDate>2011-10-01</nextBillableDate><totalLifetimeValue>60.50</totalLifetimeValue>
  <orderLineItems>
    <orderLineItem id="1154"><position>1</position><contractCharge id="10"/><priceCode>MNTHLY</priceCode><invoiceText>Monthly fee</invoiceText><isActive>true</isActive><totalLifetimeValue>60.50</totalLifetimeValue><quantity>1.0</quantity></orderLineItem>
  </orderLineItems>
  <invoices>INVOICE</invoices>
</subscriptionOrder>"#;

const INVOICE: &str = r#"<invoice id="2396">
  <invoiceNumber>1019</invoiceNumber><status>Outstanding</status>
  <customer id="366"/><currency id="USD"/><billingPeriod>Monthly</billingPeriod>
  <invoiceDate>2011-09-20</invoiceDate><dueDate>2011-09-20</dueDate>
  <billingStartDate>2011-09-20</billingStartDate><billingEndDate>2011-09-30</billingEndDate>
  <currentAmountDue>60.50</currentAmountDue><totalDue>60.50</totalDue>
  <paymentsAndAdjustments>0.00</paymentsAndAdjustments><outstandingBalance>60.50</outstandingBalance>
  <ordersIncluded><subscriptionOrder id="381"/></ordersIncluded>
  <invoiceLineItems>
    <invoiceLineItem id="3001"><position>1</position><invoiceText>White label hosting</invoiceText><billingStartDate>2011-09-20</billingStartDate><billingEndDate>2011-09-30</billingEndDate>
      <invoiceLineItemCharges>
        <invoiceLineItemCharge id="4001"><position>1</position><invoiceText>Monthly fee</invoiceText><contractCharge id="10"/><orderLineItem id="1154"/><pricingTier id="14"/><accountingCode/><isPercent>false</isPercent><chargeDate/><billingStartDate>2011-09-20</billingStartDate><billingEndDate>2011-09-30</billingEndDate><quantity>1.00</quantity><unitOfMeasure/><unitPrice>165.00</unitPrice><amount>60.50</amount></invoiceLineItemCharge>
      </invoiceLineItemCharges>
    </invoiceLineItem>
  </invoiceLineItems>
  <invoicePayments/>
  <dateCreated>2011-09-20</dateCreated><lastUpdated>2011-09-20</lastUpdated>
</invoice>"#;

/// What §4 and §5.1 name, the reference does not show, and we write.
const BEYOND: [&str; 5] = ["separateInvoice", "dateCreated", "lastUpdated", "delegatedInvoice", "invoiceNotes"];

fn by_name(element: &Element) -> Vec<&Element> {
    let mut children: Vec<_> = element.children.iter().collect();
    children.sort_by_key(|child| &child.name);
    children
}

/// The order of elements is free; everything else is as the reference has it.
fn compare(written: &Element, reference: &Element) {
    let name = &reference.name;
    assert_eq!((&written.name, &written.text), (name, &reference.text));
    assert_eq!(written.attributes, reference.attributes, "{name}");
    let is_known = |child: &&Element| reference.child(&child.name).is_some() || !BEYOND.contains(&child.name.as_str());
    let (ours, theirs) = (by_name(written), by_name(reference));
    let ours: Vec<_> = ours.into_iter().filter(is_known).collect();
    let names = |elements: &[&Element]| elements.iter().map(|child| child.name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&ours), names(&theirs), "{name}");
    for (ours, theirs) in ours.into_iter().zip(theirs) {
        compare(ours, theirs);
    }
}

#[test]
fn an_invoice_is_the_one_of_appendix_a_3() {
    compare(&element(&invoices::write(&invoice(), &zone())), &element(INVOICE));
}

#[test]
fn an_order_is_the_one_of_appendix_a_2_with_its_invoice_and_without() {
    let expanded = ORDER.replace("INVOICE", INVOICE);
    compare(&element(&orders::write(&order(), &plan(), &[invoice()], &zone())), &element(&expanded));
    let by_id = ORDER.replace("INVOICE", r#"<invoice id="2396"/>"#);
    compare(&element(&orders::write(&order(), &plan(), &[], &zone())), &element(&by_id));
}
