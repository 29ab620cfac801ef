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
overdue-pay-amount = Bezahlen Sie, was überfällig ist, insgesamt { $amount }, damit Ihr Dienst weiterläuft.
suspended-pay-amount = Bezahlen Sie, was überfällig ist, insgesamt { $amount }, damit Ihr Dienst wieder freigegeben wird.
all-open-invoices = Alle { $number } offenen Rechnungen
next-due = Nächste Fälligkeit
next-autopay = Automatische Zahlung
next-charge-amount = Am { $date } werden { $amount } abgebucht: { $method }.
next-charge-due = Am { $date } wird abgebucht, was fällig ist: { $method }.
next-charge-installment = Rate { $number } von { $total }: Am { $date } werden { $amount } abgebucht: { $method }.
next-charge-retry = { $method } wurde am { $declined } abgelehnt. Wir versuchen es am { $date } noch einmal; Sie können auch jetzt bezahlen oder eine andere Zahlungsart wählen.
next-charge-stopped = { $method } wurde am { $declined } abgelehnt und wird nicht von selbst noch einmal versucht. Bitte bezahlen Sie jetzt oder wählen Sie eine andere Zahlungsart.
next-charge-refused = { $method } kann nicht mehr belastet werden. Bitte bezahlen Sie selbst oder wählen Sie eine andere Zahlungsart.
next-charge-suspended = Solange Ihr Konto gesperrt ist, wird nichts abgebucht. Bitte bezahlen Sie selbst.
next-charge-none = Rechnungen werden bei Fälligkeit abgebucht: { $method }. Zurzeit steht nichts an.
