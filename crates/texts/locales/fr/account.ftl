section-customer = Client
section-customer-text = Tel que { $merchant } vous connaît.
billing-contact = Contact de facturation
billing-contact-text = Là où sont envoyés factures et reçus.
field-name = Nom
field-email = E-mail
field-address = Adresse
customer-since = Client depuis
