section-customer = Klant
section-customer-text = Zo kent { $merchant } u.
billing-contact = Factuurcontact
billing-contact-text = Hierheen gaan facturen en bonnen.
field-name = Naam
field-email = E-mail
field-address = Adres
customer-since = Klant sinds
