overdue-title = Ihr Konto ist überfällig
suspended-title = Ihr Konto ist gesperrt
overdue-pay-due = Bezahlen Sie, was fällig ist, damit Ihr Dienst weiterläuft.
overdue-pay-invoices = { $count ->
        [one] Bezahlen Sie die überfällige Rechnung { $invoices }, damit Ihr Dienst weiterläuft.
       *[other] Bezahlen Sie die überfälligen Rechnungen { $invoices }, damit Ihr Dienst weiterläuft.
    }
suspended-pay-due = Bezahlen Sie, was fällig ist, damit Ihr Dienst wieder freigegeben wird.
suspended-pay-invoices = { $count ->
        [one] Bezahlen Sie die überfällige Rechnung { $invoices }, damit Ihr Dienst wieder freigegeben wird.
       *[other] Bezahlen Sie die überfälligen Rechnungen { $invoices }, damit Ihr Dienst wieder freigegeben wird.
    }
in-credit = Guthaben
balance-due = Offener Betrag
pay-now = Jetzt bezahlen
amount-overdue-since = { $amount } überfällig seit { $date }
paid-ahead = Sie haben im Voraus bezahlt. Es ist nichts zu bezahlen.
nothing-due = Es ist nichts zu bezahlen.
account-status = Kontostatus
last-invoice = Letzte Rechnung
last-payment = Letzte Zahlung
amount-on-date = { $amount } am { $date }
none-yet = Noch keine
open-invoices = Offene Rechnungen
all-invoices = Alle Rechnungen
everything-paid = Alles ist bezahlt
new-invoices-appear = Neue Rechnungen erscheinen hier.
no-invoices = Noch keine Rechnungen
first-invoice-appears = Ihre erste Rechnung erscheint hier, sobald { $merchant } sie ausstellt.
recent-payments = Letzte Zahlungen
all-payments = Alle Zahlungen
no-payments = Noch keine Zahlungen
payments-appear = Ihre Zahlungen erscheinen hier mit ihren Belegen.
pay = Bezahlen
pay-invoice-number = Rechnung { $number } bezahlen
