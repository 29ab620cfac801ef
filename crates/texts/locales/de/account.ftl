section-customer = Kunde
section-customer-text = So kennt Sie { $merchant }.
billing-contact = Rechnungskontakt
billing-contact-text = Dorthin gehen Rechnungen und Belege.
field-name = Name
field-email = E-Mail
field-address = Adresse
customer-since = Kunde seit
