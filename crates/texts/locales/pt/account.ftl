section-customer = Cliente
section-customer-text = Como { $merchant } conhece você.
billing-contact = Contato de cobrança
billing-contact-text = Para onde vão faturas e recibos.
field-name = Nome
field-email = E-mail
field-address = Endereço
customer-since = Cliente desde
