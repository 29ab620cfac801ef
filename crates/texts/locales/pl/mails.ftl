mail-hello = Dzień dobry, { $name },
mail-open-account = Otwórz swoje konto
mail-why = Otrzymują Państwo tę wiadomość jako klient { $merchant }.
mail-invoice = W załączniku przesyłamy fakturę w formacie PDF.
mail-order = Dziękujemy za zamówienie. Oto jego szczegóły.
mail-payment = Otrzymaliśmy Państwa płatność. Dziękujemy.
mail-amount-received = Otrzymana kwota
mail-nothing-left = Nie ma już nic do zapłaty
