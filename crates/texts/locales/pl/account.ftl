section-customer = Klient
section-customer-text = Tak zna Cię { $merchant }.
billing-contact = Kontakt do rozliczeń
billing-contact-text = Tutaj wysyłane są faktury i potwierdzenia.
field-name = Nazwa
field-email = E-mail
field-address = Adres
customer-since = Klient od
