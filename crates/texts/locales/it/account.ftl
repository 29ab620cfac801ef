section-customer = Cliente
section-customer-text = Come la conosce { $merchant }.
billing-contact = Contatto di fatturazione
billing-contact-text = Dove vengono inviate fatture e ricevute.
field-name = Nome
field-email = E-mail
field-address = Indirizzo
customer-since = Cliente dal
