section-customer = Cliente
section-customer-text = Así le conoce { $merchant }.
billing-contact = Contacto de facturación
billing-contact-text = Adonde se envían facturas y recibos.
field-name = Nombre
field-email = Correo electrónico
field-address = Dirección
customer-since = Cliente desde
