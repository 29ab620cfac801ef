section-customer = Customer
section-customer-text = How { $merchant } knows you.
billing-contact = Billing contact
billing-contact-text = Where invoices and receipts are sent.
field-name = Name
field-email = Email
field-address = Address
customer-since = Customer since
