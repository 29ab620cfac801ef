mail-hello = Guten Tag { $name },
mail-open-account = Ihr Konto öffnen
mail-why = Sie erhalten diese E-Mail, weil Sie Kunde von { $merchant } sind.
mail-invoice = Ihre Rechnung ist als PDF angehängt.
mail-order = Vielen Dank für Ihre Bestellung. Das haben wir notiert.
mail-payment = Wir haben Ihre Zahlung erhalten. Vielen Dank.
mail-amount-received = Erhaltener Betrag
mail-nothing-left = Es ist nichts mehr zu zahlen
